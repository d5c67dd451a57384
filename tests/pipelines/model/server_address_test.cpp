// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/server_address.h"

#include <gtest/gtest.h>

namespace vardnav {
namespace {

TEST(ServerAddress, ReadsNamesAndAddressesWithAndWithoutPort) {
  EXPECT_EQ(parseServerAddress("broker.example", 8883), (ServerAddress{"broker.example", 8883}));
  EXPECT_EQ(parseServerAddress("broker-2.example:1", 8883), (ServerAddress{"broker-2.example", 1}));
  EXPECT_EQ(parseServerAddress("192.0.2.1:65535", 8883), (ServerAddress{"192.0.2.1", 65535}));
  EXPECT_EQ(parseServerAddress("[2001:db8::1]", 8883), (ServerAddress{"2001:db8::1", 8883}));
  EXPECT_EQ(parseServerAddress("[fe80::1%eth0]:5", 8883), (ServerAddress{"fe80::1%eth0", 5}));
}

TEST(ServerAddress, WritesWhatItReads) {
  for (const char* text : {"a:1", "192.0.2.1:8883", "[2001:db8::1]:8883"}) {
    EXPECT_EQ(toText(*parseServerAddress(text, 7)), text);
  }
}

TEST(ServerAddress, RefusesWhatIsNone) {
  for (const char* text :
       {"",       ":1",   "a:",          "a:0",       "a:65536", "a:1x",  "a: 1",
        "a:-1",   "a:+1", "2001:db8::1", "[::1",      "[]:1",    "[a]:1", "[::1]1",
        "[::1]:", "a b",  "a/b",         "ssl://a:1", "-a",      ".a",    "user@a"}) {
    EXPECT_FALSE(parseServerAddress(text, 8883)) << text;
  }
  EXPECT_TRUE(parseServerAddress(std::string(253, 'a'), 1));
  EXPECT_FALSE(parseServerAddress(std::string(254, 'a'), 1));
}

}  // namespace
}  // namespace vardnav
