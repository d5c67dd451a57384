// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One person, one rule, readings as they arrive: what tests of the engine stand on.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/document/document.h"
#include "rules/engine/engine.h"
#include "tests/rules/template_texts.h"

namespace vardnav::rules {

inline UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

inline Rule shipped(const std::string& name) { return compile(templateText(name)).value(); }

class FakeHistory final : public History {
 public:
  std::vector<Observation> all;
  bool isBroken = false;
  mutable int reads = 0;

  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override {
    ++reads;
    if (isBroken) return fail(ErrorCode::kStorage, "disk away");
    std::vector<Observation> found;
    for (const Observation& observation : all) {
      if (observation.person == person && observation.code == code && observation.at >= from &&
          observation.at <= until) {
        found.push_back(observation);
      }
    }
    std::ranges::stable_sort(found, {}, &Observation::at);
    return found;
  }
};

class Patient {
 public:
  explicit Patient(Rule rule) : rule_(std::move(rule)) { context.person = PersonId("p-1"); }

  Context context;
  FakeHistory history;
  RuleState state;
  std::vector<Verdict> last;  ///< of the reading given last

  /// "52 mg/dL" at `at`, told `delay` later. What was told, as "raised P1" or "-".
  std::string gives(std::string_view quantity, std::string_view at, Flags flags = {},
                    Milliseconds delay = Milliseconds{0}) {
    const auto space = quantity.find(' ');
    Observation observation;
    observation.reading.octets[15] = static_cast<std::uint8_t>(++count_);
    observation.code = rule_.signal;
    observation.value = valueFromString(quantity.substr(0, space)).value();
    observation.unit = unitFromUcum(quantity.substr(space + 1)).value();
    if (observation.value.kind == Value::Kind::kNumber) {
      observation.shown = normalised({observation.value.number, observation.unit});
    }
    observation.person = context.person;
    observation.at = utc(at);
    observation.receivedAt = utc(at) + delay;
    observation.flags = flags;
    history.all.push_back(observation);
    const auto judgement =
        judge(rule_, context, state, std::span(&observation, 1), history, utc(at) + delay);
    // The state survives as text.
    state = decodeState(encode(judgement.value().state)).value();
    last = judgement->verdicts;
    std::string told;
    for (const Verdict& verdict : last) {
      if (!told.empty()) told += ", ";
      told += std::string(nameOf(verdict.transition)) + " " + std::string(nameOf(verdict.priority));
      if (verdict.isLate) told += " late";
    }
    return told.empty() ? "-" : told;
  }

  /// Of the n-th reading given, from 1.
  static ReadingKey keyOf(int n) {
    ReadingKey key;
    key.octets[15] = static_cast<std::uint8_t>(n);
    return key;
  }

 private:
  Rule rule_;
  int count_ = 0;
};

}  // namespace vardnav::rules
