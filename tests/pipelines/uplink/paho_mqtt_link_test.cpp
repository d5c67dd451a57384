// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The link against a real mosquitto with TLS and client certificates.
#include "pipelines/uplink/paho_mqtt_link.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <set>
#include <thread>

#include "tests/pipelines/uplink/mosquitto.h"

namespace vardnav::uplink {
namespace {

using testing::HasSubstr;

constexpr const char* kUp = "vardnav/1/hub-1/up/reading";
constexpr const char* kDown = "vardnav/1/hub-1/down/receipt";

// A link, and what its listener was told.
struct Peer {
  explicit Peer(test::TestLoop& loop)
      : link(std::make_unique<PahoMqttLink>(
            [&loop](std::function<void()> task) { loop.post(std::move(task)); })) {
    link->listen({.connected = [this] { ++connected; },
                  .disconnected = [this](std::string why) { reasons.push_back(std::move(why)); },
                  .message =
                      [this](std::string topic, std::string payload) {
                        messages.emplace_back(std::move(topic), std::move(payload));
                      },
                  .acknowledged = [this](std::uint64_t token) { acknowledged.insert(token); }});
  }
  int connected = 0;
  std::vector<std::string> reasons;
  std::vector<std::pair<std::string, std::string>> messages;
  std::set<std::uint64_t> acknowledged;
  std::unique_ptr<PahoMqttLink> link;
};

struct Link : testing::Test {
  PahoSettings settingsOf(const std::string& name, std::vector<std::string> subscriptions) {
    PahoSettings settings;
    settings.brokers = {{"127.0.0.1", broker.port()}};
    settings.tls = authority.issue(name);
    settings.clientId = name;
    settings.subscriptions = std::move(subscriptions);
    settings.firstBackoff = Milliseconds{20};
    settings.mostBackoff = Milliseconds{100};
    return settings;
  }
  void connect(Peer& peer, PahoSettings settings) {
    ASSERT_TRUE(peer.link->open(std::move(settings)));
    ASSERT_TRUE(loop.runUntil([&] { return peer.link->isConnected(); }));
  }

  test::Scratch scratch;
  test::Authority authority{scratch, "ca"};
  test::Mosquitto broker{scratch, authority};
  test::TestLoop loop;
};

TEST_F(Link, PublishesIsAcknowledgedAndHearsWhatIsSentToIt) {
  broker.start();
  Peer hub(loop);
  Peer care(loop);
  connect(hub, settingsOf("hub-1", {kDown}));
  connect(care, settingsOf("vardnav-care", {"vardnav/1/+/up/+"}));
  const std::string payload("{\"a\":\"å\0b\"}", 11);
  const auto token = hub.link->publish(kUp, payload);
  ASSERT_TRUE(token);
  ASSERT_TRUE(loop.runUntil([&] { return hub.acknowledged.contains(*token); }));
  ASSERT_TRUE(loop.runUntil([&] { return !care.messages.empty(); }));
  EXPECT_EQ(care.messages[0], std::pair(std::string(kUp), payload));
  ASSERT_TRUE(care.link->publish(kDown, "receipt"));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.messages.empty(); }));
  EXPECT_EQ(hub.messages[0], std::pair(std::string(kDown), std::string("receipt")));
}

TEST_F(Link, ComesBackAfterTheBrokerWasKilled) {
  broker.start();
  Peer hub(loop);
  connect(hub, settingsOf("hub-1", {kDown}));
  for (int round = 1; round <= 3; ++round) {
    broker.kill();
    ASSERT_TRUE(loop.runUntil([&] { return !hub.link->isConnected(); }));
    EXPECT_FALSE(hub.link->publish(kUp, "x"));
    broker.start();
    ASSERT_TRUE(loop.runUntil([&] { return hub.link->isConnected(); })) << round;
    const auto token = hub.link->publish(kUp, "x");
    ASSERT_TRUE(token);
    ASSERT_TRUE(loop.runUntil([&] { return hub.acknowledged.contains(*token); }));
  }
}

