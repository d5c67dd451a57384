// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Segmentation of Generic Health Sensor notifications (2B8B, 2BDD), one header octet a segment:
//   b0 first . b1 last . b2-7 counter, +1 a segment, modulo 64, running on over observations
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

struct SegmentHeader {
  bool isFirst = false;
  bool isLast = false;
  std::uint8_t counter = 0;  ///< 0 to 63

  std::uint8_t wire() const;
  static SegmentHeader of(std::uint8_t wire);
  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

/// `frame` cut into values of at most `valueSize` octets, header included (at least 2; ATT_MTU -
/// 3). `counter` is that of the next segment, and is moved on.
std::vector<Bytes> intoSegments(ByteView frame, std::size_t valueSize, std::uint8_t& counter);

/// Joins the segments of one characteristic.
class Reassembler {
 public:
  /// An observation's length is a u16, behind a class, the length itself and a record number.
  static constexpr std::size_t kLongest = 0xFFFF + 7;

  struct Step {
    std::optional<Bytes> frame;  ///< complete
    /// What had arrived of an observation that will never be complete, and why: to be kept as
    /// bytes. Both can be set in one step.
    std::optional<Bytes> abandoned;
    std::optional<Fault> fault;  ///< kTruncated (no header), kLostSegment or kTooLong
  };
  Step push(ByteView value);

  /// What is unfinished, at the end of a procedure; empty if nothing is.
  std::optional<Bytes> abandon();
  bool isUnfinished() const { return expected_.has_value(); }

 private:
  Bytes frame_;
  std::optional<std::uint8_t> expected_;  ///< counter of the next segment; nullopt: between frames
};

}  // namespace vardnav::ble::gatt
