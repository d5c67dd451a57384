// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/wire/topics.h"

#include <gtest/gtest.h>

namespace vardnav::wire {
namespace {

TEST(Topics, AreWhatTheContractSays) {
  const HubId hub("hub-demo-1");
  EXPECT_EQ(upTopic(hub, Stream::kAlert), "vardnav/1/hub-demo-1/up/alert");
  EXPECT_EQ(upTopic(hub, Stream::kReading), "vardnav/1/hub-demo-1/up/reading");
  EXPECT_EQ(statusTopic(hub), "vardnav/1/hub-demo-1/up/status");
  EXPECT_EQ(receiptTopic(hub), "vardnav/1/hub-demo-1/down/receipt");
  EXPECT_EQ(upFilter(), "vardnav/1/+/up/+");
}

TEST(Topics, AreReadBackFromEveryUpTopic) {
  const HubId hub("a");
  for (const auto& topic :
       {upTopic(hub, Stream::kAlert), upTopic(hub, Stream::kReading), statusTopic(hub)}) {
    const auto parsed = parseUpTopic(topic);
    ASSERT_TRUE(parsed) << topic;
    EXPECT_EQ(parsed->hub, hub);
    EXPECT_TRUE(topic.ends_with("/" + parsed->channel));
  }
}

TEST(Topics, RefuseWhatIsNoneOfOurs) {
  for (const char* topic :
       {"", "vardnav/1/", "vardnav/1/hub", "vardnav/1/hub/up", "vardnav/1/hub/up/",
        "vardnav/1/hub/up/receipt", "vardnav/1/hub/up/alert/x", "vardnav/1/hub/down/receipt",
        "vardnav/2/hub/up/alert", "vardnav/1//up/alert", "vardnav/1/Hub/up/alert",
        "vardnav/1/+/up/alert", "x/vardnav/1/hub/up/alert"}) {
    EXPECT_FALSE(parseUpTopic(topic)) << topic;
  }
}

TEST(HubId, IsWhatMayStandInATopicAndACertificate) {
  EXPECT_TRUE(isHubId("hub-demo-1"));
  EXPECT_TRUE(isHubId(std::string(64, 'a')));
  for (const auto& text :
       {std::string(), std::string(65, 'a'), std::string("a/b"), std::string("#"), std::string("+"),
        std::string("Å"), std::string("a b"), std::string("a\0", 2)}) {
    EXPECT_FALSE(isHubId(text)) << text;
  }
}

}  // namespace
}  // namespace vardnav::wire
