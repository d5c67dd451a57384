// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/anchoring.h"

#include <gtest/gtest.h>

#include "tests/pipelines/intake/records.h"

namespace vardnav::intake {
namespace {

using enum DeviceTime::Timeline;
using test::clockAt;
using test::utc;

TEST(Anchoring, MovesA2019StampByTheDifferenceOfTheClocks) {
  // gls-06: stamped 2019-08-21T09:31:13 by the meter's display (base 06:31:13 and 180 min).
  RawRecord record = test::vectorOf("gls-06");
  record.isStored = true;
  record.clock = clockAt(kLocal, "2019-08-22T12:00:00", "2026-11-24T09:59:58Z");
  const auto result = interpret(record, test::bound());
  const Observation& observation = result.observations.at(0);
  // 26:28:47 before the clocks were read.
  EXPECT_EQ(toRfc3339(observation.at), "2026-11-23T07:31:11.000Z");
  EXPECT_EQ(observation.method, TimeMethod::kAnchored);
  EXPECT_EQ(observation.uncertainty, Milliseconds{1250});
  EXPECT_EQ(observation.flags, Flags{});
  EXPECT_EQ(observation.deviceTime, (DeviceTime{kLocal, test::local("2019-08-21T09:31:13")}));
}

Stamp stampAt(std::string_view text, DeviceTime::Timeline timeline = kLocal) {
  return {Stamp::Kind::kKnown, {timeline, test::local(text)}, false};
}

struct Row {
  const char* name;
  Stamp stamp;
  std::optional<ClockReading> clock;
  bool isStored;
  TimeMethod method;
  const char* at;
};

class Placing : public ::testing::TestWithParam<Row> {};

TEST_P(Placing, GivesAnInstantOrSaysThatItCannot) {
  const Row& row = GetParam();
  RawRecord record = test::recordOf("2A18", "");
  record.clock = row.clock;
  record.isStored = row.isStored;
  const Placement placement = place(row.stamp, record);
  EXPECT_EQ(placement.method, row.method) << nameOf(placement.method);
  EXPECT_EQ(toRfc3339(placement.at), row.at);
}

const auto kClock = clockAt(kLocal, "2026-11-24T11:00:00", "2026-11-24T10:00:00Z");
const Stamp kNoStamp{};
const Stamp kUnknownStamp{Stamp::Kind::kUnknown, {}, false};
const Stamp kDoubtful{Stamp::Kind::kKnown, {kLocal, test::local("2026-11-24T10:00:00")}, true};
constexpr const char* kReceive = "2026-11-24T10:00:00.000Z";

INSTANTIATE_TEST_SUITE_P(
    All, Placing,
    ::testing::Values(
        Row{"NoStampIsReceiveTime", kNoStamp, kClock, false, TimeMethod::kHubReceive, kReceive},
        Row{"NoStampFromAMemoryIsAFault", kNoStamp, kClock, true, TimeMethod::kUnanchored,
            kReceive},
        Row{"UnknownStampIsAFault", kUnknownStamp, kClock, true, TimeMethod::kUnanchored, kReceive},
        Row{"TimeFaultIsAFault", kDoubtful, kClock, true, TimeMethod::kUnanchored, kReceive},
        Row{"NoClockIsAFault", stampAt("2026-11-24T10:00:00"), std::nullopt, true,
            TimeMethod::kUnanchored, kReceive},
        Row{"OtherTimelineIsAFault", stampAt("2026-11-24T10:00:00", kUtc), kClock, true,
            TimeMethod::kUnanchored, kReceive},
        Row{"PastIsMoved", stampAt("2026-11-23T23:30:00"), kClock, true, TimeMethod::kAnchored,
            "2026-11-23T22:30:00.000Z"},
        Row{"FiveMinutesAheadIsKept", stampAt("2026-11-24T11:05:00"), kClock, true,
            TimeMethod::kAnchored, "2026-11-24T10:05:00.000Z"},
        Row{"MoreAheadIsAFault", stampAt("2026-11-24T11:05:01"), kClock, true,
            TimeMethod::kUnanchored, kReceive},
        Row{"Year2037IsAFault", stampAt("2037-01-01T00:00:00"), kClock, true,
            TimeMethod::kUnanchored, kReceive},
        Row{"UtcTimelinesAreCompared", stampAt("2021-11-20T11:50:10", kUtc),
            clockAt(kUtc, "2021-11-20T12:50:10", "2026-11-24T10:00:00Z"), true,
            TimeMethod::kAnchored, "2026-11-24T09:00:00.000Z"}),
    [](const auto& row) { return row.param.name; });

TEST(Anchoring, FlagsWhatItCannotPlace) {
  const auto result = interpret(test::vectorOf("gls-08"), test::bound());
  EXPECT_EQ(result.disposition, Disposition::kAccepted);
  EXPECT_TRUE(result.observations.at(0).flags.has(Flag::kClockFault));
  EXPECT_EQ(result.observations.at(0).at, test::kReceived);
}

TEST(Anchoring, TreatsTheMetersTimeFaultAsAFault) {
  // Glucose Service 3.1: status bit 11.
  RawRecord record = test::recordOf("2A18", "0A0700EA0704180B0A1E5AB0110008");
  record.clock = clockAt(kLocal, "2026-04-24T12:00:00", "2026-11-24T10:00:00Z");
  const auto result = interpret(record, test::bound());
  EXPECT_EQ(result.observations.at(0).method, TimeMethod::kUnanchored);
}

}  // namespace
}  // namespace vardnav::intake
