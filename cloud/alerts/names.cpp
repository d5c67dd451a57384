// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <array>

#include "cloud/alerts/episode.h"

namespace vardnav::cloud::alerts {
namespace {

// Names in the order of their enumerators.
constexpr std::array<std::string_view, 5> kStates = {"raised", "notified", "acknowledged",
                                                     "in_progress", "closed"};
constexpr std::array<std::string_view, 11> kKinds = {
    "raised", "worsened", "repeated",  "routed",  "notified", "acknowledged",
    "begun",  "reminded", "escalated", "cleared", "closed"};
constexpr std::array<std::string_view, 9> kReasons = {
    "contacted-advice", "plan-changed", "visit-booked",    "emergency", "technique-error",
    "wrong-person",     "expected",     "rule-unsuitable", "duplicate"};
constexpr std::array<std::string_view, 3> kDues = {"none", "escalate", "remind"};

template <class Enum, std::size_t N>
std::optional<Enum> valueIn(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view nameOf(State state) { return kStates[static_cast<std::size_t>(state)]; }
std::optional<State> stateFromName(std::string_view name) { return valueIn<State>(kStates, name); }

std::string_view nameOf(EventKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::optional<EventKind> eventKindFromName(std::string_view name) {
  return valueIn<EventKind>(kKinds, name);
}

std::string_view nameOf(CloseReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }
std::optional<CloseReason> closeReasonFromName(std::string_view name) {
  return valueIn<CloseReason>(kReasons, name);
}

std::string_view nameOf(Due due) { return kDues[static_cast<std::size_t>(due)]; }
std::optional<Due> dueFromName(std::string_view name) { return valueIn<Due>(kDues, name); }

}  // namespace vardnav::cloud::alerts
