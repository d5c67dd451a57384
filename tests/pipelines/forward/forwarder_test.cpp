// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The forwarder against a fake outbox and a fake broker, in virtual time.
#include "pipelines/forward/forwarder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"
#include "tests/support/fake_journal.h"
#include "tests/support/fake_link.h"
#include "tests/support/observations.h"

namespace vardnav::forward {
namespace {

using test::glucose;
using test::kMorning;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::Stream;

constexpr Milliseconds kSecond{1000};

class ForwarderTest : public testing::Test {
 protected:
  ForwarderTest() { forwarder_.start(now(), steady_); }

  UtcTime now() const { return kMorning + steady_.time_since_epoch(); }

  /// Ticks once a second; the broker acknowledges at once unless `isAcknowledging_` is off.
  void advance(Milliseconds span) {
    for (Milliseconds done{0}; done < span; done += kSecond) {
      steady_ += kSecond;
      forwarder_.onTick(now(), steady_);
      if (isAcknowledging_) link_.acknowledgeAll();
    }
  }
  void commit() {
    forwarder_.onCommitted(now(), steady_);
    if (isAcknowledging_) link_.acknowledgeAll();
  }
  void connect() {
    link_.connect();
    if (isAcknowledging_) link_.acknowledgeAll();
  }

  std::uint64_t addReading(std::size_t observations = 1) {
    wire::ReadingItem reading;
    reading.observations.assign(observations, glucose(7, 68, now()));
    return journal_.add(Stream::kReading, std::move(reading), now());
  }
  std::uint64_t addAlert() {
    return journal_.add(Stream::kAlert,
                        wire::AlertItem{test::lowGlucose(9, 7), {glucose(7, 52, now())}}, now());
  }

  struct Message {
    Stream stream;
    std::vector<std::uint64_t> sequences;
    bool isResent;
  };
  /// Alerts and readings published since the last call.
  std::vector<Message> messages() {
    std::vector<Message> result;
    for (; read_ < link_.published.size(); ++read_) {
      if (link_.published[read_].topic == wire::statusTopic(hub_)) continue;
      const auto decoded = wire::decodeUp(link_.published[read_].payload).value();
      EXPECT_THAT(decoded.faults, IsEmpty());
      EXPECT_EQ(link_.published[read_].topic, wire::upTopic(hub_, decoded.message.stream));
      Message message{decoded.message.stream, {}, decoded.message.items.at(0).isResent};
      for (const auto& item : decoded.message.items) {
        EXPECT_EQ(item.isResent, message.isResent);
        message.sequences.push_back(item.sequence);
      }
      result.push_back(message);
    }
    return result;
  }
  std::vector<std::uint64_t> sequences(Stream stream) {
    std::vector<std::uint64_t> result;
    for (const auto& message : messages()) {
      if (message.stream == stream) {
        result.insert(result.end(), message.sequences.begin(), message.sequences.end());
      }
    }
    return result;
  }
  std::size_t statuses() const {
    return static_cast<std::size_t>(std::ranges::count(link_.published, wire::statusTopic(hub_),
                                                       &test::FakeLink::Published::topic));
  }

  wire::Receipt receiptOf(Stream stream, std::uint64_t through) const {
    return {hub_, journal_.epoch(), stream, through, {}, {}};
  }
  void deliver(const wire::Receipt& receipt) {
    link_.deliver(wire::receiptTopic(hub_), wire::encode(receipt));
    if (isAcknowledging_) link_.acknowledgeAll();
  }
  /// A backend that commits what was published since and says so; `isLost` may eat a message
  /// or a receipt.
  void backend(const std::function<bool()>& isLost = [] { return false; }) {
    std::set<Stream> heard;
    for (; committed_ < link_.published.size(); ++committed_) {
      if (link_.published[committed_].topic == wire::statusTopic(hub_) || isLost()) continue;
      const auto up = wire::decodeUp(link_.published[committed_].payload).value().message;
      for (const auto& item : up.items) received_[up.stream].insert(item.sequence);
      heard.insert(up.stream);
    }
    for (const Stream stream : heard) {
      auto receipt = receiptOf(stream, 0);
      for (const std::uint64_t sequence : received_[stream]) {
        if (sequence > receipt.through + 1) {
          receipt.gaps.push_back({receipt.through + 1, sequence - 1});
        }
        receipt.through = sequence;
      }
      if (!isLost()) deliver(receipt);
    }
  }

