// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/state.h"

#include <gtest/gtest.h>

namespace vardnav::rules {
namespace {

TEST(RuleState, ReadsBackWhatItWrites) {
  const UtcTime at{Milliseconds{1764000000123}};
  for (const RuleState& state :
       {RuleState{}, RuleState{Priority::kP1, at}, RuleState{std::nullopt, at},
        RuleState{Priority::kP3, UtcTime{Milliseconds{-1}}}}) {
    EXPECT_EQ(decodeState(encode(state)), state) << encode(state);
  }
  // The stored form, which later versions must read.
  EXPECT_EQ(encode({Priority::kP2, at}), "1 P2 1764000000123");
  EXPECT_EQ(encode({}), "1 - -");
}

TEST(RuleState, RefusesAnythingElse) {
  for (const char* text : {"", "1", "2 P2 17", "1 P4 17", "1 P2 x", "1 P2 17x", "1 P2 17 x",
                           "1 P2 99999999999999999999", "P2 17", "1  P2 17"}) {
    EXPECT_EQ(decodeState(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace vardnav::rules
