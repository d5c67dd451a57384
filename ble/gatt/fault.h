// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What decoders and encoders of characteristics return. A decoder is total: any octets give either
// a value or a Fault, and never half a frame. Pure; any thread.
//
// Three things a device can mean by "no value" are three different types:
//   absent   std::optional is empty: the device did not send the field
//   failed   std::expected holds its reason: the field was sent and says that it has no value
//   unknown  std::expected holds Unknown: the field was sent and says that it is not known
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

#include "pipelines/model/bytes.h"

namespace vardnav::ble::gatt {

enum class Fault : std::uint8_t {
  kTruncated,     ///< "truncated": ends inside a mandatory field or one its flags announce
  kBadDate,       ///< "bad-date": a month, day, hour, minute or second that no calendar has
  kBadLength,     ///< "bad-length": an operand whose length fixes its meaning has another
  kBadOpCode,     ///< "bad-op-code": reserved, or not for this direction
  kUnknownClass,  ///< "unknown-class": of a health observation
  kNestedBundle,  ///< "nested-bundle"
  kUnsupported,   ///< "unsupported": a defined layout that this version does not read
  kLostSegment,   ///< "lost-segment"
  kTooLong,       ///< "too-long": more than a frame or a joined observation may have
  kNotEncodable,  ///< "not-encodable": a value the wire format cannot hold exactly
  kBadSize,       ///< "bad-size": a record whose own size field contradicts its content
  kBadCrc,        ///< "bad-crc": of the end-to-end protection
  kBadChecksum,   ///< "bad-checksum": of a vendor's frame
  kBadFrame,      ///< "bad-frame": a vendor's frame without its start or end mark
  kNotDigits,     ///< "non-digit-field": text where a vendor's frame has a number
  kOutOfRange,    ///< "out-of-range": a value the specification prohibits
};

std::string_view nameOf(Fault fault);

/// The field was sent and says "not known".
struct Unknown {
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

/// The device measured, and could not.
struct Unsuccessful {
  friend bool operator==(const Unsuccessful&, const Unsuccessful&) = default;
};

template <class T>
struct Decoded {
  T value;
  /// Octets after the last field: harmless (a newer version of the profile), worth counting.
  std::size_t trailing = 0;
};

template <class T>
using Decoding = std::expected<Decoded<T>, Fault>;
using Encoding = std::expected<Bytes, Fault>;

}  // namespace vardnav::ble::gatt
