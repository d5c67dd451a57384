// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The demo's person with a meter, a scale and a spirometer, what they send, and three shipped
// rules.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "hub/core/household.h"
#include "pipelines/model/clock.h"
#include "pipelines/model/raw_record.h"
#include "rules/document/document.h"

namespace vardnav::test::home {

inline const DeviceId kMeter("C0:FF:EE:00:00:01");
inline const DeviceId kScale("C0:FF:EE:00:00:02");
inline const DeviceId kSpirometer("C0:FF:EE:00:00:03");
inline const PersonId kPerson("p-7f3a");

inline UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }
inline LocalTime local(std::string_view text) { return parseIsoLocal(text).value(); }
inline const UtcTime kNow = utc("2026-11-24T10:00:00Z");

class StandingClock final : public Clock {
 public:
  UtcTime utcNow() const override { return kNow + Milliseconds{250}; }
  SteadyTime steadyNow() const override { return {}; }
};

inline rules::Rule shipped(const std::string& name) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/rules/templates/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return rules::compile(text.str()).value();
}

inline hub::Household demoHousehold() {
  hub::Household household;
  household.hub = HubId("hub-1");
  for (const DeviceId& device : {kMeter, kScale, kSpirometer}) {
    household.bindings.push_back(
        {device, std::nullopt, kPerson, utc("2026-01-01T00:00:00Z"), std::nullopt});
  }
  hub::Patient patient;
  patient.context.person = kPerson;
  patient.context.prescribed["fev1-personal-best"] = {
      {{{475, -2}, Unit::kLitre}, utc("2026-01-15T08:00:00Z")}};
  for (const char* name : {"glucose-low", "weight-gain", "fev1-fall"}) {
    patient.rules.push_back(shipped(name));
  }
  household.patients = {patient};
  return household;
}

inline RawRecord record(const DeviceId& device, std::string characteristic, std::string_view hex) {
  RawRecord result;
  result.device = device;
  result.characteristic = std::move(characteristic);
  result.bytes = fromHex(hex).value();
  result.receivedAt = kNow;
  return result;
}

/// Glucose Service 3.1: `sfloat` (exponent -5, kg/L) stamped 2026-04-24T11:10:30.
inline RawRecord glucose(std::uint8_t sequence, const std::string& sfloat) {
  const Bytes number = {sequence};
  RawRecord result =
      record(kMeter, "2A18", "02" + toHex(number) + "00EA0704180B0A1E" + sfloat + "11");
  result.recordNumber = sequence;
  result.isStored = true;
  result.clock = {
      {DeviceTime::Timeline::kLocal, local("2026-04-24T11:11:30")}, kNow, Milliseconds{1000}};
  return result;
}
inline RawRecord lowGlucose() { return glucose(7, "2DB0"); }   // 45 mg/dL
inline RawRecord fineGlucose() { return glucose(8, "5AB0"); }  // 90 mg/dL

/// Weight Scale Service 3.2: no time, no user, 0.005 kg.
inline RawRecord weight(std::string_view hex, UtcTime at) {
  RawRecord result = record(kScale, "2A9D", hex);
  result.receivedAt = at;
  return result;
}

}  // namespace vardnav::test::home
