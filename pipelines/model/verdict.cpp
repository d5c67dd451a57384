// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/verdict.h"

#include <array>

namespace vardnav {
namespace {

constexpr std::array<std::string_view, 3> kPriorities = {"P1", "P2", "P3"};
// In the order of enum Transition.
constexpr std::array<std::string_view, 12> kTransitions = {
    "raised",  "worsened", "cleared", "withdrawn", "candidate", "dismissed",
    "unknown", "gated",    "held",    "reminder",  "paused",    "resumed"};

}  // namespace

std::string_view nameOf(Priority priority) {
  return kPriorities[static_cast<std::size_t>(priority) - 1];
}

std::optional<Priority> priorityFromName(std::string_view name) {
  for (std::size_t i = 0; i < kPriorities.size(); ++i) {
    if (kPriorities[i] == name) return static_cast<Priority>(i + 1);
  }
  return std::nullopt;
}

std::string_view nameOf(Transition transition) {
  return kTransitions[static_cast<std::size_t>(transition)];
}

std::optional<Transition> transitionFromName(std::string_view name) {
  for (std::size_t i = 0; i < kTransitions.size(); ++i) {
    if (kTransitions[i] == name) return static_cast<Transition>(i);
  }
  return std::nullopt;
}

bool isLasting(Transition transition) {
  return transition == Transition::kRaised || transition == Transition::kWorsened ||
         transition == Transition::kCleared;
}

bool hasPriority(Transition transition) {
  switch (transition) {
    case Transition::kUnknown:
    case Transition::kGated:
    case Transition::kReminder:
    case Transition::kPaused:
    case Transition::kResumed:
      return false;
    default:
      return true;
  }
}

}  // namespace vardnav
