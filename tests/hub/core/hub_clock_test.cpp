// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/hub_clock.h"

#include <gtest/gtest.h>

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;

UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

struct Machine final : Clock {
  UtcTime utcNow() const override { return wall; }
  SteadyTime steadyNow() const override { return steady; }
  void pass(Milliseconds time) {
    wall += time;
    steady += time;
  }
  UtcTime wall = utc("2026-11-24T10:00:00Z");
  SteadyTime steady{5s};
};

TEST(HubClock, IsTheMachinesWhereThatIsSynchronised) {
  Machine machine;
  HubClock clock(machine, "boot");
  clock.begin(utc("2026-11-20T00:00:00Z"), true);
  machine.pass(3s);
  EXPECT_EQ(clock.utcNow(), utc("2026-11-24T10:00:03Z"));
  EXPECT_TRUE(clock.isTrusted());
  EXPECT_EQ(clock.floorNow(), utc("2026-11-24T10:00:03Z"));
}

TEST(HubClock, GoesOnFromTheFloorWhenTheMachineWakesYearsBehind) {
  Machine machine;
  machine.wall = utc("1970-01-01T00:00:09Z");
  HubClock clock(machine, "boot");
  clock.begin(utc("2026-11-20T00:00:00Z"), false);
  machine.pass(1h);
  EXPECT_EQ(clock.utcNow(), utc("2026-11-20T01:00:00Z"));
  EXPECT_FALSE(clock.isTrusted());
  EXPECT_EQ(clock.floorNow(), utc("2026-11-20T01:00:00Z"));
}

TEST(HubClock, DoesNotKeepAFutureThatNobodyConfirmed) {
  Machine machine;
  machine.wall = utc("2026-12-21T00:00:00Z");
  HubClock clock(machine, "boot");
  clock.begin(utc("2026-11-20T00:00:00Z"), false);
  EXPECT_EQ(clock.utcNow(), utc("2026-12-21T00:00:00Z")) << "may be right after a long outage";
  EXPECT_EQ(clock.floorNow(), utc("2026-11-20T00:00:00Z")) << "but is not believed for ever";
  HubClock fresh(machine, "boot");
  fresh.begin(std::nullopt, false);
  EXPECT_EQ(fresh.floorNow(), std::nullopt);
}

TEST(HubClock, GoesOnFromTheFloorWhenTheMachineWakesYearsAhead) {
  Machine machine;
  machine.wall = utc("2026-12-21T00:00:00.001Z");
  HubClock clock(machine, "boot");
  clock.begin(utc("2026-11-20T00:00:00Z"), false);
  EXPECT_EQ(clock.utcNow(), utc("2026-11-20T00:00:00Z"));
}

TEST(HubClock, RunsEvenlyWhileTheMachinesClockJumps) {
  Machine machine;
  HubClock clock(machine, "boot");
  clock.begin(std::nullopt, false);
  machine.wall = utc("2030-01-01T00:00:00Z");
  machine.steady += 10s;
  EXPECT_EQ(clock.utcNow(), utc("2026-11-24T10:00:10Z"));
}

TEST(HubClock, KnowsByHowMuchAnUntrustedPeriodWasWrong) {
  Machine machine;
  machine.wall = utc("1970-01-01T00:00:00Z");
  HubClock clock(machine, "boot");
  clock.begin(utc("2026-11-20T00:00:00Z"), false);
  const ClockPeriod untrusted = clock.period();
  machine.pass(30min);
  const UtcTime told = clock.utcNow();
  EXPECT_EQ(clock.correctionOf(untrusted), std::nullopt) << "nobody knows yet";
  machine.wall = utc("2026-11-23T06:30:00Z");  // a time source answered
  clock.synchronise();
  EXPECT_TRUE(clock.isTrusted());
  EXPECT_EQ(told + clock.correctionOf(untrusted).value(), utc("2026-11-23T06:30:00Z"));
  machine.pass(2h);
  EXPECT_EQ(told + clock.correctionOf(untrusted).value(), utc("2026-11-23T06:30:00Z"))
      << "the same whenever it is asked";
  ClockPeriod ofAnotherBoot = untrusted;
  ofAnotherBoot.boot = "before the power cut";
  EXPECT_EQ(clock.correctionOf(ofAnotherBoot), std::nullopt);
  EXPECT_EQ(clock.correctionOf(clock.period()), std::nullopt) << "a trusted one needs none";
}

}  // namespace
}  // namespace vardnav::hub
