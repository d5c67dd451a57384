// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bonds/archive.h"

#include <gtest/gtest.h>

#include "hub/bonds/address.h"

namespace vardnav::bonds {
namespace {

const std::string kAdapter = "00:AA:01:00:00:42";

Archive someArchive() {
  return {kAdapter,
          UtcTime(Milliseconds(1'764'000'000'123)),
          {{"C0:FF:EE:00:00:01", "[LongTermKey]\nKey=00112233\n"}, {"C0:FF:EE:00:00:02", ""}}};
}

TEST(BondArchive, GivesBackWhatItKeeps) {
  const Key key = *Key::generate();
  const auto sealed = seal(key, someArchive());
  ASSERT_TRUE(sealed);
  const auto opened = open(key, *sealed);
  ASSERT_TRUE(opened) << opened.error().context;
  EXPECT_EQ(*opened, someArchive());
}

TEST(BondArchive, ShowsNothingOfItsContentAndIsNeverTheSameTwice) {
  const Key key = *Key::generate();
  const auto sealed = *seal(key, someArchive());
  const std::string text(sealed.begin(), sealed.end());
  EXPECT_EQ(text.substr(0, 7), "VNBONDS");
  EXPECT_EQ(text.find("Key="), std::string::npos);
  EXPECT_EQ(text.find("C0:FF"), std::string::npos);
  EXPECT_EQ(text.find(kAdapter), std::string::npos);
  EXPECT_NE(sealed, *seal(key, someArchive()));
}

TEST(BondArchive, RefusesEveryChangeAndEveryTruncation) {
  const Key key = *Key::generate();
  const Bytes sealed = *seal(key, someArchive());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 1;
    EXPECT_FALSE(open(key, changed)) << i;
    EXPECT_FALSE(open(key, ByteView(sealed).first(i))) << i;
  }
  Bytes longer = sealed;
  longer.push_back(0);
  EXPECT_FALSE(open(key, longer));
}

TEST(BondArchive, RefusesAnotherKeyAndSaysWhichVersionItDoesNotKnow) {
  Bytes sealed = *seal(*Key::generate(), someArchive());
  EXPECT_NE(open(*Key::generate(), sealed).error().context.find("another key"), std::string::npos);
  sealed[7] = 2;
  EXPECT_NE(open(*Key::generate(), sealed).error().context.find("version 2"), std::string::npos);
}

// Who has the key can still write anything into an archive.
TEST(BondArchive, RefusesContentThatNamesAnythingButAddresses) {
  for (const char* name : {"../../etc/passwd\0", "C0:FF:EE:00:00:0/", "c0:ff:ee:00:00:01",
                           "C0:FF:EE:00:00:0G", "................."}) {
    Bytes content = *encode(someArchive());
    const std::string hostile = std::string(name).append(17, 'x').substr(0, 17);
    std::copy(hostile.begin(), hostile.end(), content.begin() + 27);
    EXPECT_FALSE(decode(content)) << hostile;
    content = *encode(someArchive());
    std::copy(hostile.begin(), hostile.end(), content.begin());
    EXPECT_FALSE(decode(content)) << hostile;
  }
}

TEST(BondArchive, RefusesSizesThatAreTooLargeOrPromiseTooMuch) {
  Bytes content = *encode(someArchive());
  const std::size_t count = 25;
  const std::size_t size = 27 + 17;
  for (const std::size_t at : {count, size}) {
    Bytes hostile = content;
    hostile[at] = 0xff;
    hostile[at + 1] = 0xff;
    EXPECT_FALSE(decode(hostile)) << at;
  }
  for (std::size_t i = 0; i < content.size(); ++i) EXPECT_FALSE(decode(ByteView(content).first(i)));
  content.push_back(0);
  EXPECT_FALSE(decode(content));
  Archive large = someArchive();
  large.bonds[0].info.assign(kLargestInfo, 'x');
  EXPECT_TRUE(encode(large));
  large.bonds[0].info += 'x';
  EXPECT_FALSE(encode(large));
  large.bonds.assign(kMostBonds + 1, {"C0:FF:EE:00:00:01", ""});
  EXPECT_FALSE(encode(large));
}

TEST(BondArchive, RefusesADeviceThatOccursTwice) {
  Archive twice = someArchive();
  twice.bonds[1].device = twice.bonds[0].device;
  EXPECT_FALSE(decode(*encode(twice)));
}

TEST(BondKey, IsSixtyFourDigits) {
  const Key key = *Key::generate();
  EXPECT_EQ(key.toHex().size(), 64U);
  EXPECT_EQ(Key::fromHex(" " + key.toHex() + "\n")->toHex(), key.toHex());
  EXPECT_FALSE(Key::fromHex(key.toHex().substr(1)));
  EXPECT_FALSE(Key::fromHex(key.toHex() + "0"));
  EXPECT_FALSE(Key::fromHex(std::string(64, 'g')));
  EXPECT_FALSE(Key::fromHex(""));
}

static_assert(isAddress("C0:FF:EE:00:00:01") && !isAddress("C0-FF-EE-00-00-01") &&
              !isAddress("C0:FF:EE:00:00:1") && !isAddress("C0:FF:EE:00:00:01/"));

}  // namespace
}  // namespace vardnav::bonds
