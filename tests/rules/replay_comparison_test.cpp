// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/replay_comparison.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardnav::rules {
namespace {

UtcTime at(const std::string& time) { return parseRfc3339("2026-11-" + time + ":00Z").value(); }

Verdict told(const std::string& time, Priority priority, const std::string& rule = "low",
             Transition transition = Transition::kRaised) {
  Verdict verdict;
  verdict.at = verdict.told = at(time);
  verdict.rule = RuleId(rule);
  verdict.priority = priority;
  verdict.transition = transition;
  return verdict;
}

std::vector<std::string> linesOf(const std::vector<Verdict>& old, const std::vector<Verdict>& now) {
  return formatComparison(compare(old, now, std::chrono::weeks{2}), Arrivals{}, Language::kEn);
}

TEST(ReplayComparison, TheSameAlertsDifferInNothing) {
  const std::vector<Verdict> verdicts = {
      told("24T08:00", Priority::kP3),
      told("24T09:00", Priority::kP1, "low", Transition::kWorsened)};
  EXPECT_EQ(linesOf(verdicts, verdicts),
            (std::vector<std::string>{
                R"({"summary":{"same":2,"old":{"P1":{"alerts":1,"per_patient_week":"0.500"},)"
                R"("P2":{"alerts":0,"per_patient_week":"0.000"},"P3":{"alerts":1,)"
                R"("per_patient_week":"0.500"}},"new":{"P1":{"alerts":1,"per_patient_week":)"
                R"("0.500"},"P2":{"alerts":0,"per_patient_week":"0.000"},"P3":{"alerts":1,)"
                R"("per_patient_week":"0.500"}},"moved":0,"median_lead_minutes":null}})"}));
}

TEST(ReplayComparison, NamesWhatIsGoneNewChangedAndMoved) {
  const std::vector<Verdict> old = {
      told("01T08:00", Priority::kP3), told("10T08:00", Priority::kP3),
      told("20T08:00", Priority::kP2), told("24T08:00", Priority::kP3, "high")};
  const std::vector<Verdict> now = {
      told("01T08:00", Priority::kP1), told("20T06:30", Priority::kP2),
      told("24T08:00", Priority::kP3, "other"), told("24T08:00", Priority::kP3, "high")};
  const ReplayComparison comparison = compare(old, now, std::chrono::weeks{1});
  using Kind = Difference::Kind;
  std::vector<Kind> kinds;
  for (const Difference& difference : comparison.differences) kinds.push_back(difference.kind);
  EXPECT_EQ(kinds, (std::vector{Kind::kPriorityChanged, Kind::kOnlyInOld, Kind::kMoved,
                                Kind::kOnlyInNew}));
  EXPECT_EQ(comparison.same, 1U);
  EXPECT_EQ(comparison.leads, std::vector<Milliseconds>{std::chrono::minutes{90}});
  EXPECT_EQ(comparison.old, (AlertCounts{0, 1, 3}));
  EXPECT_EQ(comparison.now, (AlertCounts{1, 1, 2}));
}

TEST(ReplayComparison, OfOneTimeButToldLaterIsMoved) {
  const std::vector<Verdict> old = {told("20T08:00", Priority::kP2)};
  std::vector<Verdict> now = old;
  now[0].told += std::chrono::minutes{15};  // a second measurement was waited for
  const ReplayComparison comparison = compare(old, now, std::chrono::weeks{1});
  ASSERT_EQ(comparison.differences.size(), 1U);
  EXPECT_EQ(comparison.differences[0].kind, Difference::Kind::kMoved);
  EXPECT_EQ(comparison.same, 0U);
  EXPECT_EQ(comparison.leads, std::vector<Milliseconds>{-std::chrono::minutes{15}});
}

TEST(ReplayComparison, OnlyRaisedAndWorsenedAreAlerts) {
  const auto lines = linesOf({told("24T08:00", Priority::kP3, "low", Transition::kCandidate)},
                             {told("24T08:00", Priority::kP3, "low", Transition::kCleared)});
  EXPECT_EQ(lines.size(), 1U);
}

TEST(ReplayComparison, RaisesFurtherApartThan72HoursAreOfTwoEvents) {
  const auto differences = [](const std::string& time) {
    return compare(std::vector{told("20T08:00", Priority::kP3)},
                   std::vector{told(time, Priority::kP3)}, std::chrono::weeks{1})
        .differences.size();
  };
  EXPECT_EQ(differences("23T08:00"), 1U);
  EXPECT_EQ(differences("23T08:01"), 2U);
}

TEST(ReplayComparison, GivesNoRateOverNoTime) {
  const ReplayComparison comparison = compare({}, {}, Milliseconds{0});
  EXPECT_EQ(formatComparison(comparison, Arrivals{}, Language::kEn).front().find("0.000"),
            std::string::npos);
}

}  // namespace
}  // namespace vardnav::rules
