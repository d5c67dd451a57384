// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What one record says, decoded but not yet anyone's and not yet anywhen. Internal to intake.
// Pure, any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ble/gatt/date_time.h"
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
  bool isFromMemory = false;          ///< always, by its profile: never measured at this moment
  bool isPersonUnconfirmed = false;   ///< anyone may have sent it
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

/// Of a local wall clock; unknown where its day is.
Stamp stampOf(const ble::gatt::DateTime& time);
/// "2026|4|24|11|10|30", as sent; "" if absent.
std::string rawText(const std::optional<ble::gatt::DateTime>& time);
std::string rawText(const User& user);

Decoded decodeGlucose(const RawRecord& record);             // 2A18
Decoded decodeCareSens(const RawRecord& record);            // 2A18/caresens
Decoded decodeTaiDoc(const RawRecord& record);              // 2A18/taidoc
Decoded decodeContinuousGlucose(const RawRecord& record);   // 2AA7
Decoded decodeWeight(const RawRecord& record);              // 2A9D
Decoded decodeAndWeight(const RawRecord& record);           // 23434101-…, A&D
Decoded decodeBodyComposition(const RawRecord& record);     // 2A9C
Decoded decodeWeightAdvert(const RawRecord& record);        // 181D, Xiaomi
Decoded decodeBodyAdvert(const RawRecord& record);          // 181B, Xiaomi
Decoded decodeBloodPressure(const RawRecord& record);       // 2A35
Decoded decodeSpotCheck(const RawRecord& record);           // 2A5E
Decoded decodeContinuousOximeter(const RawRecord& record);  // 2A5F
Decoded decodeTemperature(const RawRecord& record);         // 2A1C
Decoded decodeHeartRate(const RawRecord& record);           // 2A37
Decoded decodeVitalograph(const RawRecord& record);         // 00000002-…, frame
Decoded decodeContec(const RawRecord& record);              // FF02, record E1
Decoded decodeHealth(const RawRecord& record);              // 2B8B
Decoded decodeStoredHealth(const RawRecord& record);        // 2BDD

/// By characteristic; every value is one that the contract's decimals can carry.
Decoded decode(const RawRecord& record);

}  // namespace vardnav::intake
