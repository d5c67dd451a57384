// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <array>
#include <utility>

#include "pipelines/intake/intake.h"

namespace vardnav::intake {
namespace {

constexpr std::array kNames = {
    std::pair{Reason::kNone, std::string_view("none")},
    std::pair{Reason::kMalformed, std::string_view("malformed")},
    std::pair{Reason::kUnknownKind, std::string_view("unknown-kind")},
    std::pair{Reason::kNoValue, std::string_view("no-value")},
    std::pair{Reason::kUnboundDevice, std::string_view("unbound-device")},
    std::pair{Reason::kUnknownUser, std::string_view("unknown-user")},
    std::pair{Reason::kBeforeBinding, std::string_view("before-binding")},
    std::pair{Reason::kConflict, std::string_view("conflict")},
    std::pair{Reason::kControlSolution, std::string_view("control-solution")},
    std::pair{Reason::kUnfinished, std::string_view("unfinished")},
    std::pair{Reason::kDiscarded, std::string_view("discarded")},
};

}  // namespace

std::string_view nameOf(Reason reason) {
  for (const auto& [value, name] : kNames) {
    if (value == reason) return name;
  }
  return "unknown";
}

std::optional<Reason> reasonFromName(std::string_view name) {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  return std::nullopt;
}

bool isForAPerson(Reason reason) {
  return reason == Reason::kUnboundDevice || reason == Reason::kUnknownUser ||
         reason == Reason::kBeforeBinding || reason == Reason::kConflict;
}

}  // namespace vardnav::intake