  const HubId hub_{"hub-demo-1"};
  test::FakeJournal journal_;
  test::FakeLink link_;
  wire::Status status_;
  std::vector<std::string> notes_;
  Forwarder forwarder_{hub_, journal_, link_, [this] { return status_; },
                       [this](std::string line) { notes_.push_back(std::move(line)); }};
  SteadyTime steady_{};
  bool isAcknowledging_ = true;
  std::size_t read_ = 0;       ///< by messages()
  std::size_t committed_ = 0;  ///< by backend()
  std::map<Stream, std::set<std::uint64_t>> received_;
};

TEST_F(ForwarderTest, SendsAReadingAtOnceAndForgetsItOnlyOnItsReceipt) {
  connect();
  addReading();
  commit();
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1));
  EXPECT_EQ(journal_.backlog(Stream::kReading)->count, 1U);  // the broker's word is none
  deliver(receiptOf(Stream::kReading, 1));
  EXPECT_EQ(journal_.backlog(Stream::kReading)->count, 0U);
  advance(600 * kSecond);
  EXPECT_THAT(messages(), IsEmpty());
}

TEST_F(ForwarderTest, SendsALostMessageAgainWithGrowingWaitsUntilItsReceipt) {
  connect();
  addReading();
  commit();
  EXPECT_FALSE(messages().at(0).isResent);
  const auto waits = {10, 20, 40, 60, 60};
  for (const int wait : waits) {
    advance((wait - 1) * kSecond);
    EXPECT_THAT(messages(), IsEmpty()) << wait;
    advance(kSecond);
    const auto again = messages();
    ASSERT_EQ(again.size(), 1U) << wait;
    EXPECT_TRUE(again[0].isResent);
    EXPECT_THAT(again[0].sequences, ElementsAre(1));
  }
  deliver(receiptOf(Stream::kReading, 1));
  advance(300 * kSecond);
  EXPECT_THAT(messages(), IsEmpty());
  EXPECT_EQ(forwarder_.counters().itemsResent, 5U);
}

TEST_F(ForwarderTest, ALostReceiptIsMadeUpForByTheNextOne) {
  connect();
  addReading();
  commit();
  (void)messages();  // its receipt is lost
  addReading();
  commit();
  deliver(receiptOf(Stream::kReading, 2));
  EXPECT_EQ(journal_.backlog(Stream::kReading)->count, 0U);
}

TEST_F(ForwarderTest, AReceiptThatComesTwiceOrLateChangesNothing) {
  connect();
  for (int i = 0; i < 3; ++i) addReading();
  commit();
  deliver(receiptOf(Stream::kReading, 2));
  deliver(receiptOf(Stream::kReading, 2));
  deliver(receiptOf(Stream::kReading, 1));
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
  EXPECT_EQ(forwarder_.counters().receipts, 3U);
}

TEST_F(ForwarderTest, SendsOnlyTheGapOfAReceiptAgain) {
  connect();
  for (int i = 0; i < 6; ++i) addReading();
  commit();
  auto receipt = receiptOf(Stream::kReading, 6);
  receipt.gaps = {{2, 3}};
  deliver(receipt);
  (void)messages();
  advance(10 * kSecond);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(2, 3));
}

TEST_F(ForwarderTest, WhatIsSetAsideIsForgottenCountedAndTold) {
  connect();
  for (int i = 0; i < 2; ++i) addReading();
  commit();
  auto receipt = receiptOf(Stream::kReading, 2);
  receipt.setAside = {{2, "/observations/0/unit: unknown unit"}};
  deliver(receipt);
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
  EXPECT_EQ(forwarder_.counters().setAside, 1U);
  EXPECT_THAT(notes_, Contains(HasSubstr("set reading 2 aside: /observations/0/unit")));
}

TEST_F(ForwarderTest, IgnoresAndCountsReceiptsOfAnotherHubOrEpochOrThatCannotBeRead) {
  connect();
  addReading();
  commit();
  auto receipt = receiptOf(Stream::kReading, 9);
  receipt.epoch = EpochId("an earlier life");
  deliver(receipt);
  receipt = receiptOf(Stream::kReading, 9);
  receipt.hub = HubId("other");
  deliver(receipt);
  link_.deliver(wire::receiptTopic(hub_), "{\"version\":1");
  link_.deliver("vardnav/1/hub-demo-1/down/config", wire::encode(receiptOf(Stream::kReading, 9)));
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
  EXPECT_EQ(forwarder_.counters().foreignReceipts, 2U);
  EXPECT_EQ(forwarder_.counters().unreadableReceipts, 1U);
  EXPECT_EQ(forwarder_.counters().receipts, 0U);
}

