// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Ingest against a real mosquitto, with the hub's own link on the other side.
#include "cloud/ingest/mqtt_ingest.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "pipelines/uplink/paho_mqtt_link.h"
#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"
#include "tests/pipelines/uplink/mosquitto.h"

namespace vardnav::cloud::ingest {
namespace {

using testing::HasSubstr;

const HubId kHub("hub-1");

struct Ingest : testing::Test {
  uplink::PahoSettings settingsOf(const std::string& name) {
    uplink::PahoSettings settings;
    settings.brokers = {{"127.0.0.1", broker.port()}};
    settings.tls = authority.issue(name);
    settings.clientId = name;
    settings.firstBackoff = Milliseconds{20};
    settings.mostBackoff = Milliseconds{100};
    return settings;
  }
  MqttIngest::Post post() {
    return [this](std::function<void()> task) { loop.post(std::move(task)); };
  }
  // Answers every message with a receipt through its running number.
  std::unique_ptr<MqttIngest> makeIngest(std::size_t maxQueued = MqttIngest::kMaxQueued) {
    return std::make_unique<MqttIngest>(
        post(),
        [this](std::span<const Message> messages) {
          together.push_back(messages.size());
          std::vector<wire::Receipt> receipts;
          for (const Message& message : messages) {
            handled.push_back(message);
            wire::Receipt receipt;
            receipt.hub = message.hub;
            receipt.epoch = EpochId("epoch");
            receipt.through = handled.size();
            receipts.push_back(receipt);
          }
          return receipts;
        },
        MqttIngest::Listener{
            .connected = [this] { ++connected; },
            .disconnected = [this](std::string why) { reasons.push_back(std::move(why)); }},
        maxQueued);
  }
  // What the hub hears; it sends from elsewhere.
  void listenAsHub() {
    hub = std::make_unique<uplink::PahoMqttLink>(post());
    hub->listen({.connected = {},
                 .disconnected = {},
                 .message =
                     [this](const std::string&, const std::string& payload) {
                       const auto receipt = wire::decodeReceipt(payload);
                       ASSERT_TRUE(receipt);
                       newestReceipt = std::max(newestReceipt, receipt->through);
                     },
                 .acknowledged = {}});
    uplink::PahoSettings settings = settingsOf("hub-1");
    settings.clientId = "hub-1-ears";
    settings.subscriptions = {wire::receiptTopic(kHub)};
    ASSERT_TRUE(hub->open(std::move(settings)));
    ASSERT_TRUE(loop.runUntil([&] { return hub->isConnected(); }));
  }
  // By a hub in a process of its own: two connections of one process share Paho's lock, and here
  // one of them waits for the core.
  void send(const std::vector<std::string>& payloads,
            wire::Stream stream = wire::Stream::kReading) {
    sendTo(wire::upTopic(kHub, stream), payloads);
  }
  void sendTo(const std::string& topic, const std::vector<std::string>& payloads) {
    std::string lines;
    for (const std::string& payload : payloads) lines += payload + "\n";
    const uplink::TlsFiles tls = authority.issue("hub-1");
    const std::string command = std::string(VARDNAV_PUBLISH_LINES) + " " +
                                std::to_string(broker.port()) + " " + tls.ca + " " +
                                tls.certificate + " " + tls.key + " hub-1 " + topic + " < " +
                                scratch.write("payloads", lines);
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  test::Scratch scratch;
  test::Authority authority{scratch, "ca"};
  test::Mosquitto broker{scratch, authority};
  test::TestLoop loop;
  std::vector<Message> handled;
  std::vector<std::size_t> together;
  std::vector<std::string> reasons;
  int connected = 0;
  std::uint64_t newestReceipt = 0;
  std::unique_ptr<uplink::PahoMqttLink> hub;
};

TEST_F(Ingest, HandsOnWhatHubsSendAndSendsTheReceiptBack) {
  broker.start();
  const auto ingest = makeIngest();
  ASSERT_TRUE(ingest->open(settingsOf("vardnav-care")));
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected(); }));
  listenAsHub();
  send({"one"});
  ASSERT_TRUE(loop.runUntil([&] { return newestReceipt == 1; }));
  send({"two"}, wire::Stream::kAlert);
  ASSERT_TRUE(loop.runUntil([&] { return newestReceipt == 2; }));
  ASSERT_EQ(handled.size(), 2U);
  EXPECT_EQ(handled[0].hub, kHub);
  EXPECT_EQ(handled[0].channel, "reading");
  EXPECT_EQ(handled[0].payload, "one");
  EXPECT_EQ(handled[1].channel, "alert");
}

