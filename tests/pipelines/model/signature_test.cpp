// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/signature.h"

#include <gtest/gtest.h>

namespace vardnav {
namespace {

// RFC 8032, section 7.1, TEST 2.
constexpr auto kSeed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr auto kPublic = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr auto kSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(Signature, MatchesThePublishedExample) {
  const auto key = SigningKey::fromSeedHex(kSeed);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->publicKey().toHex(), kPublic);
  EXPECT_EQ(key->sign("\x72"), kSignature);
  EXPECT_TRUE(isSignedBy(*PublicKey::fromHex(kPublic), "\x72", kSignature));
}

TEST(Signature, RefusesEveryChangedOctetOfTextAndSignature) {
  const PublicKey key = *PublicKey::fromHex(kPublic);
  EXPECT_FALSE(isSignedBy(key, "\x73", kSignature));
  EXPECT_FALSE(isSignedBy(key, "", kSignature));
  EXPECT_FALSE(isSignedBy(key, "\x72\x72", kSignature));
  for (std::size_t i = 0; i < 128; ++i) {
    std::string broken = kSignature;
    broken[i] = broken[i] == '0' ? '1' : '0';
    EXPECT_FALSE(isSignedBy(key, "\x72", broken)) << i;
  }
  EXPECT_FALSE(isSignedBy(key, "\x72", ""));
  EXPECT_FALSE(isSignedBy(key, "\x72", std::string(kSignature).substr(0, 126)));
  EXPECT_FALSE(isSignedBy(key, "\x72", std::string(128, 'g')));
}

TEST(Signature, ANewKeySignsForItselfAlone) {
  const auto one = SigningKey::generate();
  const auto other = SigningKey::generate();
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->publicKey(), other->publicKey());
  EXPECT_NE(one->publicKey().id(), other->publicKey().id());
  EXPECT_TRUE(isSignedBy(one->publicKey(), "text", one->sign("text")));
  EXPECT_FALSE(isSignedBy(other->publicKey(), "text", one->sign("text")));
}

TEST(Signature, AKeyReadsBackFromItsFile) {
  const auto key = SigningKey::generate();
  ASSERT_TRUE(key);
  const auto again = SigningKey::fromSeedHex(" " + key->seedHex() + "\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->publicKey(), key->publicKey());
  EXPECT_EQ(PublicKey::fromHex(key->publicKey().toHex()), key->publicKey());
  EXPECT_EQ(key->publicKey().id().size(), 16U);
  for (const std::string& wrong : {std::string(), std::string(63, 'a'), std::string(64, 'x')}) {
    EXPECT_FALSE(SigningKey::fromSeedHex(wrong));
    EXPECT_FALSE(PublicKey::fromHex(wrong));
  }
}

}  // namespace
}  // namespace vardnav
