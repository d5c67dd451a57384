// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Elapsed Time inside other characteristics. Internal to this folder.
#pragma once

#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

/// Not checked: ask isPossible() once nothing is truncated.
ElapsedTime readElapsedTime(OctetReader& reader);
/// A tick counter, or not after the year 9999.
bool isPossible(const ElapsedTime& time);
/// Fits the wire: 48 bits.
bool isEncodable(const ElapsedTime& time);
void writeElapsedTime(OctetWriter& writer, const ElapsedTime& time);

}  // namespace vardnav::ble::gatt
