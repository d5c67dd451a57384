// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/state.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardnav::rules {
namespace {

UtcTime at(std::int64_t milliseconds) { return UtcTime{Milliseconds{milliseconds}}; }

ReadingKey key(std::uint8_t last) {
  ReadingKey result;
  result.octets[15] = last;
  return result;
}

Sample sample(std::uint8_t last, std::int64_t milliseconds) {
  Sample result;
  result.key = key(last);
  result.at = at(milliseconds);
  result.mantissa = -123456789012345678;
  result.exponent = -7;
  result.unit = Unit::kKilogram;
  result.localDay = 20780;
  result.truths = 0xFFFF;
  return result;
}

RuleState fullState() {
  RuleState state;
  state.judgedBy = 0xFEDCBA9876543211;
  state.acts = 31;
  state.since = at(1'700'000'000'000);
  state.program = 0xFEDCBA9876543210;
  state.newestEvent = at(1'764'000'000'123);
  state.firedUntil = at(-1);
  state.arrivedAt = at(1'764'000'000'456);
  state.open = Priority::kP2;
  state.firedAt = at(1'764'000'000'000);
  state.fired = Priority::kP1;
  state.status = Truth::kTrue;
  state.isHeld = true;
  state.heldConfirmed = false;
  state.isPaused = true;
  state.gate = StandingGate{at(5), 2, Priority::kP3, Code::kSpo2, key(9)};
  state.levels[1] = {at(7), true};
  state.missed = 3;
  state.slotsDone = at(11);
  state.nextSlot = at(12);
  state.newestScheduled = at(13);
  state.newestValid = {kNever, at(14)};
  state.absencesFired = 5;
  state.withdrawals = 6;
  state.series.resize(2);
  state.series[0].samples = {sample(1, 1'763'000'000'000), sample(2, 1'763'000'000'000)};
  state.series[1].unanchored = sample(3, 1'764'000'000'123);
  state.series[1].unanchored->kind = Value::Kind::kLow;
  return state;
}

Verdict unspoken() {
  Verdict verdict;
  verdict.key = key(40);
  verdict.transition = Transition::kWithdrawn;
  verdict.withdraws = Transition::kWorsened;
  verdict.priority = Priority::kP2;
  verdict.at = at(1'764'000'000'789);
  verdict.isConfirmed = false;
  verdict.ruleHash = "ab12";
  verdict.engineVersion = 4;
  verdict.truths = {Truth::kTrue, Truth::kUnknown, Truth::kFalse};
  verdict.why = {"Blodsockret är 2,9 mmol/L – under 3,0 | 100 %!", "-"};
  verdict.inputs = {key(1), key(2)};
  return verdict;
}

TEST(RuleState, KeepsAllThatIsUnspoken) {
  RuleState state = fullState();
  state.checkpoints.add({at(1'763'000'000'000), encodeAlone(state)});
  state.unspoken = {{unspoken()}, {Verdict{}}};
  const std::string text = encode(state);
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; })) << text;
  const auto read = decodeState(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, state);
  const Verdict& verdict = read->unspoken.at(0).verdict;
  EXPECT_EQ(verdict.transition, Transition::kWithdrawn);
  EXPECT_EQ(verdict.withdraws, Transition::kWorsened);
  EXPECT_EQ(verdict.priority, Priority::kP2);
  EXPECT_EQ(verdict.at, unspoken().at);
  EXPECT_EQ(verdict.isConfirmed, false);
  EXPECT_EQ(verdict.ruleHash, "ab12");
  EXPECT_EQ(verdict.engineVersion, 4U);
  EXPECT_EQ(verdict.contextVersion, "");
  EXPECT_EQ(verdict.truths, unspoken().truths);
  EXPECT_EQ(verdict.why, unspoken().why);
  EXPECT_EQ(verdict.inputs, unspoken().inputs);
}

TEST(RuleState, ReadsBackWhatItWrites) {
  for (const RuleState& state : {RuleState{}, fullState()}) {
    EXPECT_EQ(decodeState(encode(state)), state) << encode(state);
  }
}

RuleState stateWithCheckpoints() {
  RuleState state = fullState();
  state.checkpoints.add({at(1'763'000'000'000), encodeAlone(fullState())});
  state.checkpoints.add({at(1'764'000'000'000), encodeAlone(RuleState{})});
  return state;
}

