// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/rule_set.h"

#include <gtest/gtest.h>

#include "pipelines/model/digest.h"
#include "tests/rules/documents.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

Json setOf(const std::vector<std::string>& templates) {
  Json rules = Json::array();
  for (const std::string& name : templates) rules.push_back(document(name));
  return {{"format", 1},
          {"id", "copd-home"},
          {"version", 3},
          {"title", {{"sv", "KOL hemma"}, {"en", "COPD at home"}}},
          {"effective_from", "2026-12-01T00:00:00Z"},
          {"review_by", "2027-12-01T00:00:00Z"},
          {"rules", rules}};
}

const UtcTime kAt = parseRfc3339("2026-11-26T12:00:00Z").value();

struct Keys {
  SigningKey author = SigningKey::generate().value();
  SigningKey approver = SigningKey::generate().value();
  Signatories known{{author.publicKey()}, {approver.publicKey(), author.publicKey()}};
};

TEST(RuleSet, SurvivesItsEnvelopeToTheOctet) {
  const Keys keys;
  const std::string payload = setOf({"pulse", "pef-fall"}).dump(2) + "\n";
  const std::vector<SetSignature> signatures = {
      signRuleSet(keys.author, Signatory::kAuthor, kAt, payload),
      signRuleSet(keys.approver, Signatory::kApprover, kAt, payload)};
  const auto read = parseSignedRuleSet(format(payload, signatures));
  ASSERT_TRUE(read.has_value()) << read.error().front().place << read.error().front().reason;
  EXPECT_EQ(read->payload, payload);
  EXPECT_EQ(read->set.hash, sha256Hex(payload));
  EXPECT_EQ(read->set.id, "copd-home");
  EXPECT_EQ(read->set.version, 3U);
  EXPECT_EQ(read->set.effectiveFrom, parseRfc3339("2026-12-01T00:00:00Z"));
  ASSERT_EQ(read->set.rules.size(), 2U);
  EXPECT_EQ(read->set.rules[0].hash, compile(templateText("pulse"))->hash);
  EXPECT_EQ(refusalOf(*read, keys.known), std::nullopt);
}

TEST(RuleSet, NeedsAnAuthorAndAnApproverWithAnotherKey) {
  const Keys keys;
  const std::string payload = setOf({"pulse"}).dump();
  const auto author = signRuleSet(keys.author, Signatory::kAuthor, kAt, payload);
  const auto approver = signRuleSet(keys.approver, Signatory::kApprover, kAt, payload);
  const auto same = signRuleSet(keys.author, Signatory::kApprover, kAt, payload);
  SetSignature passedOff = author;
  passedOff.role = Signatory::kApprover;
  SetSignature moved = approver;
  moved.signedAt += std::chrono::days{1};
  const auto other = signRuleSet(keys.approver, Signatory::kApprover, kAt, payload + " ");
  const auto refusal = [&](std::vector<SetSignature> signatures) {
    return refusalOf(parseSignedRuleSet(format(payload, signatures)).value(), keys.known)
        .value_or("");
  };
  EXPECT_EQ(refusal({author, approver}), "");
  EXPECT_EQ(refusal({approver, author, same}), "");
  EXPECT_EQ(refusal({approver}), "no valid signature of an author");
  EXPECT_EQ(refusal({author}), "no valid signature of an approver");
  EXPECT_EQ(refusal({author, same}), "author and approver signed with one key");
  EXPECT_EQ(refusal({author, passedOff}), "no valid signature of an approver");
  EXPECT_EQ(refusal({author, moved}), "no valid signature of an approver");
  EXPECT_EQ(refusal({author, other}), "no valid signature of an approver");
}

TEST(RuleSet, NamesTheFaultsOfItsRules) {
  Json json = setOf({"pulse", "pef-fall", "pulse"});
  json["rules"][1]["levels"][0]["gate"] = "maybe";
  json["review_by"] = "2026-12-01T00:00:00Z";
  const auto set = parseRuleSet(json.dump());
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error(), (DocumentFaults{{"/review_by", "not after effective_from"},
                                         {"/rules/1/levels/0/gate", "neither remeasure nor none"},
                                         {"/rules/2/id", "a second rule of this id"}}));
  const auto enveloped = parseSignedRuleSet(
      Json{{"version", 1}, {"payload", json.dump()}, {"signatures", Json::array()}}.dump());
  ASSERT_FALSE(enveloped.has_value());
  EXPECT_EQ(enveloped.error().front().place, "/signatures");
  EXPECT_EQ(enveloped.error().at(1).place, "/payload:/review_by");
}

TEST(RuleSet, IsRefusedWhenItIsEnormous) {
  EXPECT_EQ(parseRuleSet(std::string(kMaxRuleSetBytes + 1, ' ')).error().front().reason,
            "longer than 1024 KiB");
  EXPECT_EQ(compileAny("[" + std::string(1000, '[')).error().front().reason, "nested too deeply");
  Json json = setOf({});
  for (int i = 0; i < 65; ++i) json["rules"].push_back(1);
  EXPECT_EQ(parseRuleSet(json.dump()).error().front(),
            (DocumentFault{"/rules", "not an array of 1 to 64"}));
}

TEST(RuleSet, ToolsTakeADocumentOrManyInAnyWrapping) {
  const Json one = document("pulse");
  const Json two = document("temperature");
  const auto count = [](const Json& json) {
    const auto rules = compileAny(json.dump());
    return rules ? rules->size() : 0;
  };
  EXPECT_EQ(count(one), 1U);
  EXPECT_EQ(count(Json::array({one, two})), 2U);
  EXPECT_EQ(count({{"rules", {one, two}}}), 2U);
  EXPECT_EQ(count(setOf({"pulse", "temperature"})), 2U);
  const Keys keys;
  const std::string payload = setOf({"pulse"}).dump();
  EXPECT_EQ(compileAny(format(payload, std::vector{signRuleSet(keys.author, Signatory::kAuthor, kAt,
                                                               payload)}))
                ->size(),
            1U);
  Json next = one;
  next["version"] = 2;
  EXPECT_EQ(count(Json::array({one, next})), 2U);
  EXPECT_EQ(compileAny(Json::array({one, next, one}).dump()).error().front(),
            (DocumentFault{"/2/id", "a second rule of this id"}));
  EXPECT_EQ(compileAny(Json::array({one, 5}).dump()).error().front(),
            (DocumentFault{"/1", "not an object"}));
  EXPECT_EQ(compileAny("5").error().front(), (DocumentFault{"", "not an object"}));
}

TEST(RuleSet, AlwaysAsksWhoMeasuredAnUnconfirmedLow) {
  const std::vector<Rule> rules = builtInRules();
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].hash, compile(templateText("glucose-unconfirmed"))->hash);
  EXPECT_EQ(rules[0].audience, Audience::kUnconfirmed);
  EXPECT_TRUE(rules[0].isFloor);
  EXPECT_EQ(rules[0].levels.at(0).priority, Priority::kP2);
}

}  // namespace
}  // namespace vardnav::rules
