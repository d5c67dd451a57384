// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/ingest/down_queue.h"

#include <gtest/gtest.h>

#include <future>

namespace vardnav::cloud::ingest {
namespace {

wire::Receipt receiptOf(const char* hub, std::uint64_t through,
                        std::vector<wire::SetAside> setAside = {}) {
  wire::Receipt receipt;
  receipt.hub = HubId(hub);
  receipt.epoch = EpochId("e");
  receipt.stream = wire::Stream::kReading;
  receipt.through = through;
  receipt.setAside = std::move(setAside);
  return receipt;
}

std::optional<wire::Receipt> take(DownQueue& queue) {
  const auto down = queue.take();
  return down ? down->receipt : std::nullopt;
}

TEST(DownQueue, GivesOneForEachStreamInOrderAndTheNewestOfEach) {
  DownQueue queue;
  queue.allow();
  queue.add(receiptOf("hub-1", 1));
  queue.add(receiptOf("hub-2", 7));
  queue.add(receiptOf("hub-1", 2));
  wire::Receipt alerts = receiptOf("hub-1", 3);
  alerts.stream = wire::Stream::kAlert;
  queue.add(alerts);
  EXPECT_EQ(take(queue)->through, 2U);
  EXPECT_EQ(take(queue)->hub, HubId("hub-2"));
  EXPECT_EQ(take(queue)->stream, wire::Stream::kAlert);
}

TEST(DownQueue, KeepsWhatWasSetAsideWhenItMerges) {
  DownQueue queue;
  queue.allow();
  queue.add(receiptOf("hub-1", 3, {{3, "malformed"}}));
  queue.add(receiptOf("hub-1", 5, {{4, "foreign-person"}}));
  const auto merged = take(queue);
  EXPECT_EQ(merged->through, 5U);
  EXPECT_EQ(merged->setAside,
            (std::vector<wire::SetAside>{{3, "malformed"}, {4, "foreign-person"}}));
}

TEST(DownQueue, PutsBackBehindNothingButANewerOne) {
  DownQueue queue;
  queue.allow();
  queue.add(receiptOf("hub-1", 1, {{1, "malformed"}}));
  queue.add(receiptOf("hub-2", 1));
  queue.putBack(*queue.take());
  const auto first = take(queue);
  EXPECT_EQ(first->hub, HubId("hub-1"));
  queue.add(receiptOf("hub-1", 2));
  queue.putBack({first, {}});
  EXPECT_EQ(take(queue)->hub, HubId("hub-2"));
  const auto merged = take(queue);
  EXPECT_EQ(merged->through, 2U);
  EXPECT_EQ(merged->setAside.size(), 1U);
}

TEST(DownQueue, GivesNothingUntilSendingIsPossibleAndEndsWhenClosed) {
  DownQueue queue;
  queue.add(receiptOf("hub-1", 1));
  auto taken = std::async(std::launch::async, [&] { return take(queue); });
  queue.allow();
  EXPECT_EQ(taken.get()->through, 1U);
  queue.hold();
  queue.add(receiptOf("hub-1", 2));
  auto closed = std::async(std::launch::async, [&] { return take(queue); });
  queue.close();
  EXPECT_FALSE(closed.get());
}

TEST(DownQueue, GivesReceiptsBeforeConfigurationsAndOnlyTheNewestOfAHub) {
  DownQueue queue;
  queue.allow();
  queue.add(ConfigurationMessage{HubId("hub-2"), "two"});
  queue.add(ConfigurationMessage{HubId("hub-1"), "old"});
  queue.add(receiptOf("hub-1", 1));
  queue.add(ConfigurationMessage{HubId("hub-1"), "new"});
  EXPECT_TRUE(queue.take()->receipt);
  const auto first = queue.take();
  ASSERT_TRUE(first->configuration);
  EXPECT_EQ(first->configuration->envelope, "new");
  queue.putBack(*first);
  EXPECT_EQ(queue.take()->configuration->envelope, "new") << "was not sent";
  const auto second = queue.take();
  queue.add(ConfigurationMessage{HubId("hub-2"), "newer"});
  queue.putBack(*second);
  EXPECT_EQ(queue.take()->configuration->envelope, "newer");
}

TEST(DownQueue, IsBounded) {
  DownQueue queue;
  queue.allow();
  for (std::size_t i = 0; i <= DownQueue::kMaxStreams; ++i) {
    queue.add(receiptOf(("hub-" + std::to_string(i)).c_str(), 1));
  }
  EXPECT_EQ(take(queue)->hub, HubId("hub-1"));
}

}  // namespace
}  // namespace vardnav::cloud::ingest
