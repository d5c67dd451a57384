// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/ingest/receipt_queue.h"

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

TEST(ReceiptQueue, GivesOneForEachStreamInOrderAndTheNewestOfEach) {
  ReceiptQueue queue;
  queue.allow();
  queue.add(receiptOf("hub-1", 1));
  queue.add(receiptOf("hub-2", 7));
  queue.add(receiptOf("hub-1", 2));
  wire::Receipt alerts = receiptOf("hub-1", 3);
  alerts.stream = wire::Stream::kAlert;
  queue.add(alerts);
  EXPECT_EQ(queue.take()->through, 2U);
  EXPECT_EQ(queue.take()->hub, HubId("hub-2"));
  EXPECT_EQ(queue.take()->stream, wire::Stream::kAlert);
}

TEST(ReceiptQueue, KeepsWhatWasSetAsideWhenItMerges) {
  ReceiptQueue queue;
  queue.allow();
  queue.add(receiptOf("hub-1", 3, {{3, "malformed"}}));
  queue.add(receiptOf("hub-1", 5, {{4, "foreign-person"}}));
  const auto merged = queue.take();
  EXPECT_EQ(merged->through, 5U);
  EXPECT_EQ(merged->setAside,
            (std::vector<wire::SetAside>{{3, "malformed"}, {4, "foreign-person"}}));
}

TEST(ReceiptQueue, PutsBackBehindNothingButANewerOne) {
  ReceiptQueue queue;
  queue.allow();
  queue.add(receiptOf("hub-1", 1, {{1, "malformed"}}));
  queue.add(receiptOf("hub-2", 1));
  queue.putBack(*queue.take());
  const auto first = queue.take();
  EXPECT_EQ(first->hub, HubId("hub-1"));
  queue.add(receiptOf("hub-1", 2));
  queue.putBack(*first);
  EXPECT_EQ(queue.take()->hub, HubId("hub-2"));
  const auto merged = queue.take();
  EXPECT_EQ(merged->through, 2U);
  EXPECT_EQ(merged->setAside.size(), 1U);
}

TEST(ReceiptQueue, GivesNothingUntilSendingIsPossibleAndEndsWhenClosed) {
  ReceiptQueue queue;
  queue.add(receiptOf("hub-1", 1));
  auto taken = std::async(std::launch::async, [&] { return queue.take(); });
  queue.allow();
  EXPECT_EQ(taken.get()->through, 1U);
  queue.hold();
  queue.add(receiptOf("hub-1", 2));
  auto closed = std::async(std::launch::async, [&] { return queue.take(); });
  queue.close();
  EXPECT_FALSE(closed.get());
}

TEST(ReceiptQueue, IsBounded) {
  ReceiptQueue queue;
  queue.allow();
  for (std::size_t i = 0; i <= ReceiptQueue::kMaxStreams; ++i) {
    queue.add(receiptOf(("hub-" + std::to_string(i)).c_str(), 1));
  }
  EXPECT_EQ(queue.take()->hub, HubId("hub-1"));
}

}  // namespace
}  // namespace vardnav::cloud::ingest
