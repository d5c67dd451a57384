// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document_format1.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "pipelines/model/digest.h"
#include "rules/json_check.h"
#include "rules/quantities.h"
#include "rules/wording.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMaxIdLength = 64;
constexpr std::size_t kMaxTextLength = 1000;
constexpr std::size_t kMaxSources = 20;
constexpr std::size_t kMaxLevels = 3;
constexpr std::size_t kMaxLimits = 4;
constexpr int kMaxPlaces = 6;
constexpr Decimal kMaxLimit{1, 6};
constexpr std::chrono::hours kMaxWindow{24 * 366};

using OldNames = std::initializer_list<std::string_view>;

/// One object being read. The first fault sticks, for all readers of one document; what is read
/// after it is empty.
class OldReader {
 public:
  OldReader(const Json& json, std::string place, std::optional<DocumentFault>& fault)
      : json_(json), place_(std::move(place)), fault_(fault) {
    if (!json_.is_object()) refuse("", "not an object");
  }

  /// A misspelt member must not be a missing one.
  void knowOnly(OldNames names) {
    if (!json_.is_object()) return;
    for (const auto& [name, value] : json_.items()) {
      if (std::ranges::find(names, name) == names.end() && !fault_) {
        fault_ = DocumentFault{place_ + pointerStep(name), "unknown member"};
      }
    }
  }

  bool has(std::string_view name) const { return json_.is_object() && json_.contains(name); }

  const Json& member(std::string_view name) {
    static const Json kAbsent;
    if (has(name)) return *json_.find(name);
    refuse(name, "missing");
    return kAbsent;
  }

  OldReader object(std::string_view name) { return {member(name), pointer(name), fault_}; }

  std::string text(std::string_view name) {
    const Json& value = member(name);
    if (const auto* text = value.get_ptr<const std::string*>()) {
      if (!text->empty() && text->size() <= kMaxTextLength) return *text;
    }
    refuse(name, "not a text of 1 to 1000 octets");
    return {};
  }

  std::string id(std::string_view name) {
    const std::string value = text(name);
    const bool isId = value.size() <= kMaxIdLength && std::ranges::all_of(value, [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!isId) refuse(name, "not an id of 1 to 64 of a-z, 0-9 and -");
    return value;
  }

  std::uint64_t integer(std::string_view name) {
    const Json& value = member(name);
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > 0) {
      return value.get<std::uint64_t>();
    }
    refuse(name, "not a whole number above 0");
    return 0;
  }

  Text bothLanguages(std::string_view name) {
    OldReader texts = object(name);
    texts.knowOnly({"sv", "en"});
    return {texts.text("sv"), texts.text("en")};
  }

  /// One of a table of names.
  template <class Parse>
  auto named(std::string_view name, Parse parse, std::string_view what) {
    using T = typename decltype(parse(std::string_view()))::value_type;
    const std::string value = text(name);
    if (const auto parsed = parse(std::string_view(value))) return *parsed;
    refuse(name, "unknown " + std::string(what));
    return T{};
  }

  /// Calls `each(reader)` for every object of an array of `least` to `most`.
  template <class Each>
  void objects(std::string_view name, std::size_t least, std::size_t most, Each each) {
    const Json& value = member(name);
    if (!value.is_array() || value.size() < least || value.size() > most) {
      refuse(name, "not an array of " + std::to_string(least) + " to " + std::to_string(most));
      return;
    }
    for (std::size_t i = 0; i < value.size() && !fault_; ++i) {
      OldReader reader(value[i], pointer(name) + "/" + std::to_string(i), fault_);
      each(reader);
    }
  }

  void refuse(std::string_view name, std::string reason) {
    if (!fault_) fault_ = DocumentFault{name.empty() ? place_ : pointer(name), std::move(reason)};
  }

 private:
  std::string pointer(std::string_view name) const { return place_ + "/" + std::string(name); }

  const Json& json_;
  std::string place_;
  std::optional<DocumentFault>& fault_;
};

std::optional<Comparison> comparisonFrom(std::string_view name) {
  static constexpr std::array kNames = {
      std::pair{std::string_view("below"), Comparison::kBelow},
      std::pair{std::string_view("at-most"), Comparison::kAtMost},
      std::pair{std::string_view("above"), Comparison::kAbove},
      std::pair{std::string_view("at-least"), Comparison::kAtLeast},
  };
  for (const auto& [text, value] : kNames) {
    if (text == name) return value;
  }
  return std::nullopt;
}

