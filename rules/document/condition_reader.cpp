// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/condition_reader.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "rules/document/measure_reader.h"
#include "rules/document/names.h"

namespace vardnav::rules {
namespace {

constexpr std::uint16_t kMaxTimes = 1000;
constexpr std::uint16_t kMaxSlots = 100;
constexpr std::size_t kMaxParts = 16;
constexpr std::size_t kMaxSignals = 8;

// What a condition may be; exactly one of them names its kind.
constexpr std::array<std::string_view, 10> kKinds = {
    "measure",      "meter_says", "repeated", "consecutive", "absent",
    "missed_slots", "fact",       "all",      "any",         "not"};

bool isSpirometry(Code code) {
  return code == Code::kFev1 || code == Code::kFev6 || code == Code::kFvc || code == Code::kPef;
}

/// nullopt is told already.
std::optional<std::string_view> kindOf(Reader& reader) {
  std::optional<std::string_view> kind;
  for (const std::string_view name : kKinds) {
    if (!reader.has(name)) continue;
    if (kind) {
      reader.refuse(name, "a second kind of condition besides " + std::string(*kind));
      return std::nullopt;
    }
    kind = name;
  }
  if (!kind)
    reader.refuse("",
                  "no kind of condition: needs measure, meter_says, repeated, "
                  "consecutive, absent, missed_slots, fact, all, any or not");
  return kind;
}

}  // namespace

Condition ConditionReader::read(Reader& reader, std::size_t depth) {
  if (depth > kMaxConditionDepth) {
    reader.refuse("", "conditions within conditions, more than 6 deep");
    return {};
  }
  if (++count_ > kMaxConditions) {
    if (count_ == kMaxConditions + 1) reader.refuse("", "more than 48 conditions in one rule");
    return {};
  }
  const auto kind = kindOf(reader);
  if (!kind) return {};
  if (*kind == "measure" || *kind == "meter_says") {
    return std::visit([](auto test) { return Condition{std::move(test)}; }, readTest(reader));
  }
  reader.knowOnly({*kind});
  if (*kind == "repeated") return {readRepeated(reader.object(*kind))};
  if (*kind == "consecutive") return {readConsecutive(reader.object(*kind))};
  if (*kind == "absent") return {readAbsent(reader.object(*kind))};
  if (*kind == "fact") return {PatientFact{reader.named("fact", factFromName, "fact")}};
  if (*kind == "all") return {All{readParts(reader, *kind, depth)}};
  if (*kind == "any") return {Any{readParts(reader, *kind, depth)}};
  if (*kind == "not") {
    Reader part = reader.object(*kind);
    return {Not{{read(part, depth + 1)}}};
  }
  namesSchedule_ = true;
  Reader slots = reader.object(*kind);
  slots.knowOnly({"at_least"});
  return {MissedSlots{slots.count("at_least", 1, kMaxSlots)}};
}

std::vector<Condition> ConditionReader::readParts(Reader& reader, std::string_view name,
                                                  std::size_t depth) {
  std::vector<Condition> parts;
  reader.objects(name, 2, kMaxParts, [&](Reader& part) { parts.push_back(read(part, depth + 1)); });
  return parts;
}

ReadingTest ConditionReader::readTest(Reader reader) {
  if (!reader.has("meter_says")) return readMeasure(reader);
  if (reader.has("measure")) reader.refuse("measure", "a second kind of condition");
  return readMeterSays(reader);
}

ReadingTest ConditionReader::readMeasure(Reader& reader) {
  const Series series = readSeries(reader);
  const auto [measure, members] = rules::readMeasure(reader, reader.text("measure"));
  std::vector<std::string_view> known = {"measure", "signal",        "part", "pick",
                                         "session", "no_older_than", "is"};
  known.insert(known.end(), members.begin(), members.end());
  const auto signal = hasKnownSignal_ ? std::optional(series.signal) : std::nullopt;
  const Milliseconds maximumAge =
      reader.has("no_older_than") ? reader.duration("no_older_than") : Milliseconds{0};
  const std::string is = reader.text("is");
  const bool isBand = is == "inside" || is == "outside";
  known.push_back(isBand ? "bands" : "limits");
  reader.knowOnly(known);
  if (isBand) {
    Band band{.series = series,
              .measure = measure,
              .isInside = is == "inside",
              .low = {},
              .high = {},
              .maximumAge = maximumAge};
    readBands(reader, measure, signal, band);
    return band;
  }
  Compare compare{series, measure, Comparison::kBelow, {}, maximumAge};
  if (const auto comparison = comparisonFromName(is)) {
    compare.is = *comparison;
  } else if (!is.empty()) {
    reader.refuse("is", "unknown comparison");
  }
  compare.limits = readLimits(reader, measure, signal);
  return compare;
}

MeterSays ConditionReader::readMeterSays(Reader& reader) {
  reader.knowOnly({"meter_says", "signal", "part", "pick", "session"});
  MeterSays says;
  says.series = readSeries(reader);
  reader.texts("meter_says", 1, 3, [&](const std::string& word, const std::string& step) {
    if (word == "HI") {
      says.isHigh = true;
    } else if (word == "LO") {
      says.isLow = true;
    } else if (word == "NaN") {
      says.isNotANumber = true;
    } else {
      reader.refuse(step, "not HI, LO or NaN");
    }
  });
  return says;
}

Repeated ConditionReader::readRepeated(Reader reader) {
  reader.knowOnly({"at_least", "window", "spacing", "of"});
  Repeated repeated;
  repeated.atLeast = reader.count("at_least", 1, kMaxTimes);
  repeated.window = readWindow(reader.object("window"));
  if (reader.has("spacing")) repeated.spacing = reader.duration("spacing");
  const Window& window = repeated.window;
  if (window.count != 0 && repeated.atLeast > window.count) {
    reader.refuse("at_least", "more than the window holds");
  } else if (window.elapsed.count() != 0 &&
             repeated.spacing * (repeated.atLeast - 1) > window.elapsed) {
    reader.refuse("spacing", "so many readings so far apart do not fit in the window");
  }
  repeated.each = readTest(reader.object("of"));
  return repeated;
}

Consecutive ConditionReader::readConsecutive(Reader reader) {
  reader.knowOnly({"count", "of"});
  const std::uint16_t count = reader.count("count", 2, kMaxTimes);
  return {readTest(reader.object("of")), count};
}

AbsentFor ConditionReader::readAbsent(Reader reader) {
  reader.knowOnly({"signals", "for", "or_never"});
  AbsentFor absent;
  reader.texts("signals", 1, kMaxSignals, [&](const std::string& name, const std::string& step) {
    if (const auto code = codeFromName(name)) {
      absent.signals.push_back(*code);
      note(*code);
    } else {
      reader.refuse(step, "unknown code");
    }
  });
  absent.duration = reader.duration("for");
  if (reader.has("or_never")) absent.isFromTheFirst = reader.yesOrNo("or_never");
  return absent;
}

Series ConditionReader::readSeries(Reader& reader) {
  Series series;
  const std::size_t before = reader.faultCount();
  series.signal = reader.named("signal", codeFromName, "code");
  hasKnownSignal_ = reader.faultCount() == before;
  if (hasKnownSignal_) note(series.signal);
  if (reader.has("part")) {
    Reader part = reader.object("part");
    part.knowOnly({"from", "until"});
    series.part = {part.timeOfDay("from"), part.timeOfDay("until", true)};
    if (series.part.from >= series.part.until) part.refuse("until", "not after from");
  }
  if (reader.has("pick")) {
    series.pick = reader.named("pick", pickFromName, "pick");
    if (series.pick == Pick::kEvery) reader.refuse("pick", "every: leave it out");
  }
  if (reader.has("session")) {
    const auto session = reader.duration("session");
    series.session = std::chrono::duration_cast<std::chrono::minutes>(session);
    if (series.pick != Pick::kFirstOfDay || !isSpirometry(series.signal)) {
      reader.refuse("session", "only with first-of-day of fev1, fev6, fvc or pef");
    } else if (session > std::chrono::hours{12}) {
      reader.refuse("session", "longer than 12 h");
    }
  }
  return series;
}

void ConditionReader::note(Code signal) {
  if (std::ranges::find(signals_, signal) == signals_.end()) signals_.push_back(signal);
}

}  // namespace vardnav::rules
