// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "pipelines/model/digest.h"
#include "rules/document/condition_reader.h"
#include "rules/document/contradiction.h"
#include "rules/document/dead_band.h"
#include "rules/document/document_reader.h"
#include "rules/document/floor.h"
#include "rules/document/json_check.h"
#include "rules/document/measure_reader.h"
#include "rules/document/names.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

constexpr std::uint16_t kFormat = 2;
constexpr std::size_t kMaxSources = 20;
constexpr std::size_t kMaxEvidence = 10;
constexpr std::size_t kMaxLevels = 3;
constexpr std::size_t kMaxSlots = 12;
constexpr std::size_t kMaxNeeds = 8;
constexpr std::size_t kMaxSignals = 8;
constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};

Level readLevel(Reader& reader, ConditionReader& conditions) {
  reader.knowOnly({"priority", "when", "gate", "persists_for", "text"});
  Level level;
  level.priority = reader.named("priority", priorityFromName, "priority");
  level.when = conditions.read(reader.object("when"));
  const std::string gate = reader.text("gate");
  level.isGated = gate == "remeasure";
  if (!gate.empty() && !level.isGated && gate != "none") {
    reader.refuse("gate", "neither remeasure nor none");
  }
  if (reader.has("persists_for")) level.persistence = reader.duration("persists_for");
  Reader text = reader.object("text");
  text.knowOnly({"clinician", "patient"});
  level.clinician = text.bothLanguages("clinician");
  level.patient = text.bothLanguages("patient");
  return level;
}

std::vector<Level> readLevels(Reader& reader, ConditionReader& conditions) {
  std::vector<Level> levels;
  reader.objects("levels", 1, kMaxLevels, [&](Reader& entry) {
    const std::size_t before = entry.faultCount();
    Level level = readLevel(entry, conditions);
    const bool isSecond =
        std::ranges::find(levels, level.priority, &Level::priority) != levels.end();
    if (isSecond && entry.faultCount() == before) entry.refuse("priority", "a second level of it");
    levels.push_back(std::move(level));
  });
  return levels;
}

Clear readClear(Reader reader, const std::vector<Level>& levels, ConditionReader& conditions) {
  reader.knowOnly({"when", "dead_band"});
  Clear clear;
  if (reader.has("when") == reader.has("dead_band")) {
    reader.refuse("", "needs either when or dead_band");
  } else if (reader.has("when")) {
    clear.when = conditions.read(reader.object("when"));
  } else {
    const std::size_t before = reader.faultCount();
    clear.deadBand = readDistances(reader, "dead_band");
    if (before != 0 || reader.faultCount() != before) return clear;
    auto when = clearByDeadBand(levels, clear.deadBand);
    if (when) {
      clear.when = *std::move(when);
    } else {
      reader.refuse("dead_band", std::move(when).error());
    }
  }
  return clear;
}

Slot readSlot(Reader& reader) {
  reader.knowOnly({"from", "until"});
  return {reader.timeOfDay("from"), reader.timeOfDay("until", true)};
}

Schedule readSchedule(Reader reader) {
  reader.knowOnly({"signals", "slots", "weekdays", "grace", "reminder"});
  Schedule schedule;
  reader.texts("signals", 1, kMaxSignals, [&](const std::string& name, const std::string& step) {
    if (const auto code = codeFromName(name)) {
      schedule.signals.push_back(*code);
    } else {
      reader.refuse(step, "unknown code");
    }
  });
  reader.objects("slots", 1, kMaxSlots, [&](Reader& entry) {
    const Slot slot = readSlot(entry);
    if (std::ranges::find(schedule.slots, slot) != schedule.slots.end()) {
      entry.refuse("", "a second time this slot");
    }
    schedule.slots.push_back(slot);
  });
  if (reader.has("weekdays")) {
    schedule.weekdays.reset();
    reader.texts("weekdays", 1, kWeekdays.size(),
                 [&](const std::string& name, const std::string& step) {
                   const auto day = std::ranges::find(kWeekdays, name);
                   if (day == kWeekdays.end())
                     return reader.refuse(step, "not mon, tue, wed, thu, fri, sat, sun");
                   schedule.weekdays.set(static_cast<std::size_t>(day - kWeekdays.begin()));
                 });
  }
  schedule.grace = reader.duration("grace", true);
  schedule.reminder = reader.bothLanguages("reminder");
  return schedule;
}

void readNeeds(Reader reader, Rule& rule) {
  reader.knowOnly({"prescribed", "facts"});
  if (!reader.has("prescribed") && !reader.has("facts")) {
    reader.refuse("", "needs prescribed or facts");
  }
  if (reader.has("prescribed")) {
    reader.texts("prescribed", 1, kMaxNeeds, [&](const std::string& name, const std::string& step) {
      if (!isId(name)) return reader.refuse(step, "not an id of 1 to 64 of a-z, 0-9 and -");
      rule.needs.push_back(name);
    });
  }
  if (reader.has("facts")) {
    reader.texts("facts", 1, kMaxNeeds, [&](const std::string& name, const std::string& step) {
      const auto fact = factFromName(name);
      if (!fact) return reader.refuse(step, "unknown fact");
      rule.needsFacts.push_back(*fact);
    });
  }
}