TEST_F(Ingest, KeepsOrderAndLosesNothingThroughAQueueMuchSmallerThanTheRush) {
  broker.start();
  const auto ingest = makeIngest(2);
  ASSERT_TRUE(ingest->open(settingsOf("vardnav-care")));
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected(); }));
  listenAsHub();
  constexpr int kMany = 300;
  std::vector<std::string> payloads;
  for (int i = 0; i < kMany; ++i) payloads.push_back(std::to_string(i));
  send(payloads);
  // Each is answered while Paho's thread waits for room: nobody waits for the other.
  ASSERT_TRUE(loop.runUntil([&] { return newestReceipt == kMany; })) << newestReceipt;
  ASSERT_EQ(handled.size(), static_cast<std::size_t>(kMany));
  for (int i = 0; i < kMany; ++i) {
    ASSERT_EQ(handled[static_cast<std::size_t>(i)].payload, std::to_string(i));
  }
}

TEST_F(Ingest, WhatHasGatheredIsHandledTogetherAndAlertsFirst) {
  broker.start();
  const auto ingest = makeIngest();
  ASSERT_TRUE(ingest->open(settingsOf("vardnav-care")));
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected(); }));
  listenAsHub();
  // The core is at work elsewhere meanwhile: send() returns when the broker has them all.
  std::vector<std::string> payloads;
  for (int i = 0; i < 40; ++i) payloads.push_back(std::to_string(i));
  send(payloads);
  send({"alert 1", "alert 2"}, wire::Stream::kAlert);
  const std::string large(MqttIngest::kMaxOctetsTogether, 'x');
  send({large, "behind it"});
  // The broker gives in order: what is ignored at once has all the others before it.
  sendTo("vardnav/1/hub-1/up/other", {"last"});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (ingest->ignoredTopics() == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  ASSERT_EQ(ingest->ignoredTopics(), 1U);
  ASSERT_TRUE(loop.runUntil([&] { return newestReceipt == 44; })) << newestReceipt;
  ASSERT_EQ(handled.size(), 44U);
  const auto placeOf = [&](const std::string& payload) {
    return std::ranges::find(handled, payload, &Message::payload) - handled.begin();
  };
  EXPECT_LT(placeOf("0"), placeOf("39"));
  EXPECT_EQ(placeOf("alert 1"), 0);
  EXPECT_EQ(placeOf("alert 2"), 1);
  EXPECT_THAT(together, testing::ElementsAre(32U, 10U, 1U, 1U)) << "by number, and by length";
}

TEST_F(Ingest, HearsHubsAgainAfterTheBrokerWasKilled) {
  broker.start();
  const auto ingest = makeIngest();
  ASSERT_TRUE(ingest->open(settingsOf("vardnav-care")));
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected(); }));
  listenAsHub();
  send({"before"});
  ASSERT_TRUE(loop.runUntil([&] { return newestReceipt == 1; }));
  broker.kill();
  ASSERT_TRUE(loop.runUntil([&] { return !ingest->isConnected() && !hub->isConnected(); }));
  ASSERT_EQ(reasons.size(), 1U);
  broker.start();
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected() && hub->isConnected(); }));
  EXPECT_EQ(connected, 2);
  send({"after"});
  ASSERT_TRUE(loop.runUntil([&] { return newestReceipt == 2; }));
}

TEST_F(Ingest, HasNoDelayOnItsSocket) {
  broker.start();
  const auto ingest = makeIngest();
  ASSERT_TRUE(ingest->open(settingsOf("vardnav-care")));
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected(); }));
  EXPECT_EQ(test::noDelayTowards(broker.port()).connections, 1);
  EXPECT_EQ(test::noDelayTowards(broker.port()).withIt, 1);
}

TEST_F(Ingest, EndsWhilePahoWaitsForRoomAndHandlesNothingAfterwards) {
  broker.start();
  const auto ingest = makeIngest(1);
  ASSERT_TRUE(ingest->open(settingsOf("vardnav-care")));
  ASSERT_TRUE(loop.runUntil([&] { return ingest->isConnected(); }));
  send({"1", "2", "3", "4", "5"});
  ASSERT_TRUE(loop.runUntil([&] { return !handled.empty(); }));
  ingest->close();
  const std::size_t before = handled.size();
  EXPECT_TRUE(loop.runUntil([] { return true; }));
  EXPECT_EQ(handled.size(), before);
  EXPECT_FALSE(ingest->isConnected());
}

TEST_F(Ingest, DoesNotOpenWithoutItsCertificate) {
  const auto ingest = makeIngest();
  uplink::PahoSettings settings = settingsOf("vardnav-care");
  settings.tls.certificate = scratch.path("nowhere.crt");
  const auto opened = ingest->open(std::move(settings));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().context, HasSubstr("nowhere.crt"));
}

}  // namespace
}  // namespace vardnav::cloud::ingest
