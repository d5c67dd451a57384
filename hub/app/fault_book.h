// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a technician must see to, as long as it lasts: told in the heartbeat. One entry for each
// kind and subject; `since` stays while it lasts, the detail may change. Loop thread only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/model/time.h"
#include "pipelines/wire/fault_kind.h"
#include "pipelines/wire/messages.h"

namespace vardnav::hub {

class FaultBook {
 public:
  /// Entries at most: a room full of strange devices must not fill the heartbeat.
  static constexpr std::size_t kMost = 64;

  /// `subject` is what of several it is about (a device's address), else empty. `detail` says what
  /// to change; no values, no names.
  void set(std::string_view kind, std::string_view subject, std::string detail, UtcTime now);
  void clear(std::string_view kind, std::string_view subject);
  bool has(std::string_view kind, std::string_view subject) const;
  /// By kind, then subject.
  std::vector<wire::FaultReport> all() const;
  /// Since the start: faults that found no room.
  std::uint64_t untold() const { return untold_; }

 private:
  std::map<std::pair<std::string, std::string>, wire::FaultReport> entries_;
  std::uint64_t untold_ = 0;
};

}  // namespace vardnav::hub
