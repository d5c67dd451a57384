// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/rule_library.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cloud/registry/signed_rules.h"

namespace vardnav::cloud::registry {
namespace {

using nlohmann::json;
using rules::Signatory;
using test::kSigned;
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
  EXPECT_NE(faultOf(set, by.trusted()), "") << "no envelope";
  EXPECT_NE(faultOf(signRuleSet(set, by.author, Signatory::kAuthor, kSigned).value(), by.trusted()),
            "")
      << "no approver";
  EXPECT_NE(faultOf(good, {}), "") << "nobody is trusted";

  json changed = json::parse(good);
  changed["payload"] = changed["payload"].get<std::string>() + " ";
  EXPECT_NE(faultOf(changed.dump(), by.trusted()), "");

  auto swapped = by.trusted();
  std::swap(swapped[0].mayAuthor, swapped[0].mayApprove);
  EXPECT_NE(faultOf(good, swapped), "") << "may not sign as author";

  // One person with both roles, and one person with two keys.
  const auto alone = signRuleSet(signRuleSet(set, by.author, Signatory::kAuthor, kSigned).value(),
                                 by.author, Signatory::kApprover, kSigned);
  EXPECT_NE(faultOf(*alone, {{by.author.publicKey(), "Dr A", true, true}}), "");
  auto namesake = by.trusted();
  namesake[1].name = "Dr A";
  EXPECT_THAT(faultOf(good, namesake), HasSubstr("must be two persons"));
}

TEST(RuleLibrary, SignsNothingThatIsNoSoundSet) {
  const test::Signers by;
  json set = json::parse(test::ruleSet("diabetes", 1));
  set["rules"].push_back(set["rules"][0]);
  const auto sign = [&](const std::string& text) {
    const auto done = signRuleSet(text, by.author, Signatory::kAuthor, kSigned);
    return done ? "" : done.error();
  };
  EXPECT_THAT(sign(set.dump()), HasSubstr("/rules/1"));
  set["rules"] = {json{{"id", "x"}}};
  EXPECT_THAT(sign(set.dump()), HasSubstr("/rules/0"));
  EXPECT_NE(sign(std::string(2 << 20, ' ')), "");
  EXPECT_NE(sign(std::string(1000, '[')), "");
}

}  // namespace
}  // namespace vardnav::cloud::registry
