// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/context_file.h"

#include <gtest/gtest.h>

#include <string>

namespace vardnav::rules {
namespace {

UtcTime at(std::string_view text) { return parseRfc3339(text).value(); }

/// "place: reason" of a file with these members beside format.
std::string faultOf(const std::string& members) {
  const auto file = parseContext("{\"format\":1," + members + "}");
  return file ? "" : file.error().place + ": " + file.error().reason;
}

TEST(ContextFile, EverythingMayBeLeftOut) {
  const auto file = parseContext(R"({"format":1})");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->context.canMeasureAgain);
  EXPECT_EQ(file->context.lateAfter, std::chrono::hours{1});
  EXPECT_TRUE(file->context.facts.empty() && file->context.pauses.empty());
  EXPECT_TRUE(file->versions.empty());
}

TEST(ContextFile, ReadsEveryMember) {
  const auto file = parseContext(R"({"format":1,
    "facts":{"insulin-or-sulphonylurea":true,
             "on-oxygen":[{"from":"2026-03-01T00:00:00+01:00","value":true}]},
    "prescribed":{"spo2-target":{"value":"88","unit":"%"},
                  "fev1-personal-best":[{"from":"2026-01-10T00:00:00Z","value":"2.80","unit":"L"},
                                        {"from":"2026-06-10T00:00:00Z","value":"2.71","unit":"L"}]},
    "pauses":[{"from":"2026-11-20T00:00:00Z","until":"2026-11-27T00:00:00Z",
               "rules":["weight-gain"],"reason":"in hospital"},
              {"from":"2026-12-20T00:00:00Z","until":"2026-12-27T00:00:00Z"}],
    "versions":[{"rule":"glucose-low","version":2,"effective_from":"2026-06-01T00:00:00Z"}],
    "can_remeasure":false,"late_after":{"value":"90","unit":"min"}})");
  ASSERT_TRUE(file) << file.error().place << file.error().reason;
  const Context& context = file->context;
  EXPECT_TRUE(context.isMarked(Fact::kInsulinOrSulphonylurea, at("1900-01-01T00:00:00Z")));
  EXPECT_FALSE(context.isMarked(Fact::kOnOxygen, at("2026-02-28T22:59:59Z")));
  EXPECT_TRUE(context.isMarked(Fact::kOnOxygen, at("2026-02-28T23:00:00Z")));
  EXPECT_FALSE(context.isMarked(Fact::kSglt2Inhibitor, at("2026-03-01T00:00:00Z")));
  EXPECT_EQ(context.prescribedAt("spo2-target", at("1900-01-01T00:00:00Z"))->value,
            (Quantity{{88, 0}, Unit::kPercent}));
  EXPECT_FALSE(context.prescribedAt("fev1-personal-best", at("2026-01-09T23:59:59Z")));
  EXPECT_EQ(context.prescribedAt("fev1-personal-best", at("2026-07-01T00:00:00Z"))->value,
            (Quantity{{271, -2}, Unit::kLitre}));
  ASSERT_EQ(context.pauses.size(), 2U);
  EXPECT_EQ(context.pauses[0].rules, std::vector{RuleId("weight-gain")});
  EXPECT_TRUE(context.pauses[1].rules.empty());
  EXPECT_EQ(file->versions.at(0).version, 2U);
  EXPECT_FALSE(context.canMeasureAgain);
  EXPECT_EQ(context.lateAfter, std::chrono::minutes{90});
}

TEST(ContextFile, NamesThePlaceOfAFault) {
  EXPECT_EQ(faultOf(R"("fact":{})"), "/fact: unknown member");
  EXPECT_EQ(faultOf(R"("facts":{"insulin":true})"), "/facts/insulin: unknown fact");
  EXPECT_EQ(faultOf(R"("facts":{"on-oxygen":"yes"})"),
            "/facts/on-oxygen: must be true, false or a list with dates");
  EXPECT_EQ(faultOf(R"("facts":{"on-oxygen":[{"value":true}]})"),
            "/facts/on-oxygen/0/from: is missing");
  EXPECT_EQ(faultOf(R"("prescribed":{"a":{"value":"2,8","unit":"L"}})"),
            "/prescribed/a/value: is no decimal of at most 18 digits");
  EXPECT_EQ(faultOf(R"("prescribed":{"a":[{"value":"2","unit":"l"}]})"),
            "/prescribed/a/0/unit: unknown unit");
  EXPECT_EQ(faultOf(R"("pauses":[{"from":"2026-01-01T00:00:00Z","until":"2026-01-01T00:00:00Z"}])"),
            "/pauses/0/until: is not after from");
  EXPECT_EQ(faultOf(R"("pauses":[{"from":"2026-01-01","until":"2026-01-02"}])"),
            "/pauses/0/from: is no RFC 3339 time: 2026-11-24T07:30:00Z");
  EXPECT_EQ(faultOf(R"("versions":[{"rule":"A","version":1,"effective_from":""}])"),
            "/versions/0/rule: is no rule's id: a-z, 0-9 and -");
  EXPECT_EQ(faultOf(R"("late_after":{"value":"1.5","unit":"h"})"),
            "/late_after/value: is no whole number of at most 4 digits");
  EXPECT_EQ(faultOf(R"("prescribed":{"spo2-target":{"value":"88","unit":"kg"}})"),
            "/prescribed/spo2-target/unit: kg does not measure spo2");
  EXPECT_EQ(faultOf(R"("prescribed":{"pef-personal-best":[{"value":"2","unit":"L"}]})"),
            "/prescribed/pef-personal-best/0/unit: L does not measure pef");
  EXPECT_EQ(faultOf(R"("facts":{"on-oxygen":[{"from":"2026-01-01T00:00:00Z","value":true},
                                             {"from":"2026-01-01T01:00:00+01:00","value":false}]})"),
            "/facts/on-oxygen/1/from: a second value from the same time on");
  EXPECT_EQ(faultOf(R"("prescribed":{"a":[{"value":"2","unit":"L"},{"value":"3","unit":"L"}]})"),
            "/prescribed/a/1: a second value from the same time on");
  EXPECT_EQ(faultOf(R"("versions":[
                {"rule":"a","version":1,"effective_from":"2026-01-01T00:00:00Z"},
                {"rule":"b","version":2,"effective_from":"2026-01-01T00:00:00Z"},
                {"rule":"a","version":2,"effective_from":"2026-01-01T00:00:00Z"}])"),
            "/versions/2: a version of this rule, or this time, is there already");
  EXPECT_EQ(faultOf(R"("can_remeasure":1)"), "/can_remeasure: must be true or false");
}

TEST(ContextFile, RefusesWhatIsNoContext) {
  for (const char* text : {"", "[]", "1", "{}", R"({"format":2})", R"({"format":"1"})",
                           R"({"format":1,"format":1})", "\xff"}) {
    EXPECT_FALSE(parseContext(text)) << text;
  }
}

}  // namespace
}  // namespace vardnav::rules
