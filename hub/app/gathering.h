// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which records are committed together: those that one round of the bus brings, having piled up
// while the last commit ran. Nothing waits for a timer or for more to come. Only what the device
// gives again is gathered (from its memory, numbered, so that its cursor stays until the commit);
// anything else is committed at once, before what is gathered: bluetoothd has confirmed it to the
// device already. A numbered record that was not in memory ends the gathering instead of overtaking
// it, because it moves the same cursor. Loop thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "ble/session/record_sink.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::hub {

struct Delivered {
  RawRecord record;
  ble::RecordSink::Committed committed;
};

class Gathering {
 public:
  /// Of one commit: bounds its time, and what is tried again one by one where it fails.
  static constexpr std::size_t kMost = 32;
  /// Commits them, and answers each in order.
  using Commit = std::function<void(std::vector<Delivered>)>;

  explicit Gathering(Commit commit) : commit_(std::move(commit)) {}

  void add(Delivered delivered);
  /// What is added within `round` may be gathered until its end, no longer.
  void during(const std::function<void()>& round);
  /// Commits what is gathered now.
  void flush();

 private:
  Commit commit_;
  std::vector<Delivered> waiting_;
  bool isInRound_ = false;
  bool isFlushing_ = false;
};

}  // namespace vardnav::hub
