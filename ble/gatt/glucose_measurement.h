// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Glucose Measurement (2A18), Glucose Service 1.0.1, 3.1:
//   flags . sequence u16 . base time 7 . [b0 offset s16, min]
//   . [b1 concentration SFLOAT, type (low nibble) and location (high nibble)] . [b3 status u16]
// b2: unit, 0 kg/L, 1 mol/L. b4: a context (2A34) with the same number follows. b5-7 reserved.
// Offset 7FFF overrun, 8000 underrun. What the user sees is base + offset: changing the display
// clock moves the offset only.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"
#include "pipelines/model/unit.h"

namespace vardnav::ble::gatt {

enum class OffsetFault : std::uint8_t { kOverrun, kUnderrun };

struct GlucoseMeasurement {
  enum class WireUnit : std::uint8_t { kKilogramPerLitre, kMolePerLitre };
  /// Values without a name are reserved and kept as sent.
  enum class SampleType : std::uint8_t {
    kCapillaryWholeBlood = 1,
    kCapillaryPlasma,
    kVenousWholeBlood,
    kVenousPlasma,
    kArterialWholeBlood,
    kArterialPlasma,
    kUndeterminedWholeBlood,
    kUndeterminedPlasma,
    kInterstitialFluid,
    kControlSolution,
  };
  enum class SampleLocation : std::uint8_t {
    kFinger = 1,
    kAlternateSite,
    kEarlobe,
    kControlSolution,
    kNotAvailable = 15,
  };
  struct Concentration {
    Number value;  ///< in `unit`, with the exponent as sent
    WireUnit unit = WireUnit::kKilogramPerLitre;
    SampleType type = SampleType::kCapillaryWholeBlood;
    SampleLocation location = SampleLocation::kFinger;

    friend bool operator==(const Concentration&, const Concentration&) = default;
  };
  /// Bits of `status`.
  enum Status : std::uint16_t {
    kBatteryLow = 1U << 0,
    kSensorMalfunction = 1U << 1,
    kSampleInsufficient = 1U << 2,
    kStripInsertionError = 1U << 3,
    kStripTypeIncorrect = 1U << 4,
    kResultTooHigh = 1U << 5,  ///< above what the device can process
    kResultTooLow = 1U << 6,
    kTemperatureTooHigh = 1U << 7,
    kTemperatureTooLow = 1U << 8,
    kReadInterrupted = 1U << 9,
    kGeneralFault = 1U << 10,
    kTimeFault = 1U << 11,
  };

  std::uint16_t sequence = 0;
  DateTime baseTime;
  std::optional<std::expected<std::chrono::minutes, OffsetFault>> timeOffset;
  std::optional<Concentration> concentration;
  std::optional<std::uint16_t> status;
  bool contextFollows = false;

  /// Base plus offset; nullopt if the base is unknown or the offset out of range. Without an
  /// offset field the base itself.
  std::optional<LocalTime> userFacingTime() const;
  /// In mg/dL or mmol/L, whichever the wire unit is a power of ten of; nullopt without a number.
  std::optional<Quantity> quantity() const;
  /// By sample type or location: never a patient's reading.
  bool isControlSolution() const;

  friend bool operator==(const GlucoseMeasurement&, const GlucoseMeasurement&) = default;
};

Decoding<GlucoseMeasurement> decodeGlucoseMeasurement(ByteView octets);
Encoding encode(const GlucoseMeasurement& measurement);

}  // namespace vardnav::ble::gatt