TEST_F(ForwarderTest, AnAlertOvertakesABacklogOfTwentyThousand) {
  for (int i = 0; i < 20000; ++i) addReading();
  isAcknowledging_ = false;
  link_.connect();
  advance(2 * kSecond);
  EXPECT_THAT(messages(), Each(testing::Field(&Message::stream, Stream::kReading)));
  const auto before = link_.published.size();
  addAlert();
  forwarder_.onCommitted(now(), steady_);
  ASSERT_EQ(link_.published.size(), before + 1);  // with the broker silent all the while
  EXPECT_EQ(link_.published.back().topic, wire::upTopic(hub_, Stream::kAlert));
  // What an alert stands behind in the socket is bounded, too.
  EXPECT_LE(link_.unacknowledged(), 5U);
}

TEST_F(ForwarderTest, AFreshReadingOvertakesTheBacklogWhichGoesOldestFirst) {
  for (int i = 0; i < 300; ++i) addReading();
  connect();
  auto first = messages();
  ASSERT_GE(first.size(), 3U);
  EXPECT_EQ(first[0].sequences.back(), 300U);  // the newest first
  EXPECT_EQ(first[1].sequences.front(), 1U);   // then from the oldest
  EXPECT_EQ(first[2].sequences.front(), first[1].sequences.back() + 1);
}

TEST_F(ForwarderTest, FreshReadingsGoFirstWhileABacklogDrains) {
  for (int i = 0; i < 3000; ++i) addReading();
  isAcknowledging_ = false;
  link_.connect();
  (void)messages();
  addReading();
  forwarder_.onCommitted(now(), steady_);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(3001));
}

TEST_F(ForwarderTest, DrainsABacklogOnceInPacedBatchesAsReceiptsCome) {
  for (int i = 0; i < 20000; ++i) addReading();
  connect();
  std::multiset<std::uint64_t> sent;
  int seconds = 0;
  for (; journal_.backlog(Stream::kReading)->count > 0 && seconds < 600; ++seconds) {
    const auto before = link_.published.size();
    advance(kSecond);
    EXPECT_LE(link_.published.size() - before, 12U);
    for (const auto& message : messages()) {
      EXPECT_LE(message.sequences.size(), Forwarder::kMaxItems);
      sent.insert(message.sequences.begin(), message.sequences.end());
    }
    // A running receipt is enough; its gaps name what has not been sent.
    if (seconds % 3 == 0) backend();
  }
  EXPECT_LT(seconds, 200);
  EXPECT_EQ(sent.size(), 20000U);  // none twice
  EXPECT_EQ(forwarder_.counters().itemsResent, 0U);
}

