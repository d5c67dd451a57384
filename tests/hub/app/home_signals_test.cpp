// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/home_signals.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>

#include "hub/app/led_light.h"
#include "hub/app/sound_command.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unprivileged.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr UtcTime kNow{Milliseconds{1'795'514'400'000}};
const std::vector<Notice> kNothing;
const std::vector<Notice> kOne = {{"undelivered", "sv", {"Ring 112.", "Call 112."}, kNow, 7}};

std::string contentOf(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void put(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// --- the light ------------------------------------------------------------------------------

// What the kernel makes of what is written to `trigger`: its list, with the one in force.
class Led {
 public:
  explicit Led(std::string triggers) : triggers_(std::move(triggers)) {
    put(folder / "trigger", triggers_ + "\n");
    put(folder / "brightness", "0\n");
    put(folder / "max_brightness", "255\n");
  }
  std::string written() const { return contentOf(folder / "trigger"); }
  std::string brightness() const { return contentOf(folder / "brightness"); }
  void answer(const std::string& triggers) { put(folder / "trigger", triggers + "\n"); }
  Result<bool> show(const std::vector<Notice>& notices) { return light.show(notices, {}); }

  test::TemporaryDirectory folder;
  LedLight light{folder.path().string()};

 private:
  std::string triggers_;
};

TEST(LedLight, BlinksWhereTheKernelCanAndRestsAgain) {
  Led led("[none] mmc0 timer heartbeat");
  ASSERT_TRUE(led.show(kNothing));
  EXPECT_EQ(led.written(), "[none] mmc0 timer heartbeat\n") << "it was at rest";
  ASSERT_TRUE(led.show(kOne));
  EXPECT_EQ(led.written(), "timer");
  led.answer("none mmc0 [timer] heartbeat");
  ASSERT_TRUE(led.show(kOne));
  EXPECT_EQ(led.written(), "none mmc0 [timer] heartbeat\n") << "its phase is not disturbed";
  ASSERT_TRUE(led.show(kNothing));
  EXPECT_EQ(led.written(), "none");
}

TEST(LedLight, StandsOnWhereTheKernelCannotBlinkIt) {
  Led led("none [mmc0] timers");
  ASSERT_TRUE(led.show(kOne));
  EXPECT_EQ(led.written(), "none");
  EXPECT_EQ(led.brightness(), "255");
  led.answer("[none] mmc0 timers");
  ASSERT_TRUE(led.show(kOne));
  ASSERT_TRUE(led.show(kNothing));
  EXPECT_EQ(led.brightness(), "0");
}

TEST(LedLight, IsPutToRestAfterAHubThatEndedWhileItBlinked) {
  Led led("none [timer]");
  ASSERT_TRUE(led.show(kNothing));
  EXPECT_EQ(led.written(), "none");
}

TEST(LedLight, StandsOnWhereItMayNotSetTheTriggerAndSaysSoAtRest) {
  Led led("[none] timer");
  using std::filesystem::perms;
  std::filesystem::permissions(led.folder.path(), perms::owner_all | perms::others_exec);
  std::filesystem::permissions(led.folder / "trigger", perms::owner_read | perms::others_read);
  std::filesystem::permissions(led.folder / "brightness", perms::all);
  const test::Unprivileged here;
  if (!here.isEffective()) GTEST_SKIP() << "root may write everything";
  const auto rest = led.show(kNothing);
  ASSERT_FALSE(rest);
  EXPECT_THAT(rest.error().context, HasSubstr("trigger: Permission denied"));
  EXPECT_TRUE(led.show(kOne));
  EXPECT_EQ(led.brightness(), "255");
}

TEST(LedLight, SaysAtRestAlreadyThatItIsNotThere) {
  const test::TemporaryDirectory folder;
  LedLight light(folder / "red");
  for (const auto& notices : {kNothing, kOne}) {
    const auto shown = light.show(notices, {});
    ASSERT_FALSE(shown);
    EXPECT_THAT(shown.error().context, HasSubstr("red/trigger: No such file or directory"));
    EXPECT_THAT(shown.error().context, HasSubstr("signal.light"));
  }
}

TEST(LedLight, ANameIsAFolderOfTheKernels) {
  const auto shown = LedLight("no-such:led").show(kNothing, {});
  ASSERT_FALSE(shown);
  EXPECT_THAT(shown.error().context, HasSubstr("/sys/class/leds/no-such:led/trigger"));
}

// --- the sound ------------------------------------------------------------------------------

class SoundTest : public ::testing::Test {
 protected:
  /// A program that notes each run in `runs`, then does `rest`.
  SoundCommand sound(const std::string& rest = "") {
    put(folder / "play", "#!/bin/sh\necho \"$1\" >> " + (folder / "runs") + "\n" + rest + "\n");
    std::filesystem::permissions(folder / "play", std::filesystem::perms::owner_all);
    return SoundCommand({folder / "play", "undelivered tone; $(x)"});
  }
  std::size_t runs() const {
    const std::string text = contentOf(folder / "runs");
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
  /// Shows it again, at the same time of the clock, until the player has done so.
  bool showUntil(SoundCommand& player, const std::vector<Notice>& notices, SteadyTime now,
                 const std::function<bool(const Result<bool>&)>& isDone) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline) {
      if (isDone(player.show(notices, now))) return true;
      std::this_thread::yield();
    }
    return false;
  }
  static bool hasEnded() {
    siginfo_t ignored{};
    return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) != 0;  // no child
  }
  bool playsUntil(SoundCommand& player, SteadyTime now, std::size_t times) {
    return showUntil(player, kOne, now, [&](const auto&) { return runs() == times; });
  }
  /// ... and until the player has ended.
  bool playsToItsEnd(SoundCommand& player, SteadyTime now, std::size_t times) {
    return showUntil(player, kOne, now, [&](const auto&) { return runs() == times && hasEnded(); });
  }

  test::TemporaryDirectory folder;
};

