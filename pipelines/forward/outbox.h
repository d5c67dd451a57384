// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to what waits for a receipt. The journal stands behind it: an item is in the outbox
// from the hub's commit until forget(). Loop thread only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "pipelines/wire/messages.h"

namespace vardnav::forward {

struct OutboxItem {
  wire::UpItem item;
  UtcTime committedAt{};
};

struct Backlog {
  std::uint64_t count = 0;
  std::optional<UtcTime> oldest;  ///< commit time
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  virtual EpochId epoch() const = 0;
  /// In rising sequence, from the first above `after`; at most `limit`.
  virtual Result<std::vector<OutboxItem>> pending(wire::Stream stream, std::uint64_t after,
                                                  std::size_t limit) = 0;
  /// The newest `limit` items above `after`, in rising sequence: what is sent before a backlog.
  virtual Result<std::vector<OutboxItem>> newest(wire::Stream stream, std::uint64_t after,
                                                 std::size_t limit) = 0;
  /// Removes what a receipt names; one transaction. Items already gone are no error.
  virtual Result<void> forget(const wire::Receipt& receipt) = 0;
  virtual Result<Backlog> backlog(wire::Stream stream) = 0;
};

}  // namespace vardnav::forward