TEST_F(ForwarderTest, PacesABacklogAlsoWhenReceiptsComeAtOnce) {
  for (int i = 0; i < 12'000; ++i) addReading();
  connect();
  for (int second = 0; second < 5; ++second) {
    const auto before = link_.published.size();
    advance(kSecond);
    for (int i = 0; i < 50; ++i) backend();
    EXPECT_GE(link_.published.size() - before, 39U);
    EXPECT_LE(link_.published.size() - before, 42U);
  }
}

TEST_F(ForwarderTest, ABurstThatDoesNotFitOneMessageLeavesNoHole) {
  connect();
  addReading();
  commit();
  backend();
  for (int i = 0; i < 170; ++i) addReading();
  commit();
  for (int i = 0; i < 3; ++i) {
    advance(kSecond);
    backend();
  }
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
  EXPECT_EQ(forwarder_.counters().itemsSent, 171U);
}

TEST_F(ForwarderTest, NeverSendsALongerMessageThanSixtyFourKibibytes) {
  for (int i = 0; i < 200; ++i) addReading(5);
  connect();
  for (int i = 0; i < 30; ++i) {
    advance(kSecond);
    backend();
  }
  for (const auto& published : link_.published) {
    EXPECT_LE(published.payload.size(), Forwarder::kMaxPayload);
  }
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
}

TEST_F(ForwarderTest, OneItemThatIsLongerGoesAlone) {
  addReading();
  addReading(300);
  addReading();
  connect();
  for (int i = 0; i < 5; ++i) {
    advance(kSecond);
    backend();
  }
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
}

TEST_F(ForwarderTest, KeepsFewerOutstandingThanTheWindow) {
  isAcknowledging_ = false;
  connect();
  for (int i = 0; i < 100; ++i) {
    addReading();
    addAlert();
    forwarder_.onCommitted(now(), steady_);
    EXPECT_LE(link_.unacknowledged(), static_cast<std::size_t>(kMaxOutstanding));
  }
  EXPECT_EQ(link_.unacknowledged(), static_cast<std::size_t>(kMaxOutstanding));
  isAcknowledging_ = true;
  link_.acknowledgeAll();
  advance(kSecond);
  EXPECT_THAT(sequences(Stream::kAlert), SizeIs(100));
}

TEST_F(ForwarderTest, LeavesRoomForAlertsWhenReadingsAreNotAcknowledged) {
  isAcknowledging_ = false;
  connect();
  for (int i = 0; i < 100; ++i) {
    addReading();
    forwarder_.onCommitted(now(), steady_);
  }
  addAlert();
  forwarder_.onCommitted(now(), steady_);
  EXPECT_THAT(sequences(Stream::kAlert), ElementsAre(1));
}

TEST_F(ForwarderTest, IsQuietWhileDisconnectedForHoursAndThenSendsTheNewestFirst) {
  connect();
  (void)messages();
  link_.disconnect();
  const auto before = link_.published.size();
  for (int hour = 0; hour < 6; ++hour) {
    for (int i = 0; i < 20; ++i) addReading();
    commit();
    advance(3600 * kSecond);
  }
  addAlert();
  EXPECT_EQ(link_.published.size(), before);
  connect();
  const auto sent = messages();
  ASSERT_GE(sent.size(), 3U);
  EXPECT_EQ(sent[0].stream, Stream::kAlert);
  EXPECT_EQ(sent[1].sequences.back(), 120U);
  EXPECT_EQ(sent[2].sequences.front(), 1U);
}

TEST_F(ForwarderTest, TellsOfEachLossWhyAndOfItsEnd) {
  connect();
  EXPECT_THAT(notes_, IsEmpty());
  link_.disconnect("the broker closed the connection");
  link_.disconnect("no broker at 127.0.0.1:8883: start it");
  connect();
  EXPECT_THAT(notes_, ElementsAre("not connected: the broker closed the connection",
                                  "not connected: no broker at 127.0.0.1:8883: start it",
                                  "connected to the broker"));
}

TEST_F(ForwarderTest, SendsWhatHasNoReceiptAgainAsSoonAsItIsConnectedAgain) {
  isAcknowledging_ = false;
  connect();
  addAlert();
  addReading();
  commit();
  (void)messages();
  link_.disconnect();
  advance(2 * kSecond);
  connect();
  const auto again = messages();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].stream, Stream::kAlert);
  EXPECT_TRUE(again[0].isResent && again[1].isResent);
}

TEST_F(ForwarderTest, AnItemForgottenMeanwhileIsNotSentAgain) {
  connect();
  for (int i = 0; i < 3; ++i) addReading();
  commit();
  (void)messages();
  ASSERT_TRUE(journal_.forget(receiptOf(Stream::kReading, 2)));  // behind the forwarder's back
  advance(10 * kSecond);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(3));
}

TEST_F(ForwarderTest, WhileTheBackendIsAwayReadingsAreRepeatedOneMessageAMinute) {
  for (int i = 0; i < 20000; ++i) addReading();
  connect();
  advance(60 * kSecond);
  (void)messages();
  std::size_t repeats = 0;
  advance(600 * kSecond);
  for (const auto& message : messages()) repeats += message.isResent ? 1 : 0;
  EXPECT_LE(repeats, 11U);
  EXPECT_GE(repeats, 9U);
  // When it is back, everything gets there.
  for (int i = 0; i < 200; ++i) {
    backend();
    advance(kSecond);
  }
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
}