TEST(RuleState, KeepsItsCheckpoints) {
  const RuleState state = stateWithCheckpoints();
  const auto read = decodeState(encode(state));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, state);
  EXPECT_EQ(decodeState(read->checkpoints.all()[0].text), fullState());
}

TEST(RuleState, RefusesDamagedCheckpoints) {
  const std::string alone = encodeAlone(fullState());
  for (const char* more :
       {"|", "| ", "|17", "|17 ", "|x 3", "|17 3|16 3", "|17 3|17 3", "|1764000000124 3", "|17 3|",
        "||17 3", "|1 3|2 3|3 3|4 3|5 3|6 3|7 3|8 3|9 3"}) {
    EXPECT_EQ(decodeState(alone + more), std::nullopt) << more;
  }
  EXPECT_NE(decodeState(alone + "|1 3|2 3|3 3|4 3|5 3|6 3|7 3|8 3"), std::nullopt);
}

/// Without the word of the newest arrival, the eighth.
std::string thirdVersionOf(const RuleState& state) {
  std::string text = encodeAlone(state);
  std::size_t begin = 0;
  for (int word = 0; word < 7; ++word) begin = text.find(' ', begin) + 1;
  text.erase(begin, text.find(' ', begin) + 1 - begin);
  return "3" + text.substr(1);
}

TEST(RuleState, ReadsTheThirdVersionWithItsCheckpoints) {
  RuleState state = stateWithCheckpoints();
  state.arrivedAt = kNever;
  std::string text = thirdVersionOf(state);
  const std::string whole = encode(state);
  text += whole.substr(whole.find('|'));
  EXPECT_EQ(decodeState(text), state);
}

TEST(RuleState, ReadsTheSecondVersionAsThatOfAnUnknownJudge) {
  RuleState state = fullState();
  state.arrivedAt = kNever;
  std::string text = thirdVersionOf(state);
  text = "2" + text.substr(text.find(" 31 ") + 3);
  state.judgedBy = 0;
  state.acts = 0;
  EXPECT_EQ(decodeState(text), state);
}

TEST(RuleState, KeepsOnlyTheNewestOfTooManySamplesAndSaysSo) {
  RuleState state;
  state.series.resize(1);
  for (std::size_t i = 0; i < kMaxStoredSamples; ++i) {
    state.series[0].samples.push_back(sample(1, static_cast<std::int64_t>(i)));
  }
  EXPECT_EQ(decodeState(encode(state)), state);
  state.series[0].samples.push_back(sample(2, kMaxStoredSamples));
  const auto read = decodeState(encode(state));
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->isSpilled);
  ASSERT_EQ(read->series[0].samples.size(), 1U);
  EXPECT_EQ(read->series[0].samples[0].key, key(2));
}

TEST(RuleState, ReadsTheFirstVersionsOpenAlert) {
  const auto state = decodeState("1 P2 1764000000123");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->open, Priority::kP2);
  EXPECT_EQ(state->newestEvent, at(1'764'000'000'123));
  EXPECT_EQ(decodeState("1 - -")->open, std::nullopt);
}

TEST(RuleState, RefusesEveryTruncationAndAddition) {
  const std::string whole = encode(fullState());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto read = decodeState(whole.substr(0, length));
    // A number cut short is another number; nothing else may pass.
    if (read) {
      EXPECT_EQ(whole[length - 1], encode(*read).back()) << length;
    }
  }
  EXPECT_EQ(decodeState(whole + " 1"), std::nullopt);
  EXPECT_EQ(decodeState(whole + " "), std::nullopt);
}

TEST(RuleState, RefusesEveryWordThatIsNotOne) {
  const std::string whole = encode(fullState());
  for (const std::string_view bad : {"x", "99999999999999999999", "P4", "--", ""}) {
    for (std::size_t begin = 0; begin < whole.size();) {
      const auto end = std::min(whole.find(' ', begin), whole.size());
      const std::string text = whole.substr(0, begin) + std::string(bad) + whole.substr(end);
      EXPECT_EQ(decodeState(text), std::nullopt) << text;
      begin = end + 1;
    }
  }
}

TEST(RuleState, RefusesAnythingElse) {
  for (const char* text : {"", "1", "4 - -", "3 0 0 -", "2 -|1 3", "1 P4 17", "1 P2 x", "1 P2 17x",
                           "1 P2 17 x", "1 P2 99999999999999999999", "P2 17", "1  P2 17"}) {
    EXPECT_EQ(decodeState(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace vardnav::rules
