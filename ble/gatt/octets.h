// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Little-endian reading and writing of characteristic values. The reader never reads outside:
// past the end it gives zeros and remembers that it was truncated, so that a decoder may ask once,
// after its last field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "pipelines/model/bytes.h"

namespace vardnav::ble::gatt {

class OctetReader {
 public:
  explicit OctetReader(ByteView octets) : octets_(octets) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(take(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(take(2)); }
  std::int16_t s16() { return static_cast<std::int16_t>(u16()); }
  std::int8_t s8() { return static_cast<std::int8_t>(u8()); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(take(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(take(4)); }
  std::uint64_t u48() { return take(6); }
  /// Empty if there are not `size` left.
  ByteView bytes(std::size_t size) {
    if (!has(size)) return {};
    const ByteView out = octets_.subspan(position_, size);
    position_ += size;
    return out;
  }
  ByteView rest() { return bytes(remaining()); }

  std::size_t remaining() const { return octets_.size() - position_; }
  bool isTruncated() const { return isTruncated_; }

 private:
  bool has(std::size_t size) {
    if (isTruncated_ || remaining() < size) isTruncated_ = true;
    return !isTruncated_;
  }
  std::uint64_t take(std::size_t size) {
    std::uint64_t out = 0;
    const ByteView field = bytes(size);
    for (std::size_t i = 0; i < field.size(); ++i) out |= std::uint64_t{field[i]} << (8 * i);
    return out;
  }

  ByteView octets_;
  std::size_t position_ = 0;
  bool isTruncated_ = false;
};

class OctetWriter {
 public:
  void u8(std::uint8_t value) { put(value, 1); }
  void u16(std::uint16_t value) { put(value, 2); }
  void u24(std::uint32_t value) { put(value, 3); }
  void u32(std::uint32_t value) { put(value, 4); }
  void u48(std::uint64_t value) { put(value, 6); }
  void bytes(ByteView value) { octets_.insert(octets_.end(), value.begin(), value.end()); }

  std::size_t size() const { return octets_.size(); }
  Bytes take() { return std::move(octets_); }

 private:
  void put(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) {
      octets_.push_back(static_cast<std::uint8_t>((value >> (8 * i)) & 0xFF));
    }
  }

  Bytes octets_;
};

}  // namespace vardnav::ble::gatt
