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
  }
  return "unknown";
}

}  // namespace vardnav::ble::gatt
