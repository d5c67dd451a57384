// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What one record says, decoded but not yet anyone's and not yet anywhen. Internal to intake.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"
#include "pipelines/intake/intake.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::intake {

/// What the device says of when.
struct Stamp {
  enum class Kind : std::uint8_t {
    kAbsent,   ///< the device sends no time
    kUnknown,  ///< it does, and says that it does not know it, or it is a tick counter
    kKnown,
  };
  Kind kind = Kind::kAbsent;
  DeviceTime time;          ///< meaningful when kKnown
  bool isDoubtful = false;  ///< time fault, or the device's clock was set anew since
};

struct MeasuredValue {
  Code code = Code::kGlucose;
  Value value;
  Unit unit = Unit::kOne;
  Flags flags;
};

/// The device's user number: absent, sent as unknown, or a number.
using User = std::optional<std::expected<std::uint8_t, ble::gatt::Unknown>>;

struct Measurement {
  Stamp stamp;
  User user;
  std::vector<MeasuredValue> values;  ///< at least one, each code once, in the order of Code
  bool isControlSolution = false;
  /// Raw value and raw stamp in one text, without what a device may change of a record: status
  /// bits, the context bit, its own numbering.
  std::string keyText;
  bool hasRawStamp = false;  ///< keyText tells two measurements of one value apart
};

using Decoded = std::expected<Measurement, Reason>;

Value valueOf(const ble::gatt::Number& number);
/// Mantissa and exponent as sent: "59e-4"; or the special value's name.
std::string rawText(const ble::gatt::Number& number);

Decoded decodeGlucose(ByteView octets);       // 2A18
Decoded decodeWeight(ByteView octets);        // 2A9D
Decoded decodeHealth(ByteView octets);        // 2B8B
Decoded decodeStoredHealth(ByteView octets);  // 2BDD

/// By characteristic; every value is one that the contract's decimals can carry.
Decoded decode(const RawRecord& record);

}  // namespace vardnav::intake
