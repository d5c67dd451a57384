// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/contradiction.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "rules/document/floor.h"
#include "rules/document/satisfy.h"

namespace vardnav::rules {
namespace {

std::string levelAt(std::size_t index, std::string_view member) {
  return "levels/" + std::to_string(index) + "/" + std::string(member);
}

/// True if it is possible; what is too much to look at is refused.
bool isPossible(Reader& reader, const std::string& place, std::vector<Wanted> wanted) {
  const Answer answer = canHoldTogether(wanted);
  if (answer == Answer::kTooMany) reader.refuse(place, "too many combinations to check");
  return answer == Answer::kPossible;
}

void refuseDeadLevels(Reader& reader, const Rule& rule) {
  for (std::size_t i = 0; i < rule.levels.size(); ++i) {
    const Level& level = rule.levels[i];
    const Answer alone = canHoldTogether(std::vector<Wanted>{{&level.when, Asked::kTrue}});
    if (alone == Answer::kNever) reader.refuse(levelAt(i, "when"), "can never hold");
    if (alone == Answer::kTooMany) {
      reader.refuse(levelAt(i, "when"), "too many combinations to check");
    }
    if (alone != Answer::kPossible) continue;
    for (const Level& higher : rule.levels) {
      if (higher.priority >= level.priority) continue;
      const std::vector<Wanted> only = {{&level.when, Asked::kTrue},
                                        {&higher.when, Asked::kNotTrue}};
      // A higher level that must last leaves the lower one its time.
      if (higher.persistence.count() == 0 && canHoldTogether(only) == Answer::kNever) {
        reader.refuse(levelAt(i, "when"), "never counts: level " +
                                              std::string(nameOf(higher.priority)) +
                                              " holds whenever this one does");
      }
    }
  }
}

void refuseClear(Reader& reader, const Rule& rule) {
  if (!rule.clear.when) return;
  const Condition& clear = *rule.clear.when;
  const std::string place = rule.clear.deadBand.empty() ? "clear/when" : "clear/dead_band";
  if (!isPossible(reader, place, {{&clear, Asked::kTrue}})) {
    reader.refuse(place, "can never hold: the rule would never clear");
    return;
  }
  // A dead band asks for more than that no level holds.
  if (!rule.clear.deadBand.empty()) return;
  for (const Level& level : rule.levels) {
    if (isPossible(reader, place, {{&clear, Asked::kTrue}, {&level.when, Asked::kTrue}})) {
      reader.refuse(place, "can hold together with level " + std::string(nameOf(level.priority)));
    }
  }
}

bool names(const Condition& condition, Code code);

bool names(const ReadingTest& test, Code code) {
  return std::visit([&](const auto& each) { return each.series.signal == code; }, test);
}

bool namesAny(const std::vector<Condition>& parts, Code code) {
  return std::ranges::any_of(parts, [&](const Condition& part) { return names(part, code); });
}

struct Names {
  Code code;
  bool operator()(const Compare& is) const { return is.series.signal == code; }
  bool operator()(const Band& is) const { return is.series.signal == code; }
  bool operator()(const MeterSays& is) const { return is.series.signal == code; }
  bool operator()(const Repeated& is) const { return names(is.each, code); }
  bool operator()(const Consecutive& is) const { return names(is.each, code); }
  bool operator()(const AbsentFor& is) const {
    return std::ranges::find(is.signals, code) != is.signals.end();
  }
  bool operator()(const MissedSlots&) const { return false; }
  bool operator()(const PatientFact&) const { return false; }
  bool operator()(const All& is) const { return namesAny(is.of, code); }
  bool operator()(const Any& is) const { return namesAny(is.of, code); }
  bool operator()(const Not& is) const { return namesAny(is.of, code); }
};

bool names(const Condition& condition, Code code) { return std::visit(Names{code}, condition.is); }

/// Glucose that is told at once, whatever else.
struct Urgent {
  Floor floor;
  const char* reason;
};
constexpr std::array<Urgent, 2> kUrgentGlucose = {{
    {Floor::kLowGlucose, "a gate on glucose below 3.0 mmol/L (54 mg/dL) or LO"},
    {Floor::kHighGlucose, "a gate on glucose HI"},
}};

/// Unless a higher level without a gate holds for it anyway.
void refuseGate(Reader& reader, const Rule& rule, std::size_t index) {
  const Level& level = rule.levels[index];
  if (names(level.when, Code::kKetone)) {
    reader.refuse(levelAt(index, "gate"), "a gate on ketones");
  }
  if (!names(level.when, Code::kGlucose)) return;
  for (const auto& [floor, reason] : kUrgentGlucose) {
    const Condition& condition = floorConditions()[static_cast<std::size_t>(floor)];
    std::vector<Wanted> wanted = {{&level.when, Asked::kTrue}, {&condition, Asked::kTrue}};
    for (const Level& higher : rule.levels) {
      if (higher.priority < level.priority && !higher.isGated && higher.persistence.count() == 0) {
        wanted.push_back({&higher.when, Asked::kNotTrue});
      }
    }
    if (isPossible(reader, levelAt(index, "gate"), wanted)) {
      reader.refuse(levelAt(index, "gate"), reason);
    }
  }
}

/// What nothing may hold back.
void refuseDelayedFloor(Reader& reader, const Rule& rule) {
  for (std::size_t i = 0; i < rule.levels.size(); ++i) {
    if (rule.levels[i].persistence.count() != 0 && isOnFloor(rule.levels[i])) {
      reader.refuse(levelAt(i, "persists_for"), "a floor value is told at once");
    }
  }
  if (rule.isFloor && !(rule.needs.empty() && rule.needsFacts.empty())) {
    reader.refuse("needs", "a floor rule runs for everybody");
  }
}

}  // namespace

void refuseContradictions(Reader& reader, const Rule& rule) {
  refuseDeadLevels(reader, rule);
  refuseClear(reader, rule);
  refuseDelayedFloor(reader, rule);
  for (std::size_t i = 0; i < rule.levels.size(); ++i) {
    if (rule.levels[i].isGated) refuseGate(reader, rule, i);
  }
}

}  // namespace vardnav::rules