TEST_F(Link, HearsAgainWhatItSubscribedToAfterTheBrokerLostItsSessions) {
  broker.start();
  Peer hub(loop);
  Peer care(loop);
  connect(hub, settingsOf("hub-1", {kDown}));
  connect(care, settingsOf("vardnav-care", {}));
  broker.kill();
  ASSERT_TRUE(loop.runUntil([&] { return !hub.link->isConnected() && !care.link->isConnected(); }));
  broker.start();
  ASSERT_TRUE(loop.runUntil([&] { return hub.link->isConnected() && care.link->isConnected(); }));
  ASSERT_TRUE(care.link->publish(kDown, "receipt"));
  EXPECT_TRUE(loop.runUntil([&] { return !hub.messages.empty(); }));
}

TEST_F(Link, HasNoDelayOnItsSocketAndOnTheNextOne) {
  broker.start();
  Peer hub(loop);
  connect(hub, settingsOf("hub-1", {}));
  EXPECT_EQ(test::noDelayTowards(broker.port()).connections, 1);
  EXPECT_EQ(test::noDelayTowards(broker.port()).withIt, 1);
  hub.link->reconnect("test");
  ASSERT_TRUE(loop.runUntil([&] { return hub.connected == 2; }));
  EXPECT_EQ(test::noDelayTowards(broker.port()).connections, 1);
  EXPECT_EQ(test::noDelayTowards(broker.port()).withIt, 1);
}

TEST_F(Link, RefusesWhatIsMoreThanTenOutstandingAndBuffersNothing) {
  broker.start();
  Peer hub(loop);
  connect(hub, settingsOf("hub-1", {}));
  broker.freeze();
  std::set<std::uint64_t> sent;
  for (int i = 0; i < 10; ++i) {
    const auto token = hub.link->publish(kUp, "x");
    ASSERT_TRUE(token) << i;
    sent.insert(*token);
  }
  const auto eleventh = hub.link->publish(kUp, "x");
  ASSERT_FALSE(eleventh);
  EXPECT_EQ(eleventh.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(eleventh.error().retryable());
  broker.thaw();
  ASSERT_TRUE(loop.runUntil([&] { return hub.acknowledged == sent; }));
  EXPECT_TRUE(hub.link->publish(kUp, "x"));
}

TEST_F(Link, RefusesToPublishBeforeItIsConnected) {
  Peer hub(loop);
  ASSERT_TRUE(hub.link->open(settingsOf("hub-1", {})));
  const auto token = hub.link->publish(kUp, "x");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, ErrorCode::kUnavailable);
}

TEST_F(Link, TellsWhyItTearsDownAndComesBack) {
  broker.start();
  Peer hub(loop);
  connect(hub, settingsOf("hub-1", {}));
  broker.freeze();
  ASSERT_TRUE(hub.link->publish(kUp, "x"));
  hub.link->reconnect("no acknowledgement for 30 s");
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty(); }));
  EXPECT_EQ(hub.reasons[0], "no acknowledgement for 30 s");
  broker.thaw();
  ASSERT_TRUE(loop.runUntil([&] { return hub.link->isConnected(); }));
  // What was outstanding belongs to the past: the whole window is free.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(hub.link->publish(kUp, "x")) << i;
}

TEST_F(Link, SaysThatTheBrokerIsNotThere) {
  Peer hub(loop);
  ASSERT_TRUE(hub.link->open(settingsOf("hub-1", {})));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty(); }));
  EXPECT_THAT(hub.reasons[0], testing::AllOf(HasSubstr("Connection refused"),
                                             HasSubstr(std::to_string(broker.port()))));
}

TEST_F(Link, SaysThatTheHostHasNoAddress) {
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.brokers[0].host = "no-such-host.invalid";  // RFC 6761: never resolves
  ASSERT_TRUE(hub.link->open(std::move(settings)));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty(); }));
  EXPECT_THAT(hub.reasons[0], HasSubstr("no address for the broker 'no-such-host.invalid'"));
}

