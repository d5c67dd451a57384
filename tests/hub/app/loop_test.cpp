// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/loop.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;

TEST(Loop, RunsPostedTasksInOrderOnItsOwnThread) {
  Loop loop;
  ASSERT_TRUE(loop.open().has_value());
  std::string order;
  std::thread poster([&] {
    loop.post([&] { order += "a"; });
    loop.post([&] { order += "b"; });
    loop.post([&] { loop.quit(); });
  });
  ASSERT_TRUE(loop.run().has_value());
  poster.join();
  EXPECT_EQ(order, "ab");
}

TEST(Loop, EndsOnSigterm) {
  Loop loop;
  ASSERT_TRUE(loop.open().has_value());
  loop.post([] { ::kill(::getpid(), SIGTERM); });
  EXPECT_TRUE(loop.run().has_value());
}

TEST(Loop, ATimerExpiresOnceAndACancelledOneNever) {
  Loop loop;
  ASSERT_TRUE(loop.open().has_value());
  const auto kept = loop.make();
  const auto cancelled = loop.make();
  int expired = 0;
  cancelled->start(1ms, [&] { expired += 100; });
  cancelled->cancel();
  kept->start(5ms, [&] {
    ++expired;
    kept->start(5ms, [&] {
      ++expired;
      loop.quit();
    });
  });
  ASSERT_TRUE(loop.run().has_value());
  EXPECT_EQ(expired, 2);
}

TEST(Loop, ATimerMayDestroyItselfWhenItExpires) {
  Loop loop;
  ASSERT_TRUE(loop.open().has_value());
  auto timer = loop.make();
  timer->start(1ms, [&] {
    timer.reset();
    loop.quit();
  });
  EXPECT_TRUE(loop.run().has_value());
  EXPECT_EQ(timer, nullptr);
}

TEST(Loop, AsksAPollableAnewBeforeEachWait) {
  Loop loop;
  ASSERT_TRUE(loop.open().has_value());
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  int asked = 0;
  std::string got;
  const auto wants = [&]() -> Pollable::Wants {
    ++asked;
    return {ends[0], POLLIN, std::nullopt};
  };
  const auto process = [&] {
    char octet = 0;
    ASSERT_EQ(::read(ends[0], &octet, 1), 1);
    got += octet;
    if (got.size() == 2) loop.quit();
  };
  ASSERT_TRUE(loop.attach({wants, process}).has_value());
  loop.post([&] { ASSERT_EQ(::write(ends[1], "x", 1), 1); });
  loop.post([&] { ASSERT_EQ(::write(ends[1], "y", 1), 1); });
  ASSERT_TRUE(loop.run().has_value());
  EXPECT_EQ(got, "xy");
  EXPECT_GE(asked, 3);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Loop, ProcessesAPollableWhoseTimeoutPassed) {
  Loop loop;
  ASSERT_TRUE(loop.open().has_value());
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  bool wasProcessed = false;
  ASSERT_TRUE(loop.attach({[&] { return Pollable::Wants{ends[0], POLLIN, Milliseconds(1)}; },
                           [&] {
                             wasProcessed = true;
                             loop.quit();
                           }})
                  .has_value());
  ASSERT_TRUE(loop.run().has_value());
  EXPECT_TRUE(wasProcessed);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace vardnav::hub