TEST_F(ForwarderTest, AlertsAreRepeatedWhileTheBackendIsAway) {
  connect();
  for (int i = 0; i < 3; ++i) addAlert();
  commit();
  advance(600 * kSecond);
  std::size_t repeats = 0;
  for (const auto& message : messages()) repeats += message.isResent ? 1 : 0;
  EXPECT_GE(repeats, 10U);
}

TEST_F(ForwarderTest, ConnectsAgainWhenTheBrokerTakesButDoesNotAcknowledge) {
  isAcknowledging_ = false;
  connect();
  addReading();
  commit();
  advance(14 * kSecond);
  EXPECT_THAT(link_.reconnects, IsEmpty());
  advance(kSecond);
  EXPECT_THAT(link_.reconnects, ElementsAre("no acknowledgement from the broker for 15 s"));
  advance(60 * kSecond);  // it is down now: the watchdog has nothing to watch
  EXPECT_THAT(link_.reconnects, SizeIs(1));
  isAcknowledging_ = true;
  (void)messages();
  connect();
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1));
  advance(60 * kSecond);
  EXPECT_THAT(link_.reconnects, SizeIs(1));
  EXPECT_EQ(forwarder_.counters().reconnects, 1U);
}

TEST_F(ForwarderTest, DoesNotRepeatWhatStillWaitsForTheBroker) {
  isAcknowledging_ = false;
  connect();
  addReading();
  commit();
  (void)messages();
  advance(13 * kSecond);
  EXPECT_THAT(messages(), IsEmpty());
}

TEST_F(ForwarderTest, TriesAnotherBrokerWhenNoReceiptComesForHalfAMinuteAndThenMoreSeldom) {
  link_.hasAlternative = true;
  connect();
  advance(600 * kSecond);
  EXPECT_THAT(link_.turns, IsEmpty()) << "nothing waits for a receipt";
  addAlert();
  commit();
  for (const int wait : {30, 60, 120}) {
    link_.turns.clear();
    advance(wait * kSecond);
    EXPECT_THAT(link_.turns, IsEmpty()) << wait;
    advance(kSecond);
    EXPECT_THAT(link_.turns,
                ElementsAre("no receipt from the backend for " + std::to_string(wait) + " s"));
    connect();
  }
  EXPECT_EQ(forwarder_.counters().turns, 3U);
  deliver(receiptOf(Stream::kAlert, 1));
  link_.turns.clear();
  advance(600 * kSecond);
  EXPECT_THAT(link_.turns, IsEmpty());
  addAlert();
  commit();
  advance(31 * kSecond);
  EXPECT_THAT(link_.turns, SizeIs(1)) << "the receipt ended the doubling";
}

TEST_F(ForwarderTest, TellsOfWhatIsSetAsideBeforeItIsForgotten) {
  std::vector<std::size_t> left;
  forwarder_.beforeSetAside([&](const wire::Receipt& receipt) {
    EXPECT_EQ(receipt.setAside[0].sequence, 2U);
    left.push_back(journal_.items(Stream::kAlert).size());
  });
  connect();
  addAlert();
  addAlert();
  commit();
  deliver(receiptOf(Stream::kAlert, 1));
  EXPECT_THAT(left, IsEmpty());
  auto receipt = receiptOf(Stream::kAlert, 2);
  receipt.setAside = {{2, "unknown-person"}};
  deliver(receipt);
  EXPECT_THAT(left, ElementsAre(1U));
  EXPECT_TRUE(journal_.items(Stream::kAlert).empty());
}

TEST_F(ForwarderTest, AReceiptForAnythingShowsThatTheBackendIsThere) {
  link_.hasAlternative = true;
  connect();
  addAlert();
  addReading();
  commit();
  advance(29 * kSecond);
  deliver(receiptOf(Stream::kReading, 1));
  advance(30 * kSecond);
  EXPECT_THAT(link_.turns, IsEmpty());
}

TEST_F(ForwarderTest, HasNoBusyLoopWhenTheLinkTakesNothing) {
  for (int i = 0; i < 500; ++i) addReading();
  connect();
  link_.publishFault = Error{ErrorCode::kUnavailable, "too much outstanding"};
  const auto before = link_.published.size();
  advance(100 * kSecond);
  EXPECT_EQ(link_.published.size(), before);
  link_.publishFault.reset();
  for (int i = 0; i < 30; ++i) {
    advance(kSecond);
    backend();
  }
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
}

