// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/fault_book.h"

#include <gtest/gtest.h>

#include "hub/app/clock_fault.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kNow{Milliseconds{1'795'514'400'000}};

TEST(FaultBook, KeepsTheBeginningOfAFaultThatGoesOn) {
  FaultBook book;
  book.set("radio-dead", "", "unplugged", kNow);
  book.set("radio-dead", "", "not powered", kNow + 1min);
  ASSERT_EQ(book.all().size(), 1U);
  EXPECT_EQ(book.all()[0].since, kNow);
  EXPECT_EQ(book.all()[0].detail, "not powered");
  book.clear("radio-dead", "");
  EXPECT_TRUE(book.all().empty());
  book.set("radio-dead", "", "unplugged", kNow + 2min);
  EXPECT_EQ(book.all()[0].since, kNow + 2min);
}

TEST(FaultBook, TellsOneDeviceFromAnother) {
  FaultBook book;
  book.set("unknown-device", "B", "no driver", kNow);
  book.set("unknown-device", "A", "no driver", kNow);
  book.clear("unknown-device", "B");
  ASSERT_EQ(book.all().size(), 1U);
  EXPECT_EQ(book.all()[0].subject, "A");
}

TEST(FaultBook, ARoomFullOfStrangeDevicesDoesNotFillTheHeartbeat) {
  FaultBook book;
  for (int i = 0; i < 1000; ++i) book.set("unknown-device", std::to_string(i), "no driver", kNow);
  EXPECT_EQ(book.all().size(), FaultBook::kMost);
  EXPECT_EQ(book.untold(), 1000 - FaultBook::kMost);
}

TEST(ClockFault, GivesAHubThatHasJustStartedTimeToFindASource) {
  FaultBook book;
  ClockFault watch;
  const SteadyTime start{};
  watch.onTick(false, kNow, start, book);
  watch.onTick(false, kNow, start + ClockFault::kPatience - 1ms, book);
  EXPECT_TRUE(book.all().empty());
  watch.onTick(false, kNow, start + ClockFault::kPatience, book);
  ASSERT_EQ(book.all().size(), 1U);
  EXPECT_EQ(book.all()[0].kind, wire::fault_kind::kClockUntrusted);
  watch.onTick(true, kNow, start + 1h, book);
  EXPECT_TRUE(book.all().empty());
  watch.onTick(false, kNow, start + 1h, book);
  EXPECT_TRUE(book.all().empty()) << "the wait begins anew";
}

}  // namespace
}  // namespace vardnav::hub
