// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/judging_book.h"

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using testing::at;

TEST(JudgingBook, WritesWhatItemsLeaveAndForgetsWhatIsUndone) {
  testing::Care care;
  const PersonId person("p-1");
  const RuleId rule("glucose-low");
  auto transaction = care.careStore->begin();
  ASSERT_TRUE(transaction.has_value());
  ASSERT_TRUE((*transaction)->setRuleState(person, rule, "stored").has_value());

  JudgingBook book(**transaction);
  EXPECT_EQ(book.ruleState(person, rule)->value(), "stored");
  EXPECT_FALSE(book.judgedUntil(person)->has_value());
  ASSERT_TRUE(book.setRuleState(person, rule, "first").has_value());
  book.setJudgedUntil(person, at(1));
  EXPECT_EQ(book.ruleState(person, rule)->value(), "first") << "within its own item";
  book.undoItem();
  EXPECT_EQ(book.ruleState(person, rule)->value(), "stored");
  EXPECT_FALSE(book.judgedUntil(person)->has_value());

  ASSERT_TRUE(book.setRuleState(person, rule, "second").has_value());
  book.setJudgedUntil(person, at(2));
  book.keepItem();
  ASSERT_TRUE(book.setRuleState(person, rule, "third").has_value());
  book.setJudgedUntil(person, at(3));
  book.undoItem();
  EXPECT_EQ(book.ruleState(person, rule)->value(), "second");
  EXPECT_EQ((*transaction)->ruleState(person, rule)->value(), "stored") << "not yet";

  ASSERT_TRUE(book.flush().has_value());
  EXPECT_EQ((*transaction)->ruleState(person, rule)->value(), "second");
  EXPECT_EQ((*transaction)->judgedUntil(person)->value(), at(2));
}

}  // namespace
}  // namespace vardnav::cloud
