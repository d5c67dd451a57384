// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/time.h"

#include <gtest/gtest.h>

namespace vardnav {
namespace {

UtcTime utc(const char* text) { return parseRfc3339(text).value(); }
LocalTime local(const char* text) { return parseIsoLocal(text).value(); }

TEST(Time, PrintsAndReadsRfc3339) {
  for (const char* text : {"2026-11-24T10:03:06.123Z", "1970-01-01T00:00:00.000Z",
                           "2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59.500Z"}) {
    EXPECT_EQ(toRfc3339(utc(text)), text);
  }
  EXPECT_EQ(utc("2026-11-24T11:03:06+01:00"), utc("2026-11-24T10:03:06Z"));
}

TEST(Time, RefusesWhatIsNoInstant) {
  for (const char* text : {"", "2026-11-24", "2026-11-24T10:03:06", "2026-13-01T00:00:00Z",
                           "2026-02-30T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T10:03:06.Z",
                           "2026-11-24T10:03:06+1:00", "2026-11-24 10:03:06Z"}) {
    EXPECT_FALSE(parseRfc3339(text).has_value()) << text;
  }
}

TEST(Time, FollowsStockholmThroughTheYear) {
  EXPECT_EQ(toIso(toStockholm(utc("2026-07-01T10:00:00Z"))), "2026-07-01T12:00:00");
  EXPECT_EQ(toIso(toStockholm(utc("2026-12-01T10:00:00Z"))), "2026-12-01T11:00:00");
}

// RFC 5545 section 3.3.5.
TEST(Time, TakesTheOffsetBeforeAGapAndTheFirstOfADoubledHour) {
  EXPECT_EQ(toRfc3339(fromStockholm(local("2026-03-29T02:30:00"))), "2026-03-29T01:30:00.000Z");
  EXPECT_EQ(toRfc3339(fromStockholm(local("2026-10-25T02:30:00"))), "2026-10-25T00:30:00.000Z");
}

}  // namespace
}  // namespace vardnav
