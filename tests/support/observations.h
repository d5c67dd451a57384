// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Realistic values for tests that carry observations and verdicts rather than make them.
#pragma once

#include <string>

#include "pipelines/model/observation.h"
#include "pipelines/model/verdict.h"

namespace vardnav::test {

/// 2026-11-24T10:00:00Z.
inline constexpr UtcTime kMorning{Milliseconds(1795514400000)};

inline Key128 keyOf(std::uint32_t number) {
  Key128 key;
  for (int i = 0; i < 4; ++i) {
    key.octets[static_cast<std::size_t>(12 + i)] =
        static_cast<std::uint8_t>(number >> (24 - 8 * i));
  }
  return key;
}

inline Observation glucose(std::uint32_t key, std::int64_t milligramPerDecilitre,
                           UtcTime at = kMorning) {
  Observation observation;
  observation.reading = keyOf(key);
  observation.code = Code::kGlucose;
  observation.value = Value::of({milligramPerDecilitre, 0});
  observation.unit = Unit::kMilligramPerDecilitre;
  observation.shown = normalised({{milligramPerDecilitre, 0}, Unit::kMilligramPerDecilitre});
  observation.person = PersonId("p-7f3a");
  observation.device = DeviceId("C0:FF:EE:00:00:01");
  observation.recordNumber = key;
  observation.deviceTime =
      DeviceTime{DeviceTime::Timeline::kLocal, LocalTime(std::chrono::seconds(1566379873))};
  observation.at = at;
  observation.method = TimeMethod::kAnchored;
  observation.uncertainty = Milliseconds(1250);
  observation.receivedAt = at + Milliseconds(2000);
  return observation;
}

inline Verdict lowGlucose(std::uint32_t key, std::uint32_t input, UtcTime at = kMorning) {
  Verdict verdict;
  verdict.key = keyOf(key);
  verdict.person = PersonId("p-7f3a");
  verdict.condition = ConditionId("diabetes");
  verdict.rule = RuleId("glucose-low");
  verdict.ruleHash = std::string(64, 'a');
  verdict.title = {"Lågt blodsocker", "Low glucose"};
  verdict.why = {"52 mg/dL är under 54 mg/dL.", "52 mg/dL is below 54 mg/dL."};
  verdict.transition = Transition::kRaised;
  verdict.priority = Priority::kP1;
  verdict.at = at;
  verdict.told = at + Milliseconds(2000);
  verdict.inputs = {keyOf(input)};
  return verdict;
}

}  // namespace vardnav::test
