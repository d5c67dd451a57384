// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/disk_watch.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;
using wire::fault_kind::kStorage;
using wire::fault_kind::kStoragePressure;

constexpr std::uint64_t kBound = 100'000'000;
constexpr UtcTime kNow{Milliseconds{1'795'514'400'000}};

struct Machine final : Clock {
  UtcTime utcNow() const override { return kNow + wrong + (steady - SteadyTime{}); }
  SteadyTime steadyNow() const override { return steady; }
  SteadyTime steady{};
  Milliseconds wrong{0};
};

struct Room final : JournalSpace {
  struct Asked {
    UtcTime before;
    std::int64_t after;
  };
  Result<Space> space() override { return Space{used, kBound}; }
  Result<Pruned> prune(UtcTime before, std::int64_t after, std::size_t /*limit*/) override {
    asked.push_back({before, after});
    if (windows == 0) return Pruned{0, after, true};
    --windows;
    return Pruned{200, after + 200, false};
  }
  Result<void> probe() override {
    ++probes;
    if (isFull) return fail(ErrorCode::kStorage, "full");
    return {};
  }
  std::uint64_t used = 0;
  int windows = 0;  ///< with something old
  int probes = 0;
  bool isFull = false;
  std::vector<Asked> asked;
};

class DiskWatchTest : public ::testing::Test {
 protected:
  DiskWatchTest() { clock_.begin(std::nullopt, true); }
  void tick(Milliseconds later = DiskWatch::kLookInterval) {
    machine_.steady += later;
    ASSERT_TRUE(watch_.onTick());
  }
  /// Long enough for ages to be reckoned by the clock.
  void runEvenly() {
    tick();
    tick(DiskWatch::kEvenFor - DiskWatch::kLookInterval);
    ASSERT_TRUE(room_.asked.empty());
  }
  bool isTold() const { return faults_.has(kStoragePressure, ""); }

  Machine machine_;
  HubClock clock_{machine_, "boot"};
  Room room_;
  FaultBook faults_;
  std::optional<std::uint64_t> free_ = 10'000'000'000;
  Milliseconds reach_{0};
  DiskWatch watch_{{room_, clock_, faults_, [this] { return free_; }, [this] { return reach_; },
                    std::chrono::days{400}}};
};

TEST_F(DiskWatchTest, TellsOfPressureBeforeTheBoundAndEndsItWithSomeRelief) {
  room_.used = kBound / 100 * DiskWatch::kPressure;
  tick();
  EXPECT_FALSE(isTold());
  room_.used += 1;
  tick();
  ASSERT_TRUE(isTold());
  EXPECT_NE(faults_.all()[0].detail.find("80 MB of at most 100 MB"), std::string::npos);
  room_.used = kBound / 100 * DiskWatch::kRelief + 1;
  tick();
  EXPECT_TRUE(isTold()) << "it does not flicker";
  room_.used -= 1;
  tick();
  EXPECT_FALSE(isTold());
}

TEST_F(DiskWatchTest, TellsOfADiskThatOthersFill) {
  free_ = DiskWatch::kLeastFree - 1;
  tick();
  ASSERT_TRUE(isTold());
  EXPECT_NE(faults_.all()[0].detail.find("99 MB left"), std::string::npos);
  free_ = DiskWatch::kFreeAgain - 1;
  tick();
  EXPECT_TRUE(isTold());
  free_ = DiskWatch::kFreeAgain;
  tick();
  EXPECT_FALSE(isTold());
}

TEST_F(DiskWatchTest, RemovesWhatIsOlderThanWasAskedForAndUnderPressureMore) {
  room_.windows = 2;
  runEvenly();
  tick();
  tick();
  tick();  // the end of the pass
  tick();
  ASSERT_EQ(room_.asked.size(), 3U) << "then an hour's pause";
  EXPECT_EQ(room_.asked[0].before, clock_.utcNow() - 30s - std::chrono::days{400});
  EXPECT_EQ(room_.asked[1].after, 200);
  EXPECT_EQ(room_.asked[2].after, 400);
  room_.used = kBound / 10 * 9;
  tick();
  ASSERT_EQ(room_.asked.size(), 4U) << "pressure does not wait";
  EXPECT_EQ(room_.asked[3].before, clock_.utcNow() - DiskWatch::kLeastKept);
  EXPECT_EQ(room_.asked[3].after, 0);
  tick();
  EXPECT_EQ(room_.asked.size(), 4U);
  tick(DiskWatch::kPassInterval);
  EXPECT_EQ(room_.asked.size(), 5U);
}

