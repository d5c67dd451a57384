// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/arrivals.h"

#include <gtest/gtest.h>

#include <string>

namespace vardnav::rules {
namespace {

/// Each arrival as "told id=value@at#revision …", of lines whose day is 2026-11-24.
std::vector<std::string> arrivalsIn(const std::string& lines) {
  const auto file = parseReadings(lines);
  if (!file) return {file.error().reason};
  const Arrivals arrivals = arrivalsOf(*file, PersonId("p"));
  std::vector<std::string> told;
  for (const Arrival& arrival : arrivals.list) {
    std::string text = toRfc3339(arrival.told).substr(11, 5);
    for (const Observation& observation : arrival.reading) {
      text += " " + arrivals.nameOf(observation.reading) + "=" + toString(observation.value) + "@" +
              toRfc3339(observation.at).substr(11, 5) + "#" + std::to_string(observation.revision);
    }
    told.push_back(text);
  }
  return told;
}

std::string line(const std::string& id, const std::string& at, const std::string& value,
                 const std::string& rest = "", const std::string& code = "glucose",
                 const std::string& unit = "mmol/L") {
  return (id.empty() ? "{" : "{\"id\":\"" + id + "\",") + "\"at\":\"2026-11-24T" + at +
         ":00Z\",\"code\":\"" + code + "\",\"value\":\"" + value + "\",\"unit\":\"" + unit + "\"" +
         rest + "}\n";
}

std::string received(const std::string& at) {
  return ",\"received\":\"2026-11-24T" + at + ":00Z\"";
}

using Told = std::vector<std::string>;

TEST(Arrivals, TheSameIdIsAResend) {
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5") + line("a", "08:00", "5", received("09:00"))),
            (Told{"08:00 a=5@08:00#1"}));
}

TEST(Arrivals, TheSameIdThatSaysSomethingElseIsRefused) {
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5") + line("b", "08:00", "7") + line("a", "09:00", "5")),
            (Told{R"("id": "a" says something else in line 1: another reading needs another id, )"
                  R"(a new revision the flag "corrected")"}));
}

TEST(Arrivals, ACorrectionIsANewRevision) {
  const std::string corrected =
      line("a", "08:05", "6", received("10:00") + R"(,"flags":["corrected"])");
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5") + corrected + corrected + line("a", "08:00", "5")),
            (Told{"08:00 a=5@08:00#1", "10:00 a=6@08:05#2"}));
}

TEST(Arrivals, ACorrectionOfWhatNeverCameIsAReading) {
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5", R"(,"flags":["corrected"])")),
            (Told{"08:00 a=5@08:00#1"}));
}

TEST(Arrivals, WithoutIdsTheSameLineIsTheSameRecord) {
  EXPECT_EQ(arrivalsIn(line("", "08:00", "5") + line("", "08:00", "5") + line("", "08:00", "5.0")),
            (Told{"08:00 line-1=5@08:00#1", "08:00 line-3=5.0@08:00#1"}));
}

TEST(Arrivals, AnotherIdIsAnotherReadingEvenWithEqualStampAndValue) {
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5") + line("b", "08:00", "5")),
            (Told{"08:00 a=5@08:00#1", "08:00 b=5@08:00#1"}));
}

TEST(Arrivals, OneIdMayHaveSeveralCodes) {
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5") + line("a", "08:00", "80", "", "weight", "kg")),
            (Told{"08:00 a=5@08:00#1 a=80@08:00#1"}));
}

TEST(Arrivals, EqualTimesAreOneActAndSoIsAReading) {
  const std::string bp = R"(,"reading":"bp")";
  EXPECT_EQ(
      arrivalsIn(line("s", "08:00", "150", bp, "systolic", "mm[Hg]") +
                 line("w", "08:00", "80", "", "weight", "kg") +
                 line("d", "08:00", "90", bp, "diastolic", "mm[Hg]") + line("g", "08:00", "5")),
      (Told{"08:00 s=150@08:00#1 d=90@08:00#1", "08:00 w=80@08:00#1 g=5@08:00#1"}));
}

TEST(Arrivals, WhatArrivesLaterIsAnArrivalOfItsOwn) {
  EXPECT_EQ(arrivalsIn(line("s", "08:00", "150", "", "systolic", "mm[Hg]") +
                       line("d", "08:00", "90", received("08:01"), "diastolic", "mm[Hg]")),
            (Told{"08:00 s=150@08:00#1", "08:01 d=90@08:00#1"}));
}

TEST(Arrivals, TheOrderOfLinesStandsAboveTheirStamps) {
  EXPECT_EQ(arrivalsIn(line("b", "10:00", "5") + line("a", "08:00", "6")),
            (Told{"10:00 b=5@10:00#1", "10:00 a=6@08:00#1"}));
}

TEST(Arrivals, AClockFaultIsPlacedAtItsArrival) {
  EXPECT_EQ(arrivalsIn(line("a", "08:00", "5", received("09:00") + R"(,"flags":["clock-fault"])")),
            (Told{"09:00 a=5@09:00#1"}));
}

TEST(Arrivals, KeysDoNotDependOnTheOrderOfLines) {
  const auto keyOfB = [](const std::string& lines) {
    const Arrivals arrivals = arrivalsOf(*parseReadings(lines), PersonId("p"));
    for (const Arrival& arrival : arrivals.list) {
      const ReadingKey key = arrival.reading.front().reading;
      if (arrivals.nameOf(key) == "b") return key;
    }
    return ReadingKey{};
  };
  const std::string a = line("a", "08:00", "5");
  const std::string b = line("b", "09:00", "6");
  EXPECT_EQ(keyOfB(a + b), keyOfB(b + a));
}

}  // namespace
}  // namespace vardnav::rules
