// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What happens in a virtual home: devices, their clocks, what they come to hold and when they
// wake. Read from JSON; the form is in scenarios/README.md. Plain data, any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ble/virtual/fault.h"
#include "ble/virtual/measurement.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

enum class ModelKind : std::uint8_t {
  kGlucoseMeter,
  kWeightScale,
  kSpirometer,
  kBloodPressure,
  kOximeter,
  kThermometer,
  kHeartRate,
  kBodyScale,    ///< of several users, who consent (User Data Service)
  kAdvertScale,  ///< says everything in its adverts
  kGlucoseSensor,
  kLungMonitor,  ///< Vitalograph
  kContecSpirometer,
};

/// Whose glucose meter it is, and so which quirks it has.
enum class Make : std::uint8_t { kStandard, kAccuChek, kContour, kTaiDoc, kCareSens };

/// A user of a scale. The code is the scale's; it is no secret of a real person.
struct ScaleUser {
  std::uint8_t slot = 1;
  std::uint16_t code = 0;
};

/// How the device pairs, and so what BlueZ asks its agent.
enum class Pairing : std::uint8_t {
  kJustWorks,      ///< nothing, when a client called Pair(): it has shown its will
  kAuthorisation,  ///< RequestAuthorization, as for a pairing that the device began
  kComparison,     ///< RequestConfirmation of the passkey
  kPasskey,        ///< RequestPasskey; the device shows the passkey
};

struct PlannedRecord {
  Milliseconds appearsAt{0};  ///< after the scenario's beginning: the device holds it from then on
  Measurement what;
  UtcTime measuredAt{};  ///< real instant, stamped in the device's clock; not for captures
};

struct Wake {
  Milliseconds first{1000};      ///< after the scenario's beginning
  Milliseconds every{4000};      ///< and again while something is uncollected
  Milliseconds advertise{3000};  ///< how long, unless connected to
};

struct DevicePlan {
  std::string address;      ///< upper case
  std::string addressType;  ///< "random" or "public"
  std::string name;
  ModelKind model = ModelKind::kGlucoseMeter;
  Pairing pairing = Pairing::kJustWorks;
  std::uint32_t passkey = 0;
  LocalTime clock{};                   ///< what the device's clock shows at the start
  std::chrono::minutes timeOffset{0};  ///< glucose meter: user-facing minus base time
  Wake wake;
  Milliseconds idle{3000};      ///< without traffic: the device hangs up
  std::uint16_t mtu = 23;       ///< of the link, octets
  bool hasLateObjects = false;  ///< GATT objects come after ServicesResolved
  Make make = Make::kStandard;
  std::vector<ScaleUser> users;
  bool hangsUp = false;                ///< as soon as it has nothing more to send
  std::vector<PlannedRecord> records;  ///< in the order of appearsAt
};

struct Scenario {
  std::string title;
  std::vector<DevicePlan> devices;
  std::vector<PlannedFault> faults;
  std::size_t damagedDiaryLines = 0;
};

/// `start`: the real instant that "ago" counts from. Errors name the place as a JSON pointer.
Result<Scenario> loadScenario(const std::filesystem::path& file, UtcTime start);
/// Diaries are looked up from `folder`.
Result<Scenario> parseScenario(std::string_view text, const std::filesystem::path& folder,
                               UtcTime start);

}  // namespace vardnav::ble::virtual_home
