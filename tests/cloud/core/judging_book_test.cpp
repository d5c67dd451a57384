// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/judging_book.h"

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using testing::at;

rules::RuleState withdrawn(std::uint32_t times) {
  rules::RuleState state;
  state.withdrawals = times;
  return state;
}

TEST(JudgingBook, WritesWhatItemsLeaveAndForgetsWhatIsUndone) {
  testing::Care care;
  const PersonId person("p-1");
  const RuleId rule("glucose-low");
  auto transaction = care.careStore->begin();
  ASSERT_TRUE(transaction.has_value());
  const std::string first = rules::encodeAlone(withdrawn(1));
  ASSERT_TRUE((*transaction)->setRuleState(person, rule, first, "").has_value());

  JudgingBook book(**transaction);
  EXPECT_FALSE(book.judgedUntil(person)->has_value());
  ASSERT_TRUE(book.states().setState(person, rule, withdrawn(2)).has_value());
  book.setJudgedUntil(person, at(1));
  EXPECT_EQ(book.judgedUntil(person)->value(), at(1)) << "within its own item";
  book.undoItem();
  EXPECT_EQ(book.states().state(person, rule)->value(), withdrawn(1));
  EXPECT_FALSE(book.judgedUntil(person)->has_value());

  ASSERT_TRUE(book.states().setState(person, rule, withdrawn(3)).has_value());
  book.setJudgedUntil(person, at(2));
  book.keepItem();
  ASSERT_TRUE(book.states().setState(person, rule, withdrawn(4)).has_value());
  book.setJudgedUntil(person, at(3));
  book.undoItem();
  EXPECT_EQ(book.states().state(person, rule)->value(), withdrawn(3));
  EXPECT_EQ((*transaction)->ruleState(person, rule)->value().standing, first) << "not yet";

  ASSERT_TRUE(book.flush().has_value());
  const auto stored = (*transaction)->ruleState(person, rule)->value();
  EXPECT_EQ(stored, rules::textOf(withdrawn(3)));
  EXPECT_EQ((*transaction)->judgedUntil(person)->value(), at(2));
}

}  // namespace
}  // namespace vardnav::cloud
