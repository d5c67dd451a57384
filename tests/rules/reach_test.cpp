// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How much of the past a hub must keep for its rules.
#include "rules/engine/reach.h"

#include <gtest/gtest.h>

#include "rules/document/document.h"
#include "tests/rules/template_texts.h"

namespace vardnav::rules {
namespace {

Milliseconds reachOfTemplate(const char* name) {
  const auto rule = compile(templateText(name));
  EXPECT_TRUE(rule) << name;
  return rule ? reachOf(*rule) : Milliseconds{0};
}

TEST(Reach, IsThatOfTheLongestBaselineTwiceBecauseARunHasOneForEachReading) {
  EXPECT_GE(reachOfTemplate("pef-fall"), std::chrono::days{60});
  EXPECT_LE(reachOfTemplate("pef-fall"), std::chrono::days{70});
  EXPECT_GE(reachOfTemplate("weight-gain"), std::chrono::hours{144});
}

TEST(Reach, OfARepetitionIsTwiceItsWindow) {
  EXPECT_EQ(reachOfTemplate("glucose-low"), std::chrono::hours{48});
}

TEST(Reach, OfALimitOnOneReadingIsNone) {
  EXPECT_EQ(reachOfTemplate("glucose-unconfirmed"), Milliseconds{0});
}

}  // namespace
}  // namespace vardnav::rules
