// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Slots, reminders, graces and absence, also over days of 23 and 25 hours. November is CET (UTC+1);
// clocks go forward on 2026-03-29 and back on 2026-10-25, both at 01:00 UTC.
#include <gtest/gtest.h>

#include "rules/engine/slots.h"
#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// A weighing each morning from 06:00 to 10:00 local, 2 h of grace.
Rule mornings() {
  Rule rule = ruleOf(Code::kWeight, {level(Priority::kP3, {MissedSlots{1}})});
  rule.schedule = Schedule{{Code::kWeight}, {{hours{6}, hours{10}}}, {}, hours{2}, {}};
  rule.schedule->weekdays.set();
  return rule;
}

TEST(Schedule, RemindsAtTheEndOfASlotAndRaisesAfterTheGrace) {
  RuleWatch watch(mornings());
  watch.expect({{"08:59:59", "", ""},
                {"09:00", "", "reminder"},
                {"10:59:59", "", ""},
                {"11:00", "", "raised P3"},
                {"15:00", "weight 80 kg", "cleared P3"}});
  EXPECT_EQ(watch.last.at(0).inputs, std::vector{Patient::keyOf(1)});
}

TEST(Schedule, TakesReadingsOfBothEndsOfASlotAndTheEndOfTheGrace) {
  struct Row {
    const char* at;
    const char* first;
    const char* afterwards;
  };
  for (const auto& [at, first, afterwards] :
       {Row{"04:59:59", "", "reminder, raised P3"}, Row{"05:00", "", ""}, Row{"09:00", "", ""},
        Row{"09:00:01", "reminder", ""}, Row{"11:00", "reminder", ""},
        Row{"11:00:01", "reminder, raised P3, cleared P3", ""}}) {
    RuleWatch watch(mornings());
    EXPECT_EQ(watch.gives(at, "weight 80 kg"), first) << at;
    EXPECT_EQ(watch.until("20:00"), afterwards) << at;
  }
}

TEST(Schedule, TakesHiAndLoButNoNaNAndNoDoubtfulReading) {
  struct Row {
    const char* reading;
    const char* afterwards;
  };
  for (const auto& [reading, afterwards] :
       {Row{"weight HI kg", ""}, Row{"weight LO kg", ""},
        Row{"weight NaN kg", "reminder, raised P3"},
        Row{"weight 80 kg +person-other", "reminder, raised P3"},
        Row{"weight 80 kg +person-unconfirmed", "reminder, raised P3"},
        Row{"glucose 5.5 mmol/L", "reminder, raised P3"}}) {
    RuleWatch watch(mornings());
    watch.gives("06:00", reading);
    EXPECT_EQ(watch.until("20:00"), afterwards) << reading;
  }
}

TEST(Schedule, WithdrawsWhatALateReadingAnswers) {
  RuleWatch watch(mornings());
  watch.expect({{"12:00", "", "reminder, raised P3"}});
  EXPECT_EQ(watch.gives("08:00", "weight 80 kg", "13:00"), "withdrawn raised P3 at 11:00 late");
  RuleWatch tooLate(mornings());
  tooLate.expect({{"12:00", "", "reminder, raised P3"}});
  EXPECT_EQ(tooLate.gives("11:30", "weight 80 kg", "13:00"), "cleared P3 at 11:30 late");
}

TEST(Schedule, RaisesWhatACorrectionTakesFromASlot) {
  RuleWatch watch(mornings());
  watch.expect({{"08:00", "weight 80 kg", ""}, {"11:00", "", ""}});
  EXPECT_EQ(watch.corrects(1, "weight 80 kg +person-other", "13:00"),
            "gated at 08:00 late, raised P3 at 11:00 late");
}

TEST(Schedule, CountsSlotsInARow) {
  Rule rule = mornings();
  rule.levels.insert(rule.levels.begin(), level(Priority::kP2, {MissedSlots{3}}));
  RuleWatch watch(rule);
  EXPECT_EQ(watch.until("2026-11-24T20:00"), "reminder, raised P3");
  EXPECT_EQ(watch.until("2026-11-25T20:00"), "reminder");
  EXPECT_EQ(watch.until("2026-11-26T20:00"), "reminder, worsened P2");
  EXPECT_EQ(watch.gives("2026-11-26T21:00", "weight 80 kg"), "cleared P2");
  EXPECT_EQ(watch.until("2026-11-27T20:00"), "reminder, raised P3");
}

