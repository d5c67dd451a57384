// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/names.h"

#include <array>
#include <cstddef>
#include <span>

namespace vardnav::rules {
namespace {

using Words = std::span<const std::string_view>;

// Each in the order of its enum.
constexpr std::array<std::string_view, 4> kComparisons = {"below", "at-most", "above", "at-least"};
constexpr std::array<std::string_view, 4> kStatistics = {"mean", "median", "lowest", "highest"};
constexpr std::array<std::string_view, 5> kPicks = {"every", "first-of-day", "last-of-day",
                                                    "lowest-of-day", "highest-of-day"};
constexpr std::array<std::string_view, 5> kFacts = {"insulin-or-sulphonylurea", "sglt2-inhibitor",
                                                    "hypercapnia-confirmed", "on-oxygen",
                                                    "unaware-of-hypoglycaemia"};

template <class Enum>
std::optional<Enum> find(Words words, std::string_view name) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

template <class Enum>
std::string_view word(Words words, Enum value) {
  return words[static_cast<std::size_t>(value)];
}

}  // namespace

std::string_view nameOf(Comparison is) { return word(kComparisons, is); }
std::optional<Comparison> comparisonFromName(std::string_view name) {
  return find<Comparison>(kComparisons, name);
}

std::string_view nameOf(Statistic statistic) { return word(kStatistics, statistic); }
std::optional<Statistic> statisticFromName(std::string_view name) {
  return find<Statistic>(kStatistics, name);
}

std::string_view nameOf(Pick pick) { return word(kPicks, pick); }
std::optional<Pick> pickFromName(std::string_view name) { return find<Pick>(kPicks, name); }

std::string_view nameOf(Fact fact) { return word(kFacts, fact); }
std::optional<Fact> factFromName(std::string_view name) { return find<Fact>(kFacts, name); }

}  // namespace vardnav::rules
