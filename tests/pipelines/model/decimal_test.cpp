// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/decimal.h"

#include <gtest/gtest.h>

#include <limits>

namespace vardnav {
namespace {

TEST(Decimal, KeepsThePrecisionItWasMeasuredWith) {
  EXPECT_EQ(Decimal(20, -1).toString(), "2.0");
  EXPECT_EQ(Decimal(45, 1).toString(), "450");
  EXPECT_EQ(Decimal(-5, -3).toString(), "-0.005");
  EXPECT_EQ(Decimal(0, -2).toString(), "0.00");
}

TEST(Decimal, ParsesWhatItPrints) {
  for (const char* text : {"0", "3.63", "-0.005", "120", "999999999999999999"}) {
    const auto parsed = Decimal::parse(text);
    ASSERT_TRUE(parsed.has_value()) << text;
    EXPECT_EQ(parsed->toString(), text);
  }
}

TEST(Decimal, RefusesWhatIsNoPlainNumber) {
  for (const char* text : {"", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1.2.3", "0x10", "HI",
                           "1234567890123456789"}) {
    EXPECT_FALSE(Decimal::parse(text).has_value()) << text;
  }
}

TEST(Decimal, ComparesByValueNotByForm) {
  EXPECT_EQ(Decimal(20, -1), Decimal(2, 0));
  EXPECT_LT(Decimal(389, -2), Decimal(39, -1));
  EXPECT_GT(Decimal(1, 100), Decimal(std::numeric_limits<std::int64_t>::max(), 0));
  EXPECT_LT(Decimal(1, -100), Decimal(1, 0));
  EXPECT_LT(Decimal(-1, 100), Decimal(1, -100));
  EXPECT_EQ(Decimal(0, 50), Decimal(0, -50));
  EXPECT_GT(Decimal(1, 19), Decimal(std::numeric_limits<std::int64_t>::max(), 0));
}

TEST(Decimal, AddsExactlyAndNoticesOverflow) {
  EXPECT_EQ(Decimal(7000, -2).minus({680, -1})->toString(), "2.00");
  EXPECT_FALSE(Decimal(std::numeric_limits<std::int64_t>::max(), 0).plus({1, 0}).has_value());
  EXPECT_FALSE(Decimal(1, 0).plus({1, -40}).has_value());
}

TEST(Decimal, RoundsHalfToEven) {
  EXPECT_EQ(Decimal(25, -1).rounded(0)->toString(), "2");
  EXPECT_EQ(Decimal(35, -1).rounded(0)->toString(), "4");
  EXPECT_EQ(Decimal(-25, -1).rounded(0)->toString(), "-2");
  EXPECT_EQ(Decimal(1, 0).dividedBy({3, 0}, 3)->toString(), "0.333");
  EXPECT_FALSE(Decimal(1, 0).dividedBy({0, 0}, 3).has_value());
}

}  // namespace
}  // namespace vardnav
