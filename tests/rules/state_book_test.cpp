// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/state_book.h"

#include <gtest/gtest.h>

namespace vardnav::rules {
namespace {

const PersonId kPerson("p-7f3a");
const RuleId kRule("glucose-low");

class CountingStore final : public StateStore {
 public:
  Result<std::optional<StateText>> ruleState(const PersonId&, const RuleId&) override {
    ++reads;
    return text;
  }
  Result<void> setRuleState(const PersonId&, const RuleId&, const std::string& standing,
                            const std::optional<std::string>& checkpoints) override {
    ++writes;
    if (!text) text.emplace();
    text->standing = standing;
    if (!checkpoints) return {};
    ++writesOfCheckpoints;
    text->checkpoints = *checkpoints;
    return {};
  }
  std::optional<StateText> text;
  int reads = 0;
  int writes = 0;
  int writesOfCheckpoints = 0;
};

RuleState stateOf(std::uint32_t withdrawals, std::size_t samples = 0) {
  RuleState state;
  state.withdrawals = withdrawals;
  state.newestEvent = UtcTime(Milliseconds(1'900'000'000'000));
  state.series.resize(1);
  state.series[0].samples.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    state.series[0].samples[i].at = UtcTime(Milliseconds(1'800'000'000'000 + 60'000 * i));
  }
  return state;
}

TEST(StateBook, ReadsAndWritesEachStateOnce) {
  CountingStore stored;
  stored.text = textOf(stateOf(1));
  StateBook book(stored);
  for (std::uint32_t i = 1; i < 5; ++i) {
    const auto state = book.state(kPerson, kRule).value();
    ASSERT_TRUE(state);
    EXPECT_EQ(state->withdrawals, i);
    ASSERT_TRUE(book.setState(kPerson, kRule, stateOf(i + 1)));
  }
  EXPECT_EQ(stored.reads, 1);
  EXPECT_EQ(stored.writes, 0);
  ASSERT_TRUE(book.flush());
  ASSERT_TRUE(book.flush());
  EXPECT_EQ(stored.writes, 1);
  EXPECT_EQ(stored.text, textOf(stateOf(5)));
}

TEST(StateBook, ForgetsWhatAnItemSetThatIsUndone) {
  CountingStore stored;
  stored.text = textOf(stateOf(1));
  StateBook book(stored);
  ASSERT_TRUE(book.setState(kPerson, kRule, stateOf(2)));
  EXPECT_EQ(book.state(kPerson, kRule).value(), stateOf(2)) << "within its own item";
  book.undoItem();
  EXPECT_EQ(book.state(kPerson, kRule).value(), stateOf(1));
  ASSERT_TRUE(book.setState(kPerson, kRule, stateOf(3)));
  book.keepItem();
  ASSERT_TRUE(book.setState(kPerson, kRule, stateOf(4)));
  book.undoItem();
  EXPECT_EQ(book.state(kPerson, kRule).value(), stateOf(3));
  ASSERT_TRUE(book.flush());
  EXPECT_EQ(stored.text, textOf(stateOf(3)));
}

TEST(StateBook, WritesCheckpointsOnlyWhereTheyAreOthers) {
  CountingStore stored;
  StateBook book(stored);
  RuleState state = stateOf(1);
  state.checkpoints.add({UtcTime(Milliseconds(1'800'000'000'000)), encodeAlone(stateOf(0))});
  ASSERT_TRUE(book.setState(kPerson, kRule, state));
  ASSERT_TRUE(book.flush());
  EXPECT_EQ(stored.writesOfCheckpoints, 1);
  EXPECT_EQ(decodeState(*stored.text), state);

  StateBook next(stored);
  state = next.state(kPerson, kRule).value().value();
  ++state.withdrawals;
  ASSERT_TRUE(next.setState(kPerson, kRule, state));
  ASSERT_TRUE(next.flush());
  EXPECT_EQ(stored.writesOfCheckpoints, 1);
  EXPECT_EQ(decodeState(*stored.text), state);

  state.checkpoints.clear();
  ASSERT_TRUE(next.setState(kPerson, kRule, state));
  ASSERT_TRUE(next.flush());
  EXPECT_EQ(stored.writesOfCheckpoints, 2);
  EXPECT_EQ(decodeState(*stored.text), state);
}

TEST(StateBook, PartsATextThatWasWrittenAsOne) {
  RuleState state = stateOf(1);
  state.checkpoints.add({UtcTime(Milliseconds(1'800'000'000'000)), encodeAlone(stateOf(0))});
  CountingStore stored;
  stored.text = {encode(state), "|1 of another time"};
  StateBook book(stored);
  ASSERT_EQ(book.state(kPerson, kRule).value(), state);
  ASSERT_TRUE(book.setState(kPerson, kRule, state));
  ASSERT_TRUE(book.flush());
  EXPECT_EQ(stored.text, textOf(state));
}

TEST(StateBook, KeepsAStateWhoseCheckpointsAreDamaged) {
  CountingStore stored;
  stored.text = {encodeAlone(stateOf(1)), "|?"};
  StateBook book(stored);
  ASSERT_EQ(book.state(kPerson, kRule).value(), stateOf(1));
  ASSERT_TRUE(book.setState(kPerson, kRule, stateOf(2)));
  ASSERT_TRUE(book.flush());
  EXPECT_EQ(stored.text, textOf(stateOf(2)));
}

TEST(StateBook, WhatIsMissingOrDamagedIsNone) {
  CountingStore stored;
  StateBook missing(stored);
  EXPECT_FALSE(missing.state(kPerson, kRule).value());
  EXPECT_FALSE(missing.state(kPerson, kRule).value());
  EXPECT_EQ(stored.reads, 1);
  stored.text = {"9 ?", ""};
  StateBook damaged(stored);
  EXPECT_FALSE(damaged.state(kPerson, kRule).value());
  ASSERT_TRUE(damaged.flush());
  EXPECT_EQ(stored.text->standing, "9 ?");
}

TEST(StateBook, GivesAStateThatIsTooLargeBackAsTheStoreWould) {
  CountingStore stored;
  StateBook book(stored);
  const RuleState large = stateOf(1, kMaxStoredSamples + 1);
  ASSERT_TRUE(book.setState(kPerson, kRule, large));
  const auto given = book.state(kPerson, kRule).value();
  ASSERT_TRUE(given);
  EXPECT_TRUE(given->isSpilled);
  EXPECT_EQ(given, decodeState(textOf(large)));
}

}  // namespace
}  // namespace vardnav::rules
