// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/wording.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace vardnav::rules {
namespace {

enum class Language : std::uint8_t { kSwedish, kEnglish };

std::string numberText(const Decimal& number, Language language) {
  std::string text = number.toString();
  if (language == Language::kSwedish) std::ranges::replace(text, '.', ',');
  return text;
}

/// As people write it.
std::string unitText(Unit unit, Language language) {
  switch (unit) {
    case Unit::kOne:
      return "";
    case Unit::kPercent:
      return language == Language::kSwedish ? " %" : "%";
    case Unit::kPound:
      return " lb";
    case Unit::kMillimetreOfMercury:
      return " mmHg";
    case Unit::kDegreeCelsius:
      return " °C";
    default:
      return " " + std::string(ucumOf(unit));
  }
}

std::string quantityText(const Quantity& quantity, Language language) {
  return numberText(quantity.value, language) + unitText(quantity.unit, language);
}

std::string valueText(const Observation& observation, Language language) {
  const bool isSwedish = language == Language::kSwedish;
  switch (observation.value.kind) {
    case Value::Kind::kHigh:
      return isSwedish ? "HI (över mätarens område)" : "HI (above the meter's range)";
    case Value::Kind::kLow:
      return isSwedish ? "LO (under mätarens område)" : "LO (below the meter's range)";
    case Value::Kind::kNotANumber:
      return isSwedish ? "inget värde" : "no value";
    case Value::Kind::kNumber:
      break;
  }
  std::string text = quantityText({observation.value.number, observation.unit}, language);
  if (observation.shown && observation.shown->unit != observation.unit) {
    text += " (" + quantityText(*observation.shown, language) + ")";
  }
  return text;
}

struct Facts {
  const Compare* condition;
  const Observation& newest;
  const OldFinding& finding;
};

std::string dayText(UtcTime at) { return toIso(toStockholm(at)).substr(0, 10); }

std::string factText(std::string_view name, const Facts& facts, Language language) {
  const OldFinding& finding = facts.finding;
  if (name == "value") return valueText(facts.newest, language);
  if (name == "limit" && finding.limit) return quantityText(*finding.limit, language);
  if (name == "rise" && finding.rise) return quantityText(*finding.rise, language);
  if (name == "lowest" && finding.lowest) return valueText(*finding.lowest, language);
  if (name == "percent" && finding.percent) {
    return quantityText({*finding.percent, Unit::kPercent}, language);
  }
  if (name == "baseline" && finding.baseline) {
    return quantityText(finding.baseline->value, language);
  }
  if (name == "baseline_day" && finding.baseline) return dayText(finding.baseline->at);
  if (name == "hours" && facts.condition != nullptr) {
    if (const auto* rise = std::get_if<Rise>(&facts.condition->measure)) {
      return std::to_string(
          std::chrono::duration_cast<std::chrono::hours>(rise->window.elapsed).count());
    }
  }
  return "–";
}

std::string filled(std::string_view pattern, const Facts& facts, Language language) {
  std::string text;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos) break;
    text += factText(pattern.substr(open + 1, close - open - 1), facts, language);
    pattern.remove_prefix(close + 1);
  }
  return text;
}

constexpr std::array<std::string_view, 1> kOfClear = {"value"};
constexpr std::array<std::string_view, 2> kOfValue = {"value", "limit"};
constexpr std::array<std::string_view, 5> kOfRise = {"value", "limit", "rise", "lowest", "hours"};
constexpr std::array<std::string_view, 5> kOfShare = {"value", "limit", "percent", "baseline",
                                                      "baseline_day"};

std::span<const std::string_view> placeholdersOf(const Measure* measure) {
  if (measure == nullptr) return kOfClear;
  if (std::holds_alternative<Rise>(*measure)) return kOfRise;
  if (std::holds_alternative<PercentOf>(*measure)) return kOfShare;
  return kOfValue;
}

}  // namespace

std::optional<std::string> unknownPlaceholder(std::string_view pattern, const Measure* measure) {
  const auto known = placeholdersOf(measure);
  for (auto open = pattern.find_first_of("{}"); open != std::string_view::npos;
       open = pattern.find_first_of("{}")) {
    const auto close = pattern.find('}', open);
    if (pattern[open] == '}' || close == std::string_view::npos) {
      return std::string(pattern.substr(open));
    }
    const auto name = pattern.substr(open + 1, close - open - 1);
    if (std::ranges::find(known, name) == known.end()) {
      return std::string(pattern.substr(open, close - open + 1));
    }
    pattern.remove_prefix(close + 1);
  }
  return std::nullopt;
}

Text fill(const Text& pattern, const Compare* condition, const Observation& newest,
          const OldFinding& finding) {
  const Facts facts{condition, newest, finding};
  return {filled(pattern.sv, facts, Language::kSwedish),
          filled(pattern.en, facts, Language::kEnglish)};
}

}  // namespace vardnav::rules
