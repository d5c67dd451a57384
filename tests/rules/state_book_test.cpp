// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/state_book.h"

#include <gtest/gtest.h>

namespace vardnav::rules {
namespace {

const PersonId kPerson("p-7f3a");
const RuleId kRule("glucose-low");

class CountingStates final : public States {
 public:
  Result<std::optional<std::string>> ruleState(const PersonId&, const RuleId&) override {
    ++reads;
    return text;
  }
  Result<void> setRuleState(const PersonId&, const RuleId&, const std::string& state) override {
    ++writes;
    text = state;
    return {};
  }
  std::optional<std::string> text;
  int reads = 0;
  int writes = 0;
};

RuleState stateOf(std::uint32_t withdrawals, std::size_t samples = 0) {
  RuleState state;
  state.withdrawals = withdrawals;
  state.series.resize(1);
  state.series[0].samples.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    state.series[0].samples[i].at = UtcTime(Milliseconds(1'800'000'000'000 + 60'000 * i));
  }
  return state;
}

TEST(StateBook, ReadsAndWritesEachStateOnce) {
  CountingStates stored;
  stored.text = encode(stateOf(1));
  StateBook book(stored);
  for (std::uint32_t i = 1; i < 5; ++i) {
    const auto state = book.decoded(kPerson, kRule).value();
    ASSERT_TRUE(state);
    EXPECT_EQ(state->withdrawals, i);
    ASSERT_TRUE(book.setDecoded(kPerson, kRule, stateOf(i + 1)));
  }
  EXPECT_EQ(stored.reads, 1);
  EXPECT_EQ(stored.writes, 0);
  ASSERT_TRUE(book.flush());
  ASSERT_TRUE(book.flush());
  EXPECT_EQ(stored.writes, 1);
  EXPECT_EQ(stored.text, encode(stateOf(5)));
  EXPECT_EQ(book.ruleState(kPerson, kRule).value(), stored.text);
}

TEST(StateBook, WhatIsMissingOrDamagedIsNone) {
  CountingStates stored;
  StateBook missing(stored);
  EXPECT_FALSE(missing.decoded(kPerson, kRule).value());
  EXPECT_FALSE(missing.decoded(kPerson, kRule).value());
  EXPECT_EQ(stored.reads, 1);
  stored.text = "9 ?";
  StateBook damaged(stored);
  EXPECT_FALSE(damaged.decoded(kPerson, kRule).value());
  ASSERT_TRUE(damaged.flush());
  EXPECT_EQ(stored.text, "9 ?");
}

TEST(StateBook, GivesAStateThatIsTooLargeBackAsTheStoreWould) {
  CountingStates stored;
  StateBook book(stored);
  const RuleState large = stateOf(1, kMaxStoredSamples + 1);
  ASSERT_TRUE(book.setDecoded(kPerson, kRule, large));
  const auto given = book.decoded(kPerson, kRule).value();
  ASSERT_TRUE(given);
  EXPECT_TRUE(given->isSpilled);
  EXPECT_EQ(given, decodeState(encode(large)));
}

}  // namespace
}  // namespace vardnav::rules
