// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// CGM Specific Ops Control Point (2AAC), Continuous Glucose Monitoring Service 1.0.2, 3.7; written,
// and indicated as the answer: op u8 . operand by op . [CRC]
//   01 set, 03 response: communication interval u8, min        02 get: nothing
//   04 set, 06 response: calibration 10 octets                 05 get: record number u16
//     glucose SFLOAT, mg/dL . time u16, min . type (low nibble) and location (high) . next u16, min
//     . record number u16 . status u8 (b0 rejected, b1 out of range, b2 process pending)
//   07 set, 08 get, 09 response: patient high alert SFLOAT, mg/dL; 0A-0C patient low, 0D-0F hypo,
//   10-12 hyper; 13-15 rate of decrease, 16-18 rate of increase SFLOAT, mg/dL/min
//   19 reset device specific alert   1A start, 1B stop the session
//   1C response: request op u8 . code u8
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "ble/gatt/fault.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/ieee11073_float.h"

namespace vardnav::ble::gatt {

struct CgmInterval {
  std::uint8_t minutes = 0;  ///< 0: none, 255: as fast as the device can
  friend bool operator==(const CgmInterval&, const CgmInterval&) = default;
};

struct CgmCalibration {
  Number glucose;                  ///< mg/dL
  std::chrono::minutes offset{0};  ///< since the session's start, 0 to 65535
  GlucoseMeasurement::SampleType type = GlucoseMeasurement::SampleType::kCapillaryWholeBlood;
  GlucoseMeasurement::SampleLocation location = GlucoseMeasurement::SampleLocation::kFinger;
  std::chrono::minutes next{0};  ///< the next calibration is due; 0: at once
  std::uint16_t recordNumber = 0;
  std::uint8_t status = 0;
  friend bool operator==(const CgmCalibration&, const CgmCalibration&) = default;
};

struct CgmCalibrationRequest {
  std::uint16_t recordNumber = 0;  ///< FFFF: the newest
  friend bool operator==(const CgmCalibrationRequest&, const CgmCalibrationRequest&) = default;
};

/// Ops 07 to 18, three each: set, get, response.
enum class CgmAlert : std::uint8_t {
  kPatientHigh,
  kPatientLow,
  kHypo,
  kHyper,
  kRateOfDecrease,
  kRateOfIncrease,
};
/// nullopt for ops that concern no alert.
std::optional<CgmAlert> alertOf(std::uint8_t op);

struct CgmAlertLevel {
  Number level;  ///< mg/dL; of rates mg/dL/min
  friend bool operator==(const CgmAlertLevel&, const CgmAlertLevel&) = default;
};

struct CgmResponse {
  std::uint8_t requestOp = 0;
  /// 1 success, 2 op code not supported, 3 invalid operand, 4 not completed, 5 out of range
  std::uint8_t code = 1;
  friend bool operator==(const CgmResponse&, const CgmResponse&) = default;
};

struct CgmControl {
  std::uint8_t op = 0;
  /// monostate for ops without one.
  std::variant<std::monostate, CgmInterval, CgmCalibration, CgmCalibrationRequest, CgmAlertLevel,
               CgmResponse>
      operand;
  bool hasCrc = false;  ///< and it was right
  friend bool operator==(const CgmControl&, const CgmControl&) = default;
};

/// Both directions. Two octets behind the operand are a CRC; other numbers are trailing.
Decoding<CgmControl> decodeCgmControl(ByteView octets);
/// kNotEncodable if the operand is not that of the op.
Encoding encode(const CgmControl& control);

}  // namespace vardnav::ble::gatt
