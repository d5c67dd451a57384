// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/digest.h"

#include <gtest/gtest.h>

namespace vardnav {
namespace {

// FIPS 180-4 example: SHA-256("abc").
TEST(Digest, MatchesThePublishedExample) {
  EXPECT_EQ(sha256Hex(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, DoesNotConfuseFieldBoundaries) {
  const Key128 left = DigestBuilder().add("ab").add("c").key();
  const Key128 right = DigestBuilder().add("a").add("bc").key();
  EXPECT_NE(left, right);
}

TEST(Digest, KeyReadsBackFromItsText) {
  const Key128 key = DigestBuilder().add("x").add(std::uint64_t{7}).key();
  EXPECT_EQ(Key128::fromHex(key.toHex()), key);
  EXPECT_FALSE(Key128::fromHex("12").has_value());
  EXPECT_FALSE(Key128::fromHex(std::string(32, 'g')).has_value());
}

}  // namespace
}  // namespace vardnav
