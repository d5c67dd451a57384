// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/rule_library.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cloud/registry/signed_rules.h"

namespace vardnav::cloud::registry {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string faultOf(const std::string& envelope, const std::vector<Signer>& signers) {
  const auto set = checkRuleSet(envelope, signers);
  return set ? "" : set.error();
}

TEST(RuleLibrary, TakesASetThatAuthorAndApproverHaveSigned) {
  const test::Signers by;
  const auto set = checkRuleSet(by.sign(test::ruleSet("diabetes", 3)), by.trusted());
  ASSERT_TRUE(set) << set.error();
  EXPECT_EQ(set->id, "diabetes");
  EXPECT_EQ(set->version, 3U);
  EXPECT_EQ(set->author, "Dr A");
  EXPECT_EQ(set->approver, "Dr B");
  ASSERT_EQ(set->rules.size(), 1U);
  EXPECT_EQ(set->rules[0].rule, RuleId("glucose-low"));
  EXPECT_EQ(set->rules[0].condition, ConditionId("diabetes"));
  EXPECT_EQ(set->hash, sha256Hex(test::ruleSet("diabetes", 3)));
}

TEST(RuleLibrary, RefusesWhatIsNotSignedByTwoTrustedPersonsAsItStands) {
  const test::Signers by;
  const std::string set = test::ruleSet("diabetes", 1);
  const std::string good = by.sign(set);
  EXPECT_THAT(faultOf(set, by.trusted()), HasSubstr("/payload must be a text"));
  EXPECT_THAT(faultOf(signRuleSet(set, by.author, "author", UtcTime{}).value(), by.trusted()),
              HasSubstr("there is none of an approver"));
  EXPECT_THAT(faultOf(good, {}), HasSubstr("/signatures/0/key is of no signer"));

  json changed = json::parse(good);
  changed["payload"] = changed["payload"].get<std::string>() + " ";
  EXPECT_THAT(faultOf(changed.dump(), by.trusted()), HasSubstr("/signatures/0/signature"));

  auto swapped = by.trusted();
  std::swap(swapped[0].mayAuthor, swapped[0].mayApprove);
  EXPECT_THAT(faultOf(good, swapped), HasSubstr("may not sign as author"));

  // One person with both roles, and one person with two keys.
  const auto alone = signRuleSet(signRuleSet(set, by.author, "author", UtcTime{}).value(),
                                 by.author, "approver", UtcTime{});
  EXPECT_THAT(faultOf(*alone, {{by.author.publicKey(), "Dr A", true, true}}),
              HasSubstr("must be two persons"));
  auto namesake = by.trusted();
  namesake[1].name = "Dr A";
  EXPECT_THAT(faultOf(good, namesake), HasSubstr("must be two persons"));
}

TEST(RuleLibrary, NamesThePlaceInTheSet) {
  const test::Signers by;
  json set = json::parse(test::ruleSet("diabetes", 1));
  set["rules"].push_back(set["rules"][0]);
  EXPECT_EQ(signRuleSet(set.dump(), by.author, "author", UtcTime{}).error(),
            "payload /rules/1: 'glucose-low' is there twice");
  set["rules"] = json::array();
  EXPECT_EQ(signRuleSet(set.dump(), by.author, "author", UtcTime{}).error(),
            "payload /rules is empty");
  set["rules"] = {json{{"id", "x"}}};
  EXPECT_THAT(signRuleSet(set.dump(), by.author, "author", UtcTime{}).error(),
              HasSubstr("payload /rules/0"));
  EXPECT_FALSE(signRuleSet(std::string(2 << 20, ' '), by.author, "author", UtcTime{}));
  EXPECT_FALSE(signRuleSet(std::string(1000, '['), by.author, "author", UtcTime{}));
}

}  // namespace
}  // namespace vardnav::cloud::registry
