// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/broker_order.h"

#include <gtest/gtest.h>

namespace vardnav::uplink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSeed = 7;

class BrokerOrderTest : public ::testing::Test {
 protected:
  /// Connects to the current one, and loses it after `lasting`; whether a pause is due.
  bool connectAndLose(Milliseconds lasting, bool isBlamed = false) {
    order.onConnected(now);
    now += lasting;
    return order.onEnded(now, isBlamed);
  }
  void goTo(std::size_t broker) {
    while (order.current() != broker) order.onDialFailed();
  }
  /// From `now` until it asks for an earlier broker.
  Milliseconds untilReturn() const { return *order.returnAt() - now; }

  BrokerOrder order{3, 10min, 4h, kSeed};
  SteadyTime now{1h};
};

TEST_F(BrokerOrderTest, GoesThroughAllWithoutAPauseAndThenBeginsAnewAfterOne) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(order.current(), 0U);
    EXPECT_FALSE(order.onDialFailed());
    EXPECT_EQ(order.current(), 1U);
    EXPECT_FALSE(order.onDialFailed());
    EXPECT_EQ(order.current(), 2U);
    EXPECT_TRUE(order.onDialFailed());
  }
}

TEST_F(BrokerOrderTest, OneBrokerIsDialledAfterAPauseEachTime) {
  BrokerOrder one(1, 10min, 4h, kSeed);
  EXPECT_TRUE(one.onDialFailed());
  one.onConnected(now);
  EXPECT_FALSE(one.returnAt()) << "there is none before it";
  EXPECT_TRUE(one.onEnded(now + 1s, true));
  EXPECT_EQ(one.current(), 0U);
}

TEST_F(BrokerOrderTest, AGoodConnectionThatIsLostBeginsWithTheFirstAgain) {
  EXPECT_TRUE(connectAndLose(10s));
  EXPECT_EQ(order.current(), 0U);
  goTo(2);
  EXPECT_TRUE(connectAndLose(10s));
  EXPECT_EQ(order.current(), 0U);
}

TEST_F(BrokerOrderTest, AShortOneAndOneThatIsToBlameGiveTheNextItsTurn) {
  EXPECT_FALSE(connectAndLose(9'999ms));
  EXPECT_EQ(order.current(), 1U);
  EXPECT_FALSE(connectAndLose(24h, true));
  EXPECT_EQ(order.current(), 2U);
  EXPECT_TRUE(connectAndLose(24h, true)) << "all had their turn";
  EXPECT_EQ(order.current(), 0U);
}

TEST_F(BrokerOrderTest, AsksForAnEarlierOneFromALaterOneOnlyAndMoreAndMoreSeldom) {
  order.onConnected(now);
  EXPECT_FALSE(order.returnAt());
  goTo(1);
  order.onConnected(now);
  for (const Milliseconds whole : {10min, 20min, 40min, 80min, 160min, 240min, 240min}) {
    EXPECT_GE(untilReturn(), whole / 2);
    EXPECT_LE(untilReturn(), whole);
    now = *order.returnAt();
    order.onNoneEarlier(now);
  }
}

TEST_F(BrokerOrderTest, ReturnsWithoutAPauseAndWhoIsNoGoodThenIsAskedForMoreSeldom) {
  goTo(1);
  order.onConnected(now);
  now = *order.returnAt();
  order.returnTo(0);
  EXPECT_EQ(order.current(), 0U);
  EXPECT_FALSE(order.returnAt());
  EXPECT_FALSE(order.onDialFailed());
  EXPECT_EQ(order.current(), 1U);
  order.onConnected(now);
  EXPECT_GE(untilReturn(), 10min);
}

TEST_F(BrokerOrderTest, AnHourAtTheFirstEndsTheDoubling) {
  goTo(1);
  order.onConnected(now);
  for (int i = 0; i < 5; ++i) order.onNoneEarlier(now);
  order.returnTo(0);
  connectAndLose(1h - 1ms);
  goTo(1);
  order.onConnected(now);
  EXPECT_GT(untilReturn(), 10min);
  order.returnTo(0);
  connectAndLose(1h);
  goTo(1);
  order.onConnected(now);
  EXPECT_LE(untilReturn(), 10min);
}

}  // namespace
}  // namespace vardnav::uplink