/// "12:00"
std::optional<std::chrono::minutes> timeOfDayFrom(std::string_view text) {
  const auto isDigit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !isDigit(0) || !isDigit(1) || !isDigit(3) ||
      !isDigit(4)) {
    return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::chrono::hours readWindow(OldReader reader) {
  reader.knowOnly({"value", "unit"});
  const auto value = reader.named("value", Decimal::parse, "decimal");
  if (reader.text("unit") != "h") reader.refuse("unit", "not h, in which windows are given");
  const auto whole = value.rounded(0);
  if (!whole || *whole != value || *whole <= Decimal(0, 0) ||
      *whole > Decimal(kMaxWindow.count(), 0)) {
    reader.refuse("value", "not whole hours above 0 and up to 8784");
    return std::chrono::hours{1};
  }
  return std::chrono::hours{whole->mantissa()};
}

Measure readMeasure(OldReader& reader, Series& series) {
  const std::string name = reader.text("measure");
  if (name == "value") {
    reader.knowOnly({"measure", "is", "limits"});
    return NewestValue{};
  }
  if (name == "rise") {
    reader.knowOnly({"measure", "within", "first_of_day_before", "is", "limits"});
    Rise rise;
    rise.window.elapsed = readWindow(reader.object("within"));
    if (reader.has("first_of_day_before")) {
      series.pick = Pick::kFirstOfDay;
      series.part.until =
          reader.named("first_of_day_before", timeOfDayFrom, "time of day: write 12:00");
    }
    return rise;
  }
  if (name == "percent_of_prescribed") {
    reader.knowOnly({"measure", "prescribed", "is", "limits"});
    return PercentOf{PrescribedBaseline{reader.id("prescribed")}};
  }
  reader.refuse("measure", "unknown measure");
  return NewestValue{};
}

/// A share has its limit in percent, everything else in a unit of the signal.
bool fits(Unit unit, const Measure& measure, Code signal) {
  if (std::holds_alternative<PercentOf>(measure)) return unit == Unit::kPercent;
  return measures(unit, signal);
}

Quantity readLimit(OldReader& reader, const Measure& measure, Code signal) {
  reader.knowOnly({"value", "unit"});
  const auto value = reader.named("value", Decimal::parse, "decimal");
  const auto unit = reader.named("unit", unitFromUcum, "unit");
  if (!fits(unit, measure, signal)) {
    const bool isShare = std::holds_alternative<PercentOf>(measure);
    reader.refuse("unit", isShare ? "a share is limited in %"
                                  : std::string(ucumOf(unit)) + " does not measure " +
                                        std::string(nameOf(signal)));
  }
  const bool isSmall = value > Decimal(0, 0) && value <= kMaxLimit;
  if (!isSmall || value.exponent() < -kMaxPlaces) {
    reader.refuse("value", "not above 0 and up to 1000000 with at most 6 decimals");
  }
  return {value, unit};
}

Compare readCondition(OldReader reader, Code signal) {
  Compare condition;
  condition.series.signal = signal;
  condition.measure = readMeasure(reader, condition.series);
  condition.is = reader.named("is", comparisonFrom, "comparison");
  reader.objects("limits", 1, kMaxLimits, [&](OldReader& limit) {
    const Quantity quantity = readLimit(limit, condition.measure, signal);
    for (const Quantity& other : condition.limits) {
      if (other.unit == quantity.unit) limit.refuse("unit", "a second limit in this unit");
    }
    condition.limits.push_back(quantity);
  });
  // Otherwise a reading in the other unit would be unknown for ever.
  const bool needsBoth =
      signal == Code::kGlucose && !std::holds_alternative<PercentOf>(condition.measure);
  if (needsBoth && condition.limits.size() != 2) {
    reader.refuse("limits", "glucose needs a limit in mg/dL and one in mmol/L");
  }
  return condition;
}

Text readWhy(OldReader& reader, const Measure* measure) {
  const Text why = reader.bothLanguages("why");
  for (const auto& [language, text] : {std::pair{"/sv", &why.sv}, std::pair{"/en", &why.en}}) {
    if (const auto unknown = unknownPlaceholder(*text, measure)) {
      reader.refuse("why" + std::string(language), "unknown placeholder " + *unknown);
    }
  }
  return why;
}

Level readLevel(OldReader& reader, Code signal) {
  reader.knowOnly({"priority", "when", "why"});
  Level level;
  level.priority = reader.named("priority", priorityFromName, "priority");
  const Compare when = readCondition(reader.object("when"), signal);
  level.why = readWhy(reader, &when.measure);
  level.when.is = when;
  return level;
}

/// A value could satisfy both at once.
bool overlap(const Compare& level, const Compare& clear) {
  if (!(level.measure == clear.measure)) return false;
  if (isDownward(level.is) == isDownward(clear.is)) return true;
  const bool areInclusive = (level.is == Comparison::kAtMost || level.is == Comparison::kAtLeast) &&
                            (clear.is == Comparison::kAtMost || clear.is == Comparison::kAtLeast);
  for (const Quantity& raise : level.limits) {
    const auto limit = limitFor(raise.unit, clear.limits);
    const auto pair = limit ? inOneUnit(raise, *limit) : std::nullopt;
    if (!pair) continue;
    if (pair->left == pair->right && areInclusive) return true;
    if (isDownward(level.is) ? pair->right < pair->left : pair->right > pair->left) return true;
  }
  return false;
}

Clear readClear(OldReader reader, const std::vector<Level>& levels, Code signal) {
  reader.knowOnly({"when", "why"});
  Clear clear;
  clear.why = readWhy(reader, nullptr);
  if (!reader.has("when")) return clear;
  const Compare when = readCondition(reader.object("when"), signal);
  clear.when = Condition{when};
  for (const Level& level : levels) {
    // A priority that was refused is none, and has no name.
    if (level.priority != Priority{} && overlap(std::get<Compare>(level.when.is), when)) {
      reader.refuse("when", "can hold together with level " + std::string(nameOf(level.priority)));
    }
  }
  return clear;
}

std::vector<Level> readLevels(OldReader& reader, Code signal) {
  std::vector<Level> levels;
  reader.objects("levels", 1, kMaxLevels, [&](OldReader& entry) {
    Level level = readLevel(entry, signal);
    for (const Level& other : levels) {
      if (other.priority == level.priority) entry.refuse("priority", "a second level of it");
    }
    levels.push_back(std::move(level));
  });
  std::ranges::sort(levels, {}, &Level::priority);
  return levels;
}

void readSources(OldReader& reader) {
  const Json& sources = reader.member("source");
  if (!sources.is_array() || sources.empty() || sources.size() > kMaxSources) {
    return reader.refuse("source", "not an array of 1 to 20");
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto* text = sources[i].get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || text->size() > kMaxTextLength) {
      reader.refuse("source/" + std::to_string(i), "not a text of 1 to 1000 octets");
    }
  }
}

