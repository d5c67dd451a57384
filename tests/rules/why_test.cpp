// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include "rules/document/document.h"
#include "rules/speech/wording.h"
#include "tests/rules/documents.h"

namespace vardnav::rules {
namespace {

struct Told {
  explicit Told(const std::string& name) : rule(compile(templateText(name)).value()) {
    grounds.rule = &rule;
    grounds.level = &rule.levels.front();
    grounds.findings.reserve(8);  // references stay
  }

  Finding& finding(const Condition& condition) {
    Finding& finding = grounds.findings.emplace_back();
    finding.condition = &condition;
    finding.truth = Truth::kTrue;
    return finding;
  }

  Rule rule;
  Grounds grounds;
};

TEST(Why, SaysWhatWasMeasuredAgainstWhatAndWhatToDo) {
  Told told("ketones");
  Finding& finding = told.finding(told.rule.levels[0].when);
  finding.value = Value::of(Decimal(21, -1));
  finding.unit = Unit::kMillimolePerLitre;
  const Text text = why(told.grounds);
  EXPECT_EQ(text.sv,
            "Blodketonerna är 2,1 mmol/L – minst 1,6 mmol/L. Ring patienten nu: hotande "
            "ketoacidos, över 3,0 mmol/L sannolik. Ordna akut bedömning.");
  EXPECT_EQ(text.en,
            "Blood ketone is 2.1 mmol/L – at least 1.6 mmol/L. Call the patient now: impending "
            "ketoacidosis, probable above 3.0 mmol/L. Arrange urgent assessment.");
}

TEST(Why, SaysAMeasureWithWhatItWasComparedWith) {
  Told told("weight-loss");
  told.grounds.transition = Transition::kCandidate;
  Finding& finding = told.finding(told.rule.levels[0].when);
  finding.measured = Quantity{Decimal(26, -1), Unit::kKilogram};
  finding.against = Quantity{Decimal(8212345, -5), Unit::kKilogram};
  finding.againstAt = parseRfc3339("2026-11-24T23:30:00Z");
  EXPECT_EQ(why(told.grounds).sv,
            "Minskningen av vikten (dygnets första mätning före kl. 12.00) från den högsta andra "
            "mätningen under de senaste 72 timmarna är 2,6 kg – över 2 kg (mot 82,12 kg den "
            "2026-11-25). Patienten ombeds mäta igen inom 5–15 minuter.");
}

TEST(Why, SaysOnlyWhatHoldsOfALevel) {
  Told told("pulse");
  told.grounds.second = Second::kNone;
  const auto& parts = std::get<Any>(told.rule.levels[0].when.is).of;
  Finding& low = told.finding(parts[0]);
  low.truth = Truth::kFalse;
  low.value = Value::of(Decimal(140, 0));
  Finding& high = told.finding(parts[1]);
  high.value = Value::of(Decimal(140, 0));
  high.unit = Unit::kPerMinute;
  const std::string text = why(told.grounds).en;
  EXPECT_TRUE(
      text.starts_with("Pulse is 140 beats/min – at least 131 beats/min. Unconfirmed: no "
                       "second measurement after 5–15 minutes. Call the patient now"))
      << text;
}

TEST(Why, ShowsTheMetersOwnUnitFirst) {
  Told told("glucose-unconfirmed");
  const auto& parts = std::get<Any>(told.rule.levels[0].when.is).of;
  Finding& low = told.finding(parts[0]);
  low.value = Value::of(Decimal(52, 0));
  low.unit = Unit::kMilligramPerDecilitre;
  low.limit = Quantity{Decimal(54, 0), Unit::kMilligramPerDecilitre};
  EXPECT_TRUE(
      why(told.grounds).sv.starts_with("Blodsockret är 52 mg/dL (2,9 mmol/L) – under 54 mg/dL."))
      << why(told.grounds).sv;
}

TEST(Why, HasWordsForEveryTransitionAndDoubt) {
  Told told("readings-missing");
  for (int i = 0; i <= static_cast<int>(Transition::kResumed); ++i) {
    told.grounds.transition = static_cast<Transition>(i);
    told.grounds.findings.clear();
    const Text text = why(told.grounds);
    EXPECT_GT(text.sv.size(), 10U) << i;
    EXPECT_GT(text.en.size(), 10U) << i;
    EXPECT_FALSE(text.sv.starts_with(' ') || text.en.starts_with(' ')) << text.en;
  }
  told.grounds.transition = Transition::kReminder;
  EXPECT_EQ(why(told.grounds).sv, "Har du mätt i dag? Mät gärna nu.");
  told.grounds.transition = Transition::kGated;
  told.grounds.doubt = Doubt{Flag::kBadBlow};
  EXPECT_EQ(why(told.grounds).en, "The reading does not count: a bad blow (bad-blow).");
}

}  // namespace
}  // namespace vardnav::rules