TEST_F(Link, SaysThatItDoesNotTrustTheBroker) {
  broker.start();
  const test::Authority stranger(scratch, "stranger");
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.tls.ca = stranger.certificate();
  ASSERT_TRUE(hub.link->open(std::move(settings)));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty(); }));
  EXPECT_THAT(hub.reasons[0],
              testing::AllOf(HasSubstr("not trusted"), HasSubstr(stranger.certificate())));
  EXPECT_EQ(hub.connected, 0);
}

TEST_F(Link, SaysThatTheBrokerDoesNotTrustIt) {
  broker.start();
  const test::Authority stranger(scratch, "stranger");
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.tls = stranger.issue("hub-1");
  settings.tls.ca = authority.certificate();
  ASSERT_TRUE(hub.link->open(std::move(settings)));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty(); }));
  EXPECT_THAT(hub.reasons[0], HasSubstr("the broker refused mqtt.certificate"));
  EXPECT_EQ(hub.connected, 0);
}

TEST_F(Link, OpensWithAnExpiredCertificateAndSaysWhyItIsNotConnected) {
  broker.start();
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.tls = authority.issue("hub-1", true);
  ASSERT_TRUE(hub.link->open(std::move(settings)));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty(); }));
  EXPECT_THAT(hub.reasons[0],
              testing::AllOf(HasSubstr("mqtt.certificate"), HasSubstr("has expired: renew it")));
  EXPECT_EQ(hub.connected, 0);
}

TEST_F(Link, DoesNotTalkToABrokerOfAnotherName) {
  const test::Scratch elsewhere;
  test::Mosquitto other(elsewhere, authority, "DNS:broker.example");
  other.start();
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.brokers[0].port = other.port();
  ASSERT_TRUE(hub.link->open(std::move(settings)));
  ASSERT_TRUE(loop.runUntil([&] { return !hub.reasons.empty() || hub.connected > 0; }));
  ASSERT_EQ(hub.connected, 0);
  EXPECT_THAT(hub.reasons[0], HasSubstr("certificate is not for '127.0.0.1'"));
}

TEST_F(Link, TellsOneReasonOnceHoweverOftenItDials) {
  // A port that accepts and closes, and counts.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listener, 16), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  std::atomic<int> dials = 0;
  std::thread server([&] {
    while (true) {
      const int fd = accept(listener, nullptr, nullptr);
      if (fd < 0) return;
      close(fd);
      ++dials;
    }
  });
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.brokers[0].port = ntohs(address.sin_port);
  ASSERT_TRUE(hub.link->open(std::move(settings)));
  EXPECT_TRUE(loop.runUntil([&] { return dials >= 6; }));  // each dial is asked why, too
  EXPECT_EQ(hub.reasons.size(), 1U) << testing::PrintToString(hub.reasons);
  hub.link.reset();
  shutdown(listener, SHUT_RDWR);
  server.join();
  close(listener);
}

TEST_F(Link, DoesNotOpenWithoutItsKey) {
  Peer hub(loop);
  PahoSettings settings = settingsOf("hub-1", {});
  settings.tls.key = scratch.path("nowhere.key");
  const auto opened = hub.link->open(std::move(settings));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().context, HasSubstr("nowhere.key"));
}

TEST_F(Link, TellsNothingAfterItsEnd) {
  broker.start();
  auto hub = std::make_unique<Peer>(loop);
  connect(*hub, settingsOf("hub-1", {kDown}));
  Peer care(loop);
  connect(care, settingsOf("vardnav-care", {}));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(care.link->publish(kDown, "x"));
  ASSERT_TRUE(loop.runUntil([&] { return care.acknowledged.size() == 5; }));
  hub.reset();  // what it posted before runs now, and must touch nothing
  EXPECT_TRUE(loop.runUntil([&] { return true; }));
  ASSERT_TRUE(care.link->publish(kDown, "x"));
  EXPECT_TRUE(loop.runUntil([&] { return care.acknowledged.size() == 6; }));
}

}  // namespace
}  // namespace vardnav::uplink
