// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/state.h"

#include <charconv>

namespace vardnav::rules {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kNone = "-";

/// Up to the next space, which is taken away with it.
std::string_view takeWord(std::string_view& text) {
  const auto end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

}  // namespace

std::string encode(const RuleState& state) {
  std::string text(kVersion);
  text += " ";
  text += state.open ? nameOf(*state.open) : kNone;
  text += " ";
  text += state.newestAt ? std::to_string(state.newestAt->time_since_epoch().count())
                         : std::string(kNone);
  return text;
}

std::optional<RuleState> decodeState(std::string_view text) {
  if (takeWord(text) != kVersion) return std::nullopt;
  RuleState state;
  if (const auto word = takeWord(text); word != kNone) {
    state.open = priorityFromName(word);
    if (!state.open) return std::nullopt;
  }
  if (const auto word = takeWord(text); word != kNone) {
    Milliseconds::rep count = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    state.newestAt = UtcTime{Milliseconds{count}};
  }
  if (!text.empty()) return std::nullopt;
  return state;
}

}  // namespace vardnav::rules
