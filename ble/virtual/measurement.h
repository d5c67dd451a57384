// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a virtual device comes to hold: captured bytes, or a value that its model encodes. Plain
// data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "pipelines/model/bytes.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::virtual_home {

/// Bytes sent as they were captured.
struct Capture {
  std::string characteristic;  ///< 16-bit UUID, upper case: "2A18"
  Bytes bytes;
  std::optional<std::uint32_t> number =
      std::nullopt;    ///< record number, where the bytes do not tell it
  bool counts = true;  ///< carries a measurement that must be stored
};

struct GlucoseValue {
  Decimal milligramPerDecilitre;
  bool isControl = false;  ///< of control solution, not of blood
};

/// Of a meter that measures ketones as well: CareSens.
struct KetoneValue {
  Decimal millimolePerLitre;
};

struct WeightValue {
  Decimal kilogram;
};

struct Blow {
  Decimal fev1;  ///< L
  Decimal fvc;   ///< L
  Decimal pef;   ///< L/min
};

/// Of a Vitalograph lung monitor.
struct MonitorBlow {
  Decimal fev1;  ///< L
  Decimal fev6;  ///< L
  Decimal pef;   ///< L/min
  bool isGood = true;
};

/// Of a Contec spirometer.
struct ContecBlow {
  Decimal fev1;          ///< L
  Decimal fvc;           ///< L
  Decimal pefPerSecond;  ///< L/s
};

struct PressureValue {
  Decimal systolic;   ///< mmHg
  Decimal diastolic;  ///< mmHg
  Decimal pulse;      ///< /min
};

struct OxygenValue {
  Decimal spo2;         ///< %
  Decimal pulse;        ///< /min
  bool isLive = false;  ///< of a finger that is in the device now; else a stored spot check
};

struct TemperatureValue {
  Decimal celsius;
};

struct HeartRateValue {
  std::uint16_t perMinute = 0;
};

/// Of a scale with users.
struct BodyValue {
  Decimal kilogram;
  Decimal fatPercent;
  std::optional<std::uint8_t> user;  ///< nullopt: the scale does not know who it was
};

using Measurement =
    std::variant<Capture, GlucoseValue, KetoneValue, WeightValue, Blow, MonitorBlow, ContecBlow,
                 PressureValue, OxygenValue, TemperatureValue, HeartRateValue, BodyValue>;

}  // namespace vardnav::ble::virtual_home