TEST_F(SoundTest, PlaysAtOnceAndThenMoreAndMoreSeldom) {
  SoundCommand player = sound();
  ASSERT_TRUE(player.show(kNothing, SteadyTime{}));
  EXPECT_EQ(runs(), 0U);
  SteadyTime now{1h};
  std::size_t times = 0;
  EXPECT_TRUE(playsToItsEnd(player, now, ++times));
  for (const Milliseconds pause : {1min, 2min, 4min, 8min, 16min, 30min, 30min}) {
    EXPECT_TRUE(player.show(kOne, now + pause - 1ms));
    EXPECT_EQ(runs(), times) << pause.count();
    now += pause;
    EXPECT_TRUE(playsToItsEnd(player, now, ++times)) << pause.count();
  }
  EXPECT_THAT(contentOf(folder / "runs"), HasSubstr("undelivered tone; $(x)\n")) << "no shell";
}

TEST_F(SoundTest, BeginsAnewForAnAlertMoreAndAfterARest) {
  SoundCommand player = sound();
  const SteadyTime now{1h};
  EXPECT_TRUE(playsUntil(player, now, 1));
  std::vector<Notice> two = {kOne[0], kOne[0]};
  two[0].newest = 8;
  EXPECT_TRUE(showUntil(player, two, now + 1s, [&](const auto&) { return runs() == 2; }));
  ASSERT_TRUE(player.show(kNothing, now + 2s));
  EXPECT_TRUE(playsUntil(player, now + 3s, 3));
}

TEST_F(SoundTest, EndsAPlayerThatIsStillAtItWhenTheReceiptComes) {
  SoundCommand player = sound("exec sleep 600");
  EXPECT_TRUE(playsUntil(player, SteadyTime{1h}, 1));
  ASSERT_FALSE(hasEnded());
  const auto isGone = [](const auto& shown) { return shown.has_value() && hasEnded(); };
  EXPECT_TRUE(showUntil(player, kNothing, SteadyTime{1h} + 1s, isGone));
}

TEST_F(SoundTest, EndsAPlayerThatHangsAndSaysSo) {
  SoundCommand player = sound("sleep 600 & wait");
  const SteadyTime now{1h};
  EXPECT_TRUE(playsUntil(player, now, 1));
  EXPECT_TRUE(player.show(kOne, now + 29s));
  const auto shown = player.show(kOne, now + 30s);
  ASSERT_FALSE(shown);
  EXPECT_THAT(shown.error().context, HasSubstr("play did not end within half a minute"));
}

TEST_F(SoundTest, SaysHowThePlayerFailedUntilItWorks) {
  SoundCommand player = sound("[ -e " + (folder / "card") + " ] || exit 3");
  const SteadyTime now{1h};
  const auto fails = [](const Result<bool>& shown) {
    return !shown && shown.error().context.find("ended with status 3: correct signal.sound") !=
                         std::string::npos;
  };
  EXPECT_TRUE(showUntil(player, kOne, now, fails));
  EXPECT_FALSE(player.show(kNothing, now + 1s)) << "known to be broken";
  put(folder / "card", "");
  const auto works = [](const Result<bool>& shown) { return shown.has_value(); };
  EXPECT_TRUE(showUntil(player, kOne, now + 2s, works));
}

TEST_F(SoundTest, SaysAtRestAlreadyThatItsProgramIsNotThere) {
  SoundCommand player({folder / "none"});
  const auto says = [&](const std::vector<Notice>& notices, const SteadyTime now) {
    const auto shown = player.show(notices, now);
    return shown ? std::string{"it works"} : shown.error().context;
  };
  EXPECT_THAT(says(kNothing, SteadyTime{1h}), HasSubstr("none is not there (No such file"));
  EXPECT_THAT(says(kOne, SteadyTime{1h}), HasSubstr("none cannot be run (No such file"));
  EXPECT_THAT(says(kOne, SteadyTime{1h} + 1s), HasSubstr("none cannot be run (No such file"));
}

