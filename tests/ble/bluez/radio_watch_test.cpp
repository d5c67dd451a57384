// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The watch over the radio in virtual time, with the delivered time-outs.
#include "ble/bluez/radio_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "ble/bluez/central.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble::bluez {
namespace {

using namespace std::chrono_literals;
using State = RadioWatch::State;

// Stands for Discovery and bluetoothd: what a probe meets, and how long that takes.
class RadioWatchTest : public ::testing::Test {
 protected:
  const Milliseconds callTimeout_ = CentralOptions{}.probeTimeout;
  enum class Controller { kAnswers, kRefuses, kIsSilent };

  RadioWatchTest()
      : answer_(time_.make()),
        watch_(time_, time_, {},
               {[this] { restart(); }, [this] { ++powerCycles_; }, [this] { return hasLinks_; },
                [this](State state, const std::string&) { states_.push_back(state); },
                [this] { ++deafness_; }}) {
    watch_.onSearching(true);
  }

  void restart() {
    ++probes_;
    watch_.onSearching(false);
    round();
  }

  // StopDiscovery and StartDiscovery.
  void round() {
    const Milliseconds wait = controller_ == Controller::kIsSilent ? 2 * callTimeout_ : 100ms;
    answer_->start(wait, [this] {
      if (controller_ == Controller::kAnswers) {
        watch_.onTrip(trip_, "");
        return watch_.onSearching(true);
      }
      watch_.onTrip(RadioWatch::Trip::kFailed, "no answer");
      answer_->start(CentralOptions{}.serviceRetry, [this] { round(); });
    });
  }

  /// Adverts of the neighbourhood for a while.
  void hear(Milliseconds duration, Milliseconds interval) {
    for (Milliseconds passed{0}; passed < duration; passed += interval) {
      watch_.onAdvert();
      time_.pass(interval);
    }
  }

  FakeTime time_{UtcTime{}};
  std::unique_ptr<Timer> answer_;
  Controller controller_ = Controller::kAnswers;
  RadioWatch::Trip trip_ = RadioWatch::Trip::kProven;
  bool hasLinks_ = false;
  int probes_ = 0;
  int powerCycles_ = 0;
  int deafness_ = 0;
  std::vector<State> states_;
  RadioWatch watch_;
};

TEST_F(RadioWatchTest, KnowsADeadRadioWithinSixtySecondsWhateverItDied) {
  for (const auto death : {Controller::kIsSilent, Controller::kRefuses}) {
    for (const auto into : {0s, 1s, 7s, 19s, 21s}) {
      controller_ = Controller::kAnswers;
      time_.pass(300s);
      watch_.onAdvert();
      ASSERT_EQ(watch_.state(), State::kAlive);
      time_.pass(into);
      controller_ = death;
      time_.pass(60s);
      EXPECT_EQ(watch_.state(), State::kDead);
    }
  }
}

TEST_F(RadioWatchTest, TakesAQuietHomeForQuiet) {
  hasLinks_ = true;  // so that nothing is power-cycled in case
  time_.pass(24h);
  EXPECT_GT(probes_, 1000);
  EXPECT_EQ(watch_.state(), State::kAlive);
  for (const State state : states_) EXPECT_NE(state, State::kDead);
  EXPECT_EQ(powerCycles_, 0);
}

TEST_F(RadioWatchTest, DoesNotProbeWhileItHears) {
  hear(1h, 15s);
  EXPECT_EQ(probes_, 0);
}

TEST_F(RadioWatchTest, PowerCyclesADeadRadioWithGrowingPauses) {
  controller_ = Controller::kIsSilent;
  time_.pass(60s);
  EXPECT_EQ(powerCycles_, 1);
  time_.pass(24h);
  EXPECT_GT(powerCycles_, 10);
  EXPECT_LT(powerCycles_, 24 * 6 + 10) << "not oftener than every ten minutes in the end";
}

TEST_F(RadioWatchTest, ForgivesAWedgeThatEnds) {
  controller_ = Controller::kIsSilent;
  time_.pass(60s);
  ASSERT_EQ(watch_.state(), State::kDead);
  controller_ = Controller::kAnswers;
  time_.pass(20s);
  EXPECT_EQ(watch_.state(), State::kAlive);
  const int before = powerCycles_;
  time_.pass(30min);
  EXPECT_EQ(powerCycles_, before);
}

TEST_F(RadioWatchTest, TakesAnAdvertForALifeSignEvenWhenStartsFail) {
  controller_ = Controller::kRefuses;
  time_.pass(60s);
  ASSERT_EQ(watch_.state(), State::kDead);
  watch_.onAdvert();
  EXPECT_EQ(watch_.state(), State::kAlive);
}

TEST_F(RadioWatchTest, OneFailureIsASuspicionOnly) {
  watch_.onTrip(RadioWatch::Trip::kFailed, "busy");
  EXPECT_EQ(watch_.state(), State::kSuspected);
  watch_.onTrip(RadioWatch::Trip::kProven, "");
  watch_.onTrip(RadioWatch::Trip::kFailed, "busy");
  EXPECT_EQ(watch_.state(), State::kSuspected);
}

TEST_F(RadioWatchTest, ConcludesNothingFromAnswersThatProveNothing) {
  trip_ = RadioWatch::Trip::kUnproven;
  time_.pass(1h);
  EXPECT_EQ(states_, std::vector<State>{State::kSuspected});
}

// It answers and hears nothing: a quiet home, or a deaf radio.
TEST_F(RadioWatchTest, PowerCyclesInCaseAfterAnHourOfQuietAndTellsIfThatHelped) {
  time_.pass(59min);
  EXPECT_EQ(powerCycles_, 0);
  time_.pass(2min);
  EXPECT_EQ(powerCycles_, 1);
  EXPECT_EQ(deafness_, 0);
  watch_.onAdvert();
  EXPECT_EQ(deafness_, 1);
  watch_.onAdvert();
  EXPECT_EQ(deafness_, 1);
  time_.pass(24h * 7);
  EXPECT_LT(powerCycles_, 15) << "1, 2, 4 … 24 hours";
}

TEST_F(RadioWatchTest, MeasuresNoSilenceWhileItDoesNotSearch) {
  watch_.onSearching(false);
  time_.pass(10min);
  EXPECT_EQ(probes_, 0);
  watch_.onSearching(true);
  time_.pass(19s);
  EXPECT_EQ(probes_, 0);
  time_.pass(2s);
  EXPECT_EQ(probes_, 1);
}

}  // namespace
}  // namespace vardnav::ble::bluez
