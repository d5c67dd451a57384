// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Lets stored records through only in rising order of their numbers, so that the cursor (the
// highest number committed) never passes a record that is still to come. A device that sends the
// newest first is held back until it has sent all. Internal to this folder; loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "pipelines/model/raw_record.h"

namespace vardnav::ble {

class RecordOrder {
 public:
  /// Bound of what a device can make us hold; above, the order is given up for this transfer.
  static constexpr std::size_t kMostHeld = 16'384;

  explicit RecordOrder(std::function<void(RawRecord)> deliver);

  /// `next`: the number that follows the cursor; a first record with it cannot be out of order.
  void begin(std::optional<std::uint32_t> next);
  /// A record without a number cannot move the cursor, and goes through at once.
  void offer(RawRecord record);
  /// A record was lost on the way: holds what follows it until complete() or abandon().
  void hold() { state_ = State::kGathering; }
  /// The device has sent all: what is held goes through, lowest number first.
  void complete();
  /// The rest will not come: what is held is given up, being still on the device. How many.
  unsigned abandon();

 private:
  enum class State : std::uint8_t { kUndecided, kRising, kGathering, kOpen };

  void release();

  std::function<void(RawRecord)> deliver_;
  State state_ = State::kUndecided;
  std::optional<std::uint32_t> next_;
  std::uint32_t highest_ = 0;  ///< delivered, while kRising
  std::vector<RawRecord> held_;
};

}  // namespace vardnav::ble