TEST(Schedule, KeepsToItsWeekdays) {
  Rule rule = mornings();
  rule.schedule->weekdays = 0b0000100;  // Wednesdays
  RuleWatch watch(rule);
  EXPECT_EQ(watch.until("20:00"), "");
  EXPECT_EQ(watch.until("2026-11-25T20:00"), "reminder, raised P3");
}

TEST(Schedule, IsSilentInAPauseAndJudgedAtItsEnd) {
  RuleWatch watch(mornings());
  watch.context.pauses = {{{}, moment("08:00"), moment("12:00")}};
  watch.expect({{"20:00", "", "paused, resumed, raised P3"}});
}

std::vector<std::string> endsAfter(const Schedule& schedule, const char* after, int count) {
  std::vector<std::string> ends;
  UtcTime at = utc(after);
  for (int i = 0; i < count; ++i) {
    at = nextSlotTime(schedule, at).value();
    ends.push_back(toRfc3339(at).substr(0, 16));
  }
  return ends;
}

TEST(Slots, FollowTheLocalDayOverTheChangeOfClocks) {
  Schedule schedule{{Code::kWeight}, {{hours{6}, hours{10}}}, 0b1111111, hours{24}, {}};
  schedule.grace = hours{0};
  EXPECT_EQ(endsAfter(schedule, "2026-03-27T12:00:00Z", 3),
            (std::vector<std::string>{"2026-03-28T09:00", "2026-03-29T08:00", "2026-03-30T08:00"}));
  EXPECT_EQ(endsAfter(schedule, "2026-10-23T12:00:00Z", 3),
            (std::vector<std::string>{"2026-10-24T08:00", "2026-10-25T09:00", "2026-10-26T09:00"}));
}

TEST(Slots, TakeTheOffsetBeforeAGapAndTheFirstOfADoubledTime) {
  Schedule schedule{{Code::kWeight}, {{hours{1}, minutes{150}}}, 0b1111111, hours{0}, {}};
  // 02:30 does not exist on 29 March: with the offset before, 01:30 UTC.
  EXPECT_EQ(endsAfter(schedule, "2026-03-28T12:00:00Z", 1),
            (std::vector<std::string>{"2026-03-29T01:30"}));
  // 02:30 is there twice on 25 October: the first is 00:30 UTC.
  EXPECT_EQ(endsAfter(schedule, "2026-10-24T12:00:00Z", 2),
            (std::vector<std::string>{"2026-10-25T00:30", "2026-10-26T01:30"}));
}

TEST(Slots, MayEndOnTheNextDay) {
  Schedule schedule{{Code::kWeight}, {{hours{22}, hours{2}}}, 0b0000001, hours{1}, {}};
  // Begins on Monday, 23 November.
  EXPECT_EQ(endsAfter(schedule, "2026-11-22T12:00:00Z", 3),
            (std::vector<std::string>{"2026-11-24T01:00", "2026-11-24T02:00", "2026-12-01T01:00"}));
  const auto events = slotEventsAt(schedule, utc("2026-11-24T02:00:00Z"));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(events[0].isGrace);
  EXPECT_EQ(events[0].slotFrom, utc("2026-11-23T21:00:00Z"));
}

TEST(Slots, AreNoneWithoutSlotsOrDays) {
  EXPECT_EQ(nextSlotTime({{Code::kWeight}, {}, 0b1111111, hours{0}, {}}, {}), std::nullopt);
  EXPECT_EQ(nextSlotTime({{Code::kWeight}, {{hours{6}, hours{7}}}, 0, hours{0}, {}}, {}),
            std::nullopt);
}

Rule silent() {
  return ruleOf(Code::kGlucose,
                {level(Priority::kP2, {AbsentFor{{Code::kGlucose, Code::kKetone}, hours{6}}})});
}

TEST(Absence, IsDueByTheClockAfterTheNewestReadingOfAnySignal) {
  Rule rule = silent();
  rule.signals = {Code::kGlucose, Code::kKetone};
  RuleWatch watch(rule);
  watch.expect({{"05:00", "glucose 5.5 mmol/L", ""},
                {"06:00", "ketone 0.1 mmol/L", ""},
                {"11:59:59", "", ""},
                {"12:00", "", "raised P2"},
                {"13:00", "glucose NaN mmol/L", ""},
                {"14:00", "glucose HI mmol/L", "cleared P2"},
                {"20:00", "", "raised P2"}});
}

TEST(Absence, RunsFromTheStartBeforeTheFirstReading) {
  RuleWatch watch(silent());
  watch.expect({{"05:59:59", "", ""}, {"06:00", "", "raised P2"}});
}

}  // namespace
}  // namespace vardnav::rules