TEST_F(SoundTest, AFolderIsNoProgram) {
  SoundCommand player({folder.path().string()});
  const auto shown = player.show(kNothing, SteadyTime{1h});
  ASSERT_FALSE(shown);
  EXPECT_THAT(shown.error().context, HasSubstr("is no program"));
}

TEST_F(SoundTest, GivesItsPlayerNothingOfTheHubs) {
  SoundCommand player = sound("ls /proc/self/fd > " + (folder / "files"));
  const int secret = ::open("/dev/zero", O_RDONLY);  // without O_CLOEXEC, as a library may
  ASSERT_GT(secret, 2);
  const auto ends = [&](const Result<bool>&) {
    return contentOf(folder / "files").ends_with("\n");
  };
  EXPECT_TRUE(showUntil(player, kOne, SteadyTime{1h}, ends));
  ::close(secret);
  EXPECT_EQ(contentOf(folder / "files"), "0\n1\n2\n3\n") << "3 is the folder that ls reads";
}

// --- all of them ----------------------------------------------------------------------------

class FakeSignal final : public HomeSignal {
 public:
  Result<bool> show(const std::vector<Notice>& notices, SteadyTime /*now*/) override {
    shown = notices;
    if (!fault.empty()) return fail(ErrorCode::kUnavailable, fault);
    return isSeen;
  }
  bool isSeen = true;
  std::vector<Notice> shown;
  std::string fault;
};

class HomeSignalsTest : public ::testing::Test {
 protected:
  HomeSignalsTest() {
    signals.add("page", std::unique_ptr<HomeSignal>(page));
    signals.add("light", std::unique_ptr<HomeSignal>(light));
  }
  void show(const std::vector<Notice>& notices) { signals.show(notices, kNow, SteadyTime{}); }
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const auto& fault : faults.all()) {
      lines.push_back(fault.kind + " " + fault.subject + ": " + fault.detail);
    }
    return lines;
  }

  FaultBook faults;
  std::vector<std::string> log;
  HomeSignals signals{faults, [this](const std::string& line) { log.push_back(line); }};
  FakeSignal* page = new FakeSignal;  // owned by signals
  FakeSignal* light = new FakeSignal;
};

TEST_F(HomeSignalsTest, SaysInTheHeartbeatThatAndHowThePersonIsToldAsLongAsItLasts) {
  show(kNothing);
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(log.empty());
  show(kOne);
  show(kOne);
  EXPECT_EQ(light->shown, kOne);
  EXPECT_EQ(told(), (std::vector<std::string>{
                        "alert-undelivered : an alert (P1) has no receipt or was set aside, and "
                        "told in the home by page, light: see why the backend does not take it"}));
  EXPECT_EQ(log.size(), 1U);
  show(kNothing);
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(light->shown.empty());
  EXPECT_THAT(log.back(), HasSubstr("nothing is told in the home"));
}

TEST_F(HomeSignalsTest, AHomeInWhichNothingTellsAnybodyIsAFaultAfterAWhile) {
  page->isSeen = false;
  light->isSeen = false;
  signals.show(kNothing, kNow, SteadyTime{});
  signals.show(kNothing, kNow, SteadyTime{} + HomeSignals::kPatience - 1ms);
  EXPECT_TRUE(told().empty());
  signals.show(kNothing, kNow, SteadyTime{} + HomeSignals::kPatience);
  ASSERT_EQ(told().size(), 1U);
  EXPECT_THAT(told()[0], HasSubstr("home-signal : nothing can tell the person at home"));
  page->isSeen = true;
  signals.show(kNothing, kNow, SteadyTime{} + 1h);
  EXPECT_TRUE(told().empty());
  page->isSeen = false;
  signals.show(kOne, kNow, SteadyTime{} + 1h);
  EXPECT_THAT(told()[0], HasSubstr("nothing there can tell the person"));
}

TEST_F(HomeSignalsTest, ABrokenLightIsToldOnceAndKeepsNothingFromThePage) {
  light->fault = "/sys/class/leds/red/trigger: Permission denied";
  show(kNothing);
  show(kNothing);
  EXPECT_EQ(told(), (std::vector<std::string>{"home-signal light: " + light->fault}));
  EXPECT_EQ(log.size(), 1U);
  show(kOne);
  EXPECT_EQ(page->shown, kOne);
  EXPECT_THAT(told()[0], HasSubstr("told in the home by page: see"));
  page->fault = "the bus is gone";
  show(kOne);
  EXPECT_THAT(told()[0], HasSubstr("nothing there can tell the person"));
  light->fault.clear();
  page->fault.clear();
  show(kNothing);
  EXPECT_TRUE(told().empty());
}

}  // namespace
}  // namespace vardnav::hub