Rule readRule(OldReader& reader) {
  reader.knowOnly({"$schema", "format", "id", "version", "condition", "title", "about", "source",
                   "signal", "levels", "clear"});
  if (reader.has("$schema")) reader.text("$schema");
  if (reader.integer("format") != kFormat) reader.refuse("format", "unknown format: 1 is known");
  Rule rule;
  rule.id = RuleId(reader.id("id"));
  rule.version = static_cast<std::uint32_t>(reader.integer("version"));
  rule.condition = ConditionId(reader.id("condition"));
  rule.title = reader.bothLanguages("title");
  if (reader.has("about")) reader.bothLanguages("about");
  readSources(reader);
  rule.signal = reader.named("signal", codeFromName, "code");
  rule.signals = {rule.signal};
  rule.levels = readLevels(reader, rule.signal);
  rule.clear = readClear(reader.object("clear"), rule.levels, rule.signal);
  return rule;
}

}  // namespace

std::expected<Rule, DocumentFaults> compileFormat1(std::string_view json) {
  if (auto fault = checkJson(json)) return std::unexpected(DocumentFaults{*std::move(fault)});
  const Json document = Json::parse(json, nullptr, false);
  std::optional<DocumentFault> fault;
  OldReader reader(document, "", fault);
  Rule rule = readRule(reader);
  if (fault) return std::unexpected(DocumentFaults{*std::move(fault)});
  rule.hash = sha256Hex(document.dump());
  return rule;
}

}  // namespace vardnav::rules