TEST_F(ForwarderTest, AMessageRefusedForGoodDoesNotStandInTheWayOfOthers) {
  connect();
  link_.publishFault = Error{ErrorCode::kInvalidInput, "payload too large"};
  addReading();
  commit();
  EXPECT_EQ(forwarder_.counters().refusedMessages, 1U);
  link_.publishFault.reset();
  addReading();
  commit();
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(2));
  advance(10 * kSecond);
  EXPECT_THAT(sequences(Stream::kReading), Contains(1));
}

TEST_F(ForwarderTest, AFaultOfTheOutboxIsToldOnceAndPasses) {
  connect();
  addReading();
  journal_.outboxFault = Error{ErrorCode::kStorage, "the disk is full"};
  commit();
  advance(20 * kSecond);
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("the disk is full")));
  EXPECT_GE(forwarder_.counters().storageFaults, 20U);
  journal_.outboxFault.reset();
  advance(kSecond);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1));
}

TEST_F(ForwarderTest, AReceiptThatCouldNotBeStoredIsAskedForAgain) {
  connect();
  addReading();
  commit();
  journal_.outboxFault = Error{ErrorCode::kStorage, "the disk is full"};
  deliver(receiptOf(Stream::kReading, 1));
  journal_.outboxFault.reset();
  (void)messages();
  advance(10 * kSecond);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1));
  deliver(receiptOf(Stream::kReading, 1));
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
}

TEST_F(ForwarderTest, TellsItsStatusOnConnectingEveryMinuteAndOnChange) {
  status_.version = "0.1.0";
  status_.devices = {{DeviceId("C0:FF:EE:00:00:01"), std::nullopt}};
  connect();
  EXPECT_EQ(statuses(), 1U);
  advance(59 * kSecond);
  status_.devices[0].at = now();  // ordinary life, no news
  EXPECT_EQ(statuses(), 1U);
  advance(kSecond);
  EXPECT_EQ(statuses(), 2U);
  advance(10 * kSecond);
  status_.hasRadio = true;
  advance(kSecond);
  EXPECT_EQ(statuses(), 3U);
  status_.hasRadio = false;  // flapping is slowed
  advance(2 * kSecond);
  EXPECT_EQ(statuses(), 3U);
  advance(3 * kSecond);
  EXPECT_EQ(statuses(), 4U);
}

TEST_F(ForwarderTest, ItsStatusSaysWhatWaitsAndSinceWhen) {
  addReading();
  addReading();
  addAlert();
  advance(30 * kSecond);
  connect();
  const auto sent = std::ranges::find(link_.published, wire::statusTopic(hub_),
                                      &test::FakeLink::Published::topic);
  ASSERT_NE(sent, link_.published.end());
  const auto status = wire::decodeStatus(sent->payload).value();
  EXPECT_EQ(status.hub, hub_);
  EXPECT_EQ(status.epoch, journal_.epoch());
  EXPECT_EQ(status.readingBacklog, 2U);
  EXPECT_EQ(status.alertBacklog, 1U);
  EXPECT_EQ(status.backlogAge, 30 * kSecond);
  EXPECT_EQ(status.at, now());
}

/// Whatever is lost on the way, every item gets there, and nothing is sent for ever.
TEST_F(ForwarderTest, EverythingGetsThereThroughAnyLosses) {
  std::uint32_t state = 20261124;
  const auto chance = [&state](std::uint32_t percent) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % 100 < percent;
  };
  isAcknowledging_ = false;
  for (int second = 0; second < 3000; ++second) {
    if (second < 1000) {
      if (chance(50)) addReading();
      if (chance(5)) addAlert();
      if (chance(2)) {
        for (int i = 0; i < 80; ++i) addReading();
      }
      forwarder_.onCommitted(now(), steady_);
    }
    if (!link_.isConnected() && chance(40)) link_.connect();
    if (link_.isConnected() && chance(5)) link_.disconnect();
    if (chance(80)) link_.acknowledgeAll();
    backend([&] { return chance(30); });
    advance(kSecond);
  }
  EXPECT_THAT(journal_.items(Stream::kReading), IsEmpty());
  EXPECT_THAT(journal_.items(Stream::kAlert), IsEmpty());
  const auto& readings = received_[Stream::kReading];
  EXPECT_GT(readings.size(), 1000U);
  EXPECT_EQ(*readings.rbegin(), readings.size());
}

}  // namespace
}  // namespace vardnav::forward
