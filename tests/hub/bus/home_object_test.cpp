// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the hub tells the person at home, and the page of the virtual home that shows it, over a
// real bus.
#include "hub/bus/home_object.h"

#include <gmock/gmock.h>
#include <sdbus-c++/sdbus-c++.h>

#include <string>
#include <vector>

#include "ble/bluez/connection.h"
#include "ble/virtual/home_page.h"
#include "tests/ble/bluez/poll_loop.h"
#include "tests/ble/bluez/private_bus.h"

namespace vardnav::test {
namespace {

using ble::virtual_home::HomePage;
using hub::HomeObject;
using hub::Notice;
using testing::ElementsAre;

constexpr UtcTime kSince{Milliseconds{1'795'514'400'000}};
const Notice kSwedish{"undelivered", "sv", {"Ring 112.", "Call 112."}, kSince, 1};
const Notice kEnglish{"undelivered", "en", {"Ring 112.", "Call 112."}, kSince, 2};

// A hub on the bus, until it is destroyed.
struct Hub {
  explicit Hub(PollLoop& loop) : object(bus) {
    EXPECT_TRUE(bus.open());
    EXPECT_TRUE(object.open());
    bus.connection().dbus->requestName("org.vardnav.Hub");
    handle = loop.attach({[this] {
                            const auto wants = bus.wants();
                            return PollLoop::Wants{wants.fd, wants.events, wants.timeout};
                          },
                          [this] { (void)bus.process(); }});
  }
  Result<bool> show(const std::vector<Notice>& notices, SteadyTime now = {}) {
    return object.show(notices, now);
  }

  ble::bluez::Bus bus;
  HomeObject object;
  PollLoop::Handle handle;
};

class HomeObjectTest : public ::testing::Test {
 protected:
  /// Until the page has shown so many lines.
  bool shows(std::size_t lines) {
    const auto turn = loop.make();
    std::function<void()> look = [&] {
      while (screen->processPendingRequest()) {
      }
      homeLoop.runDue();
      turn->start(Milliseconds(2), look);
    };
    look();
    return loop.runUntil([&] { return shown.size() >= lines; }, std::chrono::seconds(20));
  }

  PrivateBus daemon;
  PollLoop loop;
  std::vector<std::string> shown;
  std::unique_ptr<sdbus::IConnection> screen = sdbus::createSystemBusConnection();
  ble::virtual_home::Loop homeLoop;
  HomePage page{*screen, homeLoop, [this](const std::string& line) { shown.push_back(line); }};
};

TEST_F(HomeObjectTest, ThePageShowsWhatStandsInThePersonsLanguageAndThatItIsOver) {
  Hub hub(loop);
  page.start();
  ASSERT_TRUE(hub.show({}));
  ASSERT_TRUE(hub.show({kSwedish, kEnglish}));
  ASSERT_TRUE(shows(2));
  ASSERT_TRUE(hub.show({kSwedish, kEnglish}));
  ASSERT_TRUE(hub.show({}));
  ASSERT_TRUE(shows(3));
  EXPECT_THAT(shown, ElementsAre("the page shows: Ring 112.", "the page shows: Call 112.",
                                 "the page shows nothing"));
}

TEST_F(HomeObjectTest, APageThatComesLaterShowsWhatStands) {
  Hub hub(loop);
  ASSERT_TRUE(hub.show({kEnglish}));
  page.start();
  ASSERT_TRUE(shows(1));
  EXPECT_THAT(shown, ElementsAre("the page shows: Call 112."));
}

TEST_F(HomeObjectTest, APageThatWasThereFirstShowsWhatStandsWhenTheHubComes) {
  page.start();
  Hub hub(loop);
  ASSERT_TRUE(hub.show({kSwedish}));
  ASSERT_TRUE(shows(1));
  EXPECT_THAT(shown, ElementsAre("the page shows: Ring 112."));
}

TEST_F(HomeObjectTest, WhatAHubSaidStaysWhileItIsAwayUntilItSaysOtherwise) {
  page.start();
  {
    Hub hub(loop);
    ASSERT_TRUE(hub.show({kSwedish}));
    ASSERT_TRUE(shows(1));
    loop.detach(hub.handle);
  }
  Hub again(loop);
  ASSERT_TRUE(again.show({kSwedish}));
  ASSERT_TRUE(again.show({}));
  ASSERT_TRUE(shows(2));
  EXPECT_THAT(shown, ElementsAre("the page shows: Ring 112.", "the page shows nothing"));
}

TEST_F(HomeObjectTest, APageThatDoesNotAskIsNone) {
  using namespace std::chrono_literals;
  Hub hub(loop);
  const SteadyTime now{1h};
  EXPECT_FALSE(*hub.show({kSwedish}, now)) << "nobody has ever asked";
  page.start();
  ASSERT_TRUE(shows(1));
  EXPECT_TRUE(*hub.show({kSwedish}, now + HomeObject::kAsksEvery));
  EXPECT_FALSE(*hub.show({kSwedish}, now + HomeObject::kAsksEvery + 1ms));
}

TEST_F(HomeObjectTest, APageThatDoesNotAskAfterAChangeIsNone) {
  using namespace std::chrono_literals;
  Hub hub(loop);
  const SteadyTime now{1h};
  ASSERT_TRUE(hub.show({kSwedish}, now));
  page.start();
  ASSERT_TRUE(shows(1));
  EXPECT_TRUE(*hub.show({kEnglish}, now + 1s)) << "it may still ask";
  EXPECT_TRUE(*hub.show({kEnglish}, now + 1s + HomeObject::kAsksWithin - 1ms));
  EXPECT_FALSE(*hub.show({kEnglish}, now + 1s + HomeObject::kAsksWithin));
  ASSERT_TRUE(shows(2));
  EXPECT_TRUE(*hub.show({kEnglish}, now + 10s)) << "it has asked";
}

TEST_F(HomeObjectTest, ShowingFailsWithoutAnObject) {
  ble::bluez::Bus bus;
  ASSERT_TRUE(bus.open());
  HomeObject object(bus);
  EXPECT_FALSE(object.show({kSwedish}, {}));
}

}  // namespace
}  // namespace vardnav::test
