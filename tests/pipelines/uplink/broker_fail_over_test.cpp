// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A link with two brokers to choose from: two real mosquittos with TLS.
#include <gmock/gmock.h>

#include <chrono>
#include <set>

#include "pipelines/uplink/paho_mqtt_link.h"
#include "tests/pipelines/uplink/mosquitto.h"

namespace vardnav::uplink {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kUp = "vardnav/1/hub-1/up/reading";

struct FailOver : testing::Test {
  PahoSettings settings() {
    PahoSettings settings;
    settings.brokers = {addressOf(first), addressOf(second)};
    settings.tls = authority.issue("hub-1");
    settings.clientId = "hub-1";
    settings.firstBackoff = Milliseconds{20};
    settings.mostBackoff = Milliseconds{100};
    return settings;
  }
  static ServerAddress addressOf(const test::Mosquitto& broker) {
    return {"127.0.0.1", broker.port()};
  }
  void open(PahoSettings settings) {
    link.listen({.connected = {},
                 .disconnected = [this](std::string why) { reasons.push_back(std::move(why)); },
                 .message = {},
                 .acknowledged = [this](std::uint64_t token) { acknowledged.insert(token); }});
    ASSERT_TRUE(link.open(std::move(settings)));
  }
  bool isServedBy(const test::Mosquitto& broker) {
    return loop.runUntil([&] { return link.broker() == toText(addressOf(broker)); });
  }
  bool publishes() {
    const auto token = link.publish(kUp, "x");
    return token && loop.runUntil([&] { return acknowledged.contains(*token); });
  }
  /// Over many times of asking for an earlier broker.
  bool publishesThroughout() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{400};
    while (std::chrono::steady_clock::now() < until) {
      if (!publishes()) return false;
    }
    return true;
  }

  test::Scratch scratch;
  test::Scratch elsewhere;
  test::Authority authority{scratch, "ca"};
  test::Mosquitto first{scratch, authority};
  test::Mosquitto second{elsewhere, authority};
  test::TestLoop loop;
  std::vector<std::string> reasons;
  std::set<std::uint64_t> acknowledged;
  PahoMqttLink link{[this](std::function<void()> task) { loop.post(std::move(task)); }};
};

TEST_F(FailOver, TakesTheFirstAndTheNextWhenItIsKilledAndReturnsWhenItIsBack) {
  first.start();
  second.start();
  PahoSettings quick = settings();
  quick.firstReturn = Milliseconds{200};
  quick.mostReturn = Milliseconds{400};
  open(std::move(quick));
  ASSERT_TRUE(isServedBy(first));
  EXPECT_TRUE(publishes());
  first.kill();
  ASSERT_TRUE(isServedBy(second));
  EXPECT_TRUE(publishes());
  first.start();
  ASSERT_TRUE(isServedBy(first));
  EXPECT_TRUE(publishes());
  EXPECT_THAT(reasons.back(), AllOf(HasSubstr("going back to the broker"),
                                    HasSubstr(std::to_string(first.port()))));
}

TEST_F(FailOver, StaysWithTheNextWhileTheFirstIsAway) {
  second.start();
  PahoSettings quick = settings();
  quick.firstReturn = Milliseconds{20};  // asks again and again
  quick.mostReturn = Milliseconds{20};
  open(std::move(quick));
  ASSERT_TRUE(isServedBy(second));
  ASSERT_TRUE(publishesThroughout());
  EXPECT_EQ(reasons.size(), 1U) << testing::PrintToString(reasons);
  EXPECT_THAT(reasons[0],
              AllOf(HasSubstr("Connection refused"), HasSubstr(std::to_string(first.port()))));
}

TEST_F(FailOver, ReturnsToNoBrokerThatItWouldNotTrust) {
  const test::Authority stranger(scratch, "stranger");
  test::Mosquitto impostor(scratch, stranger);
  impostor.start();
  second.start();
  PahoSettings quick = settings();
  quick.brokers[0] = addressOf(impostor);
  quick.firstReturn = Milliseconds{20};
  quick.mostReturn = Milliseconds{20};
  open(std::move(quick));
  ASSERT_TRUE(isServedBy(second));
  ASSERT_TRUE(publishesThroughout());
  EXPECT_EQ(reasons.size(), 1U) << testing::PrintToString(reasons);
  EXPECT_THAT(reasons[0], HasSubstr("not trusted"));
}

TEST_F(FailOver, TurnsAwayFromABrokerThatTakesAndDoesNotAcknowledge) {
  first.start();
  second.start();
  open(settings());
  ASSERT_TRUE(isServedBy(first));
  first.freeze();
  link.reconnect("no acknowledgement from the broker for 15 s");
  EXPECT_TRUE(isServedBy(second));
  EXPECT_TRUE(publishes());
  first.thaw();
}

TEST_F(FailOver, TurnsToTheNextForABackendThatDoesNotAnswerIfThereIsOne) {
  first.start();
  second.start();
  open(settings());
  EXPECT_FALSE(link.turnToNext("not connected yet"));
  ASSERT_TRUE(isServedBy(first));
  EXPECT_TRUE(link.turnToNext("no receipt from the backend for 30 s"));
  EXPECT_TRUE(isServedBy(second));
}

TEST_F(FailOver, HasNoOtherWhereThereIsOnlyOne) {
  first.start();
  PahoSettings one = settings();
  one.brokers.pop_back();
  open(std::move(one));
  ASSERT_TRUE(isServedBy(first));
  EXPECT_FALSE(link.turnToNext("no receipt"));
  EXPECT_TRUE(publishes());
}

TEST_F(FailOver, SaysOnceOfEachWhyItCannotBeReached) {
  open(settings());
  ASSERT_TRUE(loop.runUntil([&] { return reasons.size() >= 2; }));
  second.start();
  ASSERT_TRUE(isServedBy(second));
  ASSERT_EQ(reasons.size(), 2U) << testing::PrintToString(reasons);
  EXPECT_THAT(reasons[0], HasSubstr(std::to_string(first.port())));
  EXPECT_THAT(reasons[1], HasSubstr(std::to_string(second.port())));
}

}  // namespace
}  // namespace vardnav::uplink
