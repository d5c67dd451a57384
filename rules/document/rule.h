// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A rule as its document says it (document.h makes it, program.h makes the engine's table from it):
// one version, never changed. Plain data, any thread.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/model/code.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/unit.h"
#include "pipelines/model/verdict.h"
#include "rules/document/condition.h"

namespace vardnav::rules {

/// The highest level that holds counts, also while a higher one is unknown.
struct Level {
  Priority priority = Priority::kP3;
  Condition when;
  /// The patient is asked to measure again before it is raised; see engine.h.
  bool isGated = false;
  /// It must have held so long: decided by a reading at or after it, none false between. 0: at
  /// once.
  Milliseconds persistence{0};
  Text clinician;  ///< what the document adds to the generated reason; may be empty
  Text patient;    ///< what the patient is told; may be empty
};

struct Clear {
  std::optional<Condition> when;  ///< nullopt: when every level is false
  /// Where `when` was made from the levels and a distance, that distance, for wording only.
  std::vector<Quantity> deadBand;
};

/// When a second measurement counts, from the first; both ends included.
struct Gate {
  Milliseconds from{std::chrono::minutes{5}};
  Milliseconds until{std::chrono::minutes{15}};
  friend bool operator==(const Gate&, const Gate&) = default;
};

/// Local times of day in Europe/Stockholm, both ends included; `until` at or before `from` is of
/// the next day.
struct Slot {
  std::chrono::minutes from{0};
  std::chrono::minutes until{0};
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// When readings are due. A slot without a valid reading (HI and LO are valid, NaN is not) is
/// reminded of at its end, and missed `grace` after it.
struct Schedule {
  std::vector<Code> signals;  ///< any of them serves
  std::vector<Slot> slots;
  /// Of the local day a slot begins: bit 0 is Monday (ISO 8601).
  std::bitset<7> weekdays = 0b1111111;
  Milliseconds grace{0};  ///< elapsed
  Text reminder;          ///< to the patient
};

/// Which readings a rule judges.
enum class Audience : std::uint8_t {
  kPatient,      ///< those that are surely the patient's
  kUnconfirmed,  ///< only those whose person is unconfirmed
};

struct Rule {
  RuleId id;
  std::uint32_t version = 0;
  ConditionId condition;
  std::string hash;  ///< of the document, see document.h
  Text title;
  /// What its texts speak of; of `signals`.
  Code signal = Code::kGlucose;
  /// Every one that a condition or the schedule names. An answer of breathlessness at rest, which
  /// breaks a gate, need not be named.
  std::vector<Code> signals;
  std::vector<Level> levels;  ///< the highest priority first
  Clear clear;
  Gate gate;
  /// From the latest raise or worsening; holds the same and lower priorities, never P1. 0: none.
  Milliseconds coolDown{0};
  std::optional<Schedule> schedule;
  /// Can be neither switched off nor paused: the document marks it, or a level is on the floor
  /// (floor.h).
  bool isFloor = false;
  /// Prescribed values without which the rule does not run ("spo2-target").
  std::vector<std::string> needs;
  /// Facts that must be marked, or the rule does not run.
  std::vector<Fact> needsFacts;
  /// kUnconfirmed: each reading at which a level holds is raised, and nothing clears it.
  Audience audience = Audience::kPatient;
};

}  // namespace vardnav::rules
