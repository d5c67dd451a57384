// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/observation.h"

#include <array>
#include <string>
#include <utility>

namespace vardnav {
namespace {

constexpr std::array kFlagNames = {
    std::pair{Flag::kControlSolution, std::string_view("control-solution")},
    std::pair{Flag::kBadBlow, std::string_view("bad-blow")},
    std::pair{Flag::kPersonOther, std::string_view("person-other")},
    std::pair{Flag::kPersonUnconfirmed, std::string_view("person-unconfirmed")},
    std::pair{Flag::kClockFault, std::string_view("clock-fault")},
    std::pair{Flag::kSuspectedRepeat, std::string_view("suspected-repeat")},
    std::pair{Flag::kManual, std::string_view("manual")},
    std::pair{Flag::kQuestionable, std::string_view("questionable")},
};

constexpr std::array kMethodNames = {
    std::pair{TimeMethod::kDeviceSynchronised, std::string_view("device-synchronised")},
    std::pair{TimeMethod::kAnchored, std::string_view("anchored")},
    std::pair{TimeMethod::kHubReceive, std::string_view("hub-receive")},
    std::pair{TimeMethod::kUnanchored, std::string_view("unanchored")},
};

template <class Table, class Key>
std::string_view nameIn(const Table& table, Key key) {
  for (const auto& [value, name] : table) {
    if (value == key) return name;
  }
  return "unknown";
}

template <class Key, class Table>
std::optional<Key> keyIn(const Table& table, std::string_view name) {
  for (const auto& [value, text] : table) {
    if (text == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string toString(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNumber:
      return value.number.toString();
    case Value::Kind::kHigh:
      return "HI";
    case Value::Kind::kLow:
      return "LO";
    case Value::Kind::kNotANumber:
      return "NaN";
  }
  return "NaN";
}

std::optional<Value> valueFromString(std::string_view text) {
  if (text == "HI") return Value{Value::Kind::kHigh, {}};
  if (text == "LO") return Value{Value::Kind::kLow, {}};
  if (text == "NaN") return Value{Value::Kind::kNotANumber, {}};
  const auto number = Decimal::parse(text);
  if (!number) return std::nullopt;
  return Value::of(*number);
}

std::string_view nameOf(Flag flag) { return nameIn(kFlagNames, flag); }
std::optional<Flag> flagFromName(std::string_view name) { return keyIn<Flag>(kFlagNames, name); }

std::string_view nameOf(TimeMethod method) { return nameIn(kMethodNames, method); }
std::optional<TimeMethod> timeMethodFromName(std::string_view name) {
  return keyIn<TimeMethod>(kMethodNames, name);
}

}  // namespace vardnav
