// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/login_throttle.h"

#include <gtest/gtest.h>

namespace vardnav::cloud::access {
namespace {

using std::chrono::minutes;
constexpr SteadyTime kStart{std::chrono::hours{5}};

TEST(LoginThrottle, RefusesTheSixthAttemptOfOneUserFromOneAddress) {
  LoginThrottle throttle;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(throttle.admit("anna", "10.0.0.1", kStart));
  const auto wait = throttle.admit("anna", "10.0.0.1", kStart + minutes{1});
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, minutes{4});
}

TEST(LoginThrottle, LetsTheSameUserInFromAnotherAddress) {
  LoginThrottle throttle;
  for (int i = 0; i < 6; ++i) throttle.admit("anna", "10.0.0.1", kStart);
  EXPECT_FALSE(throttle.admit("anna", "10.0.0.2", kStart));
}

TEST(LoginThrottle, OpensAgainWhenTheWindowHasPassed) {
  LoginThrottle throttle;
  for (int i = 0; i < 6; ++i) throttle.admit("anna", "10.0.0.1", kStart);
  EXPECT_TRUE(
      throttle.admit("anna", "10.0.0.1", kStart + LoginThrottle::kWindow - Milliseconds{1}));
  EXPECT_FALSE(throttle.admit("anna", "10.0.0.1", kStart + LoginThrottle::kWindow));
}

TEST(LoginThrottle, ForgivesAfterASuccess) {
  LoginThrottle throttle;
  for (int i = 0; i < 4; ++i) throttle.admit("anna", "10.0.0.1", kStart);
  EXPECT_FALSE(throttle.admit("anna", "10.0.0.1", kStart));
  throttle.succeeded("anna", "10.0.0.1");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(throttle.admit("anna", "10.0.0.1", kStart)) << i;
}

TEST(LoginThrottle, LimitsOneUserOverManyAddresses) {
  LoginThrottle throttle;
  std::size_t admitted = 0;
  for (int i = 0; i < 100; ++i) {
    if (!throttle.admit("anna", "10.0.0." + std::to_string(i), kStart)) ++admitted;
  }
  EXPECT_EQ(admitted, LoginThrottle::kPerUser);
}

TEST(LoginThrottle, LimitsOneAddressOverManyUsers) {
  LoginThrottle throttle;
  std::size_t admitted = 0;
  for (int i = 0; i < 100; ++i) {
    if (!throttle.admit("user" + std::to_string(i), "10.0.0.1", kStart)) ++admitted;
  }
  EXPECT_EQ(admitted, LoginThrottle::kPerAddress);
}

TEST(LoginThrottle, ASuccessDoesNotForgiveOtherUsersOfTheAddress) {
  LoginThrottle throttle;
  for (std::size_t i = 0; i + 1 < LoginThrottle::kPerAddress; ++i) {
    throttle.admit("user" + std::to_string(i), "10.0.0.1", kStart);
  }
  EXPECT_FALSE(throttle.admit("mallory", "10.0.0.1", kStart));
  throttle.succeeded("mallory", "10.0.0.1");
  EXPECT_FALSE(throttle.admit("next", "10.0.0.1", kStart));
  EXPECT_TRUE(throttle.admit("another", "10.0.0.1", kStart));
}

}  // namespace
}  // namespace vardnav::cloud::access