/// A saturation means nothing without the patient's target: 88 % is an alarm or a goal.
void needTarget(Rule& rule) {
  const std::string target = "spo2-target";
  const auto isSaturation = [](Code signal) { return signal == Code::kSpo2; };
  const bool isOnSaturation = std::ranges::all_of(rule.signals, isSaturation);
  const bool isNamed = std::ranges::find(rule.needs, target) != rule.needs.end();
  if (isOnSaturation && !isNamed && !rule.isFloor && !rule.schedule) rule.needs.push_back(target);
}

/// For people; checked, so that what is shipped is whole.
void readBackground(Reader& reader) {
  if (reader.has("$schema")) reader.text("$schema");
  if (reader.has("about")) reader.bothLanguages("about");
  reader.texts("source", 1, kMaxSources, [](const std::string&, const std::string&) {});
  if (!reader.has("evidence")) return;
  reader.objects("evidence", 1, kMaxEvidence, [](Reader& entry) {
    entry.knowOnly({"of", "sensitivity", "specificity", "source"});
    entry.bothLanguages("of");
    if (entry.has("sensitivity")) entry.text("sensitivity");
    if (entry.has("specificity")) entry.text("specificity");
    entry.text("source");
  });
}

std::optional<Audience> audienceFromName(std::string_view name) {
  if (name == "patient") return Audience::kPatient;
  if (name == "unconfirmed") return Audience::kUnconfirmed;
  return std::nullopt;
}

void readWhatItJudges(Reader& reader, Rule& rule) {
  ConditionReader conditions;
  rule.levels = readLevels(reader, conditions);
  if (reader.has("clear")) {
    rule.clear = readClear(reader.object("clear"), rule.levels, conditions);
  }
  if (reader.has("cool_down")) rule.coolDown = reader.duration("cool_down");
  rule.signals = conditions.signals();
  if (reader.has("schedule")) {
    rule.schedule = readSchedule(reader.object("schedule"));
    for (const Code code : rule.schedule->signals) {
      if (std::ranges::find(rule.signals, code) == rule.signals.end()) rule.signals.push_back(code);
    }
    if (!conditions.namesSchedule()) reader.refuse("schedule", "no level asks for missed_slots");
  } else if (conditions.namesSchedule()) {
    reader.refuse("schedule", "missing: a condition asks for missed_slots");
  }
  if (!rule.signals.empty()) rule.signal = rule.signals.front();
}

Rule readRule(Reader& reader) {
  reader.knowOnly({"$schema", "format", "id", "version", "condition", "title", "about", "source",
                   "evidence", "floor", "needs", "audience", "levels", "clear", "cool_down",
                   "schedule"});
  reader.count("format", kFormat, kFormat);
  Rule rule;
  rule.id = RuleId(reader.id("id"));
  rule.version = reader.whole("version", 1'000'000);
  rule.condition = ConditionId(reader.id("condition"));
  rule.title = reader.bothLanguages("title");
  readBackground(reader);
  rule.isFloor = reader.has("floor") && reader.yesOrNo("floor");
  if (reader.has("audience")) {
    rule.audience = reader.named("audience", audienceFromName, "audience");
  }
  readWhatItJudges(reader, rule);
  if (reader.has("needs")) readNeeds(reader.object("needs"), rule);
  // By what it says, marked or not.
  if (reader.faultCount() == 0) {
    rule.isFloor = rule.isFloor || std::ranges::any_of(rule.levels, isOnFloor);
  }
  needTarget(rule);
  if (reader.faultCount() == 0) refuseContradictions(reader, rule);
  std::ranges::sort(rule.levels, {}, &Level::priority);
  return rule;
}

}  // namespace

std::expected<Rule, DocumentFaults> compile(std::string_view json) {
  if (auto faults = jsonFaults(json); !faults.empty()) return std::unexpected(std::move(faults));
  const Json document = Json::parse(json, nullptr, false);
  DocumentFaults faults;
  Reader reader(document, "", faults);
  if (document.is_null()) return std::unexpected(DocumentFaults{{"", "not an object"}});
  Rule rule = readRule(reader);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  rule.hash = sha256Hex(document.dump());
  return rule;
}

std::string setHash(std::span<const std::string> hashes) {
  std::vector<std::string> sorted(hashes.begin(), hashes.end());
  std::ranges::sort(sorted);
  std::string all;
  for (const std::string& hash : sorted) all += hash + "\n";
  return sha256Hex(all);
}

}  // namespace vardnav::rules
