// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Date Time inside other characteristics. Internal to this folder.
#pragma once

#include "ble/gatt/date_time.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

/// Not checked: ask isPossible() once nothing is truncated.
inline DateTime readDateTime(OctetReader& reader) {
  DateTime time;
  time.year = reader.u16();
  time.month = reader.u8();
  time.day = reader.u8();
  time.hour = reader.u8();
  time.minute = reader.u8();
  time.second = reader.u8();
  return time;
}

inline void writeDateTime(OctetWriter& writer, const DateTime& time) {
  writer.u16(time.year);
  writer.u8(time.month);
  writer.u8(time.day);
  writer.u8(time.hour);
  writer.u8(time.minute);
  writer.u8(time.second);
}

}  // namespace vardnav::ble::gatt
