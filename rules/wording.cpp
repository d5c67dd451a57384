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

std::string valueText(const Value& value, Unit unit, Language language) {
  const bool isSwedish = language == Language::kSwedish;
  switch (value.kind) {
    case Value::Kind::kHigh:
      return isSwedish ? "HI (över mätarens område)" : "HI (above the meter's range)";
    case Value::Kind::kLow:
      return isSwedish ? "LO (under mätarens område)" : "LO (below the meter's range)";
    case Value::Kind::kNotANumber:
      return isSwedish ? "inget värde" : "no value";
    case Value::Kind::kNumber:
      break;
  }
  std::string text = quantityText({value.number, unit}, language);
  const auto shown = normalised({value.number, unit});
  if (shown && shown->unit != unit) text += " (" + quantityText(*shown, language) + ")";
  return text;
}

std::string dayText(UtcTime at) { return toIso(toStockholm(at)).substr(0, 10); }

std::string factText(std::string_view name, const Finding& finding, Language language) {
  const auto* compare =
      finding.condition != nullptr ? std::get_if<Compare>(&finding.condition->is) : nullptr;
  if (name == "value" && finding.value) return valueText(*finding.value, finding.unit, language);
  if (name == "limit" && finding.limit) return quantityText(*finding.limit, language);
  if (name == "rise" && finding.measured) return quantityText(*finding.measured, language);
  if (name == "lowest" && finding.against) return quantityText(*finding.against, language);
  if (name == "percent" && finding.measured) {
    // Cut, not rounded: 79.96 % is not shown as 80.
    const auto tenths = finding.measured->value.shifted(1).dividedBy({1, 0}, 0);
    if (!tenths) return "–";
    Decimal cut = tenths->shifted(-1);
    if (cut > finding.measured->value) cut = cut.minus({1, -1}).value_or(cut);
    return quantityText({cut, Unit::kPercent}, language);
  }
  if (name == "baseline" && finding.against) return quantityText(*finding.against, language);
  if (name == "baseline_day" && finding.againstAt) return dayText(*finding.againstAt);
  if (name == "hours" && compare != nullptr) {
    if (const auto* rise = std::get_if<Rise>(&compare->measure)) {
      return std::to_string(
          std::chrono::duration_cast<std::chrono::hours>(rise->window.elapsed).count());
    }
  }
  return "–";
}

std::string filled(std::string_view pattern, const Finding& finding, Language language) {
  std::string text;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos) break;
    text += factText(pattern.substr(open + 1, close - open - 1), finding, language);
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

Text why(const Grounds& grounds) {
  const Text* pattern = nullptr;
  if (grounds.isByClear || grounds.transition == Transition::kCleared) {
    pattern = &grounds.rule->clear.why;
  } else if (grounds.level != nullptr) {
    pattern = &grounds.level->why;
  }
  if (grounds.doubt) {
    const std::string name(nameOf(grounds.doubt->flag));
    return {name, name};
  }
  if (pattern == nullptr || grounds.findings.empty()) return {};
  std::size_t place = 0;
  for (std::size_t i = 0; i < grounds.rule->levels.size(); ++i) {
    if (&grounds.rule->levels[i] == grounds.level && i < grounds.findings.size()) place = i;
  }
  if (pattern == &grounds.rule->clear.why) place = grounds.findings.size() - 1;
  const Finding& finding = grounds.findings[place];
  return {filled(pattern->sv, finding, Language::kSwedish),
          filled(pattern->en, finding, Language::kEnglish)};
}

}  // namespace vardnav::rules
