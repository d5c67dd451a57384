// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/segments.h"

#include <algorithm>
#include <utility>

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kFirst = 1U << 0;
constexpr std::uint8_t kLast = 1U << 1;
constexpr std::uint8_t kCounterMask = 0x3F;

std::uint8_t after(std::uint8_t counter) {
  return static_cast<std::uint8_t>((counter + 1) & kCounterMask);
}

}  // namespace

std::uint8_t SegmentHeader::wire() const {
  return static_cast<std::uint8_t>((isFirst ? kFirst : 0U) | (isLast ? kLast : 0U) |
                                   (counter & kCounterMask) << 2);
}

SegmentHeader SegmentHeader::of(std::uint8_t wire) {
  return {(wire & kFirst) != 0, (wire & kLast) != 0, static_cast<std::uint8_t>(wire >> 2)};
}

std::vector<Bytes> intoSegments(ByteView frame, std::size_t valueSize, std::uint8_t& counter) {
  const std::size_t step = std::max<std::size_t>(valueSize, 2) - 1;
  std::vector<Bytes> out;
  std::size_t at = 0;
  do {
    const std::size_t size = std::min(step, frame.size() - at);
    const SegmentHeader header{at == 0, at + size == frame.size(), counter};
    counter = after(counter);
    Bytes segment{header.wire()};
    const ByteView part = frame.subspan(at, size);
    segment.insert(segment.end(), part.begin(), part.end());
    out.push_back(std::move(segment));
    at += size;
  } while (at < frame.size());
  return out;
}

std::optional<Bytes> Reassembler::abandon() {
  if (!expected_) return std::nullopt;
  expected_.reset();
  return std::exchange(frame_, {});
}

Reassembler::Step Reassembler::push(ByteView value) {
  Step step;
  if (value.empty()) {
    step.fault = Fault::kTruncated;
    step.abandoned = abandon();
    return step;
  }
  const SegmentHeader header = SegmentHeader::of(value.front());
  const ByteView part = value.subspan(1);
  if (header.isFirst) {
    step.abandoned = abandon();
    if (step.abandoned) step.fault = Fault::kLostSegment;
  } else if (!expected_ || header.counter != *expected_) {
    // The part alone says nothing, but is all there is of the observation, or of its end.
    step.fault = Fault::kLostSegment;
    step.abandoned = abandon().value_or(Bytes{});
    step.abandoned->insert(step.abandoned->end(), part.begin(), part.end());
    return step;
  }
  frame_.insert(frame_.end(), part.begin(), part.end());
  expected_ = after(header.counter);
  if (frame_.size() > kLongest) {
    step.fault = Fault::kTooLong;
    step.abandoned = abandon();
  } else if (header.isLast) {
    step.frame = abandon();
  }
  return step;
}

}  // namespace vardnav::ble::gatt
