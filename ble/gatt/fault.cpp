// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

std::string_view nameOf(Fault fault) {
  switch (fault) {
    case Fault::kTruncated:
      return "truncated";
    case Fault::kBadDate:
      return "bad-date";
    case Fault::kBadLength:
      return "bad-length";
    case Fault::kBadOpCode:
      return "bad-op-code";
    case Fault::kUnknownClass:
      return "unknown-class";
    case Fault::kNestedBundle:
      return "nested-bundle";
    case Fault::kUnsupported:
      return "unsupported";
    case Fault::kLostSegment:
      return "lost-segment";
    case Fault::kTooLong:
      return "too-long";
    case Fault::kNotEncodable:
      return "not-encodable";
    case Fault::kBadSize:
      return "bad-size";
    case Fault::kBadCrc:
      return "bad-crc";
    case Fault::kBadChecksum:
      return "bad-checksum";
    case Fault::kBadFrame:
      return "bad-frame";
    case Fault::kNotDigits:
      return "non-digit-field";
    case Fault::kOutOfRange:
      return "out-of-range";
  }
  return "unknown";
}

}  // namespace vardnav::ble::gatt
