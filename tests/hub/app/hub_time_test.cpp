// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Expected octets by hand from the GATT Specification Supplement, Current Time and Local Time
// Information.
#include "hub/app/hub_time.h"

#include <gtest/gtest.h>

namespace vardnav::hub {
namespace {

class ClockAt final : public Clock {
 public:
  explicit ClockAt(const char* text) : now_(*parseRfc3339(text)) {}
  UtcTime utcNow() const override { return now_; }
  SteadyTime steadyNow() const override { return {}; }

 private:
  UtcTime now_;
};

TEST(HubTime, IsTheHomesWallClock) {
  const ClockAt winter("2026-11-26T13:41:35.500Z");
  const HubTime time(winter, [] { return true; });
  // 2026, 26 November, 14:41:35, Thursday, 128/256, external reference.
  EXPECT_EQ(toHex(time.currentTime()),
            "EA070B1A0E292304"
            "80"
            "02");
  EXPECT_EQ(toHex(time.localTimeInformation()), "0400") << "+1 h, standard time";
}

TEST(HubTime, SaysWhenItIsSummer) {
  const ClockAt summer("2026-06-30T22:00:00.999Z");
  const HubTime time(summer, [] { return true; });
  // 1 July, 00:00:00, Wednesday, 255/256.
  EXPECT_EQ(toHex(time.currentTime()),
            "EA07070100000003"
            "FF"
            "02");
  EXPECT_EQ(toHex(time.localTimeInformation()), "0404") << "+1 h, daylight saving of 1 h";
}

}  // namespace
}  // namespace vardnav::hub