TEST_F(DiskWatchTest, UnderPressureWhatTheRulesLookBackOnStays) {
  reach_ = std::chrono::days{90};
  room_.used = kBound / 100 * DiskWatch::kCramped;
  runEvenly();
  tick();
  ASSERT_EQ(room_.asked.size(), 1U);
  EXPECT_EQ(room_.asked[0].before, clock_.utcNow() - DiskWatch::kLeastKept - reach_);
  EXPECT_EQ(faults_.all()[0].detail.find("rules"), std::string::npos);
  room_.used += 1;
  tick();
  ASSERT_EQ(room_.asked.size(), 2U);
  EXPECT_EQ(room_.asked[1].before, clock_.utcNow() - DiskWatch::kLeastKept);
  EXPECT_NE(faults_.all()[0].detail.find("rules that look back 90 days see only 35"),
            std::string::npos)
      << faults_.all()[0].detail;
  room_.used = kBound / 100 * DiskWatch::kLessCramped;
  tick(DiskWatch::kPassInterval);
  ASSERT_EQ(room_.asked.size(), 3U);
  EXPECT_EQ(room_.asked[2].before, clock_.utcNow() - DiskWatch::kLeastKept - reach_);
  EXPECT_EQ(faults_.all()[0].detail.find("rules"), std::string::npos);
}

TEST_F(DiskWatchTest, NeverLessIsKeptWithoutPressureThanTheRulesLookBackOn) {
  reach_ = std::chrono::days{730};
  runEvenly();
  tick();
  ASSERT_EQ(room_.asked.size(), 1U);
  EXPECT_EQ(room_.asked[0].before, clock_.utcNow() - DiskWatch::kLeastKept - reach_);
}

TEST_F(DiskWatchTest, ADiskThatDoesNotSayWhatIsLeftIsNotSaidToBeFull) {
  free_.reset();
  tick();
  ASSERT_TRUE(isTold());
  EXPECT_EQ(faults_.all()[0].detail, "how much its disk has left cannot be read: check the disk");
  faults_.set(kStorage, "", "full", kNow);
  tick();
  EXPECT_FALSE(faults_.has(kStorage, "")) << "it could be written";
}

TEST_F(DiskWatchTest, LooksOnlyNowAndThen) {
  runEvenly();
  tick();
  tick(DiskWatch::kLookInterval - 1ms);
  EXPECT_EQ(room_.asked.size(), 1U);
}

TEST_F(DiskWatchTest, RemovesNothingByATimeThatIsNotKnownOrHasJustBecomeKnown) {
  HubClock clock(machine_, "boot");
  clock.begin(std::nullopt, false);
  DiskWatch watch(
      {room_, clock, faults_, [] { return kBound; }, [] { return 0ms; }, std::chrono::days{400}});
  const auto look = [&](Milliseconds later) {
    machine_.steady += later;
    ASSERT_TRUE(watch.onTick());
  };
  look(0ms);
  look(2 * DiskWatch::kEvenFor);
  EXPECT_TRUE(room_.asked.empty());
  clock.synchronise();
  look(DiskWatch::kLookInterval);
  look(DiskWatch::kEvenFor - 1ms);
  EXPECT_TRUE(room_.asked.empty());
  look(DiskWatch::kLookInterval);
  EXPECT_EQ(room_.asked.size(), 1U);
}

/// A wrong clock chip that is trusted, or a time server gone mad: everything would be years old.
TEST_F(DiskWatchTest, RemovesNothingByAClockThatLeapsAheadAndBack) {
  runEvenly();
  machine_.wrong = std::chrono::days{3 * 365};
  for (int look = 0; look < 100; ++look) tick();
  EXPECT_TRUE(room_.asked.empty());
  machine_.wrong = 0ms;
  tick();
  tick(DiskWatch::kEvenFor - 1ms);
  EXPECT_TRUE(room_.asked.empty());
  tick();
  ASSERT_EQ(room_.asked.size(), 1U);
  EXPECT_EQ(room_.asked[0].before, clock_.utcNow() - std::chrono::days{400});
}

TEST_F(DiskWatchTest, ATimeServerThatNudgesTheClockHindersNothing) {
  runEvenly();
  for (int look = 0; look < 10; ++look) {
    machine_.wrong += DiskWatch::kStep - 1ms;
    tick();
  }
  EXPECT_FALSE(room_.asked.empty());
}

TEST_F(DiskWatchTest, AFullJournalCountsAsMendedOnlyWhenItCanBeWritten) {
  faults_.set(kStorage, "", "full", kNow);
  room_.isFull = true;
  tick();
  EXPECT_TRUE(faults_.has(kStorage, ""));
  room_.isFull = false;
  room_.used = kBound - DiskWatch::kWorkingRoom + 1;
  tick();
  EXPECT_TRUE(faults_.has(kStorage, "")) << "the next record would not find room";
  room_.used -= 1;
  free_ = DiskWatch::kWorkingRoom - 1;
  tick();
  EXPECT_TRUE(faults_.has(kStorage, ""));
  free_ = DiskWatch::kWorkingRoom;
  tick();
  EXPECT_FALSE(faults_.has(kStorage, ""));
  EXPECT_EQ(room_.probes, 2);
  tick();
  EXPECT_EQ(room_.probes, 2) << "nothing is written without need";
}

}  // namespace
}  // namespace vardnav::hub
