// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What late data costs: history is read from shortly before it, to where nothing differs any more.
#include "rules/engine/checkpoints.h"

#include <gtest/gtest.h>

#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;

UtcTime hour(int n) { return utc("2026-01-01T00:00:00Z") + hours{n}; }

TEST(Checkpoints, AreManyOfLateAndFewOfLongAgo) {
  Checkpoints checkpoints;
  for (int n = 1; n <= 1024; ++n) checkpoints.add({hour(n), std::to_string(n)});
  ASSERT_EQ(checkpoints.all().size(), kMostCheckpoints);
  EXPECT_EQ(checkpoints.all().front().text, "1");
  EXPECT_EQ(checkpoints.all().back().text, "1024");
  for (std::size_t i = 1; i + 1 < kMostCheckpoints; ++i) {
    // From any time on, what has to be gone over again is at most some times its age.
    const auto gap = checkpoints.all()[i].at - checkpoints.all()[i - 1].at;
    EXPECT_LE(gap, 5 * (hour(1025) - checkpoints.all()[i].at)) << i;
  }
}

TEST(Checkpoints, AreKeptUpToAChangeAndTakenOverFromWhereNothingDiffers) {
  Checkpoints checkpoints;
  for (int n = 1; n <= 5; ++n) checkpoints.add({hour(n), "old"});
  Checkpoints anew = checkpoints;
  anew.keepBefore(hour(2));
  ASSERT_EQ(anew.all().size(), 1U);
  anew.add({hour(3), "new"});
  anew.addFrom(checkpoints, hour(4));
  std::string text;
  for (const Checkpoint& each : anew.all()) text += each.text + " ";
  EXPECT_EQ(text, "old new old old ");
  EXPECT_EQ(checkpoints.all().size(), 5U);
  anew.keepBefore(hour(0));
  EXPECT_TRUE(anew.all().empty());
}

/// Counts what is read.
class Counting final : public History {
 public:
  std::vector<Observation> all;
  mutable std::size_t rows = 0;

  Result<std::vector<Observation>> observations(const PersonId& /*person*/, Code code, UtcTime from,
                                                UtcTime until) const override {
    std::vector<Observation> found;
    for (const Observation& each : all) {
      if (each.code == code && each.at >= from && each.at <= until) found.push_back(each);
    }
    std::ranges::sort(found, {}, &Observation::at);
    rows += found.size();
    return found;
  }
};

Observation glucose(std::uint32_t number, UtcTime at) {
  Observation observation;
  observation.reading.octets[14] = static_cast<std::uint8_t>(number / 256);
  observation.reading.octets[15] = static_cast<std::uint8_t>(number % 256);
  observation.code = Code::kGlucose;
  observation.value = Value::of({number % 7 == 0 ? 35 : 62, -1});
  observation.unit = Unit::kMillimolePerLitre;
  observation.person = PersonId("p-1");
  observation.at = at;
  observation.receivedAt = at;
  return observation;
}

/// A year of four a day, then one more that is `late`; the readings of history that it costs.
std::size_t rowsFor(const std::string& version, hours late) {
  const Lineage lineage(shipped("glucose-low"));
  Context context;
  context.person = PersonId("p-1");
  context.version = "1";
  Counting history;
  RuleState state = begin(hour(0));
  std::uint32_t number = 0;
  for (UtcTime at = hour(1); at < hour(365 * 24); at += hours{6}) {
    history.all.push_back(glucose(++number, at));
    const auto told =
        arrive(lineage, context, state, {std::span(&history.all.back(), 1), {}}, history, at);
    EXPECT_TRUE(told);
    state = decodeState(encode(state)).value();
  }
  EXPECT_EQ(history.rows, 0U);
  context.version = version;
  const Observation added = glucose(7 * 300, hour(365 * 24) - late);
  history.all.push_back(added);
  EXPECT_TRUE(arrive(lineage, context, state, {std::span(&added, 1), {}}, history, hour(365 * 24)));
  return history.rows;
}

TEST(LateData, ReadsLittleHistoryWhereItIsLittleLate) {
  EXPECT_LE(rowsFor("1", hours{8}), 100U);
  EXPECT_LE(rowsFor("1", hours{30 * 24}), 300U);
  EXPECT_LE(rowsFor("1", hours{300 * 24}), 700U);
}

TEST(LateData, ReadsAllHistoryOnceAfterWhatJudgesHasChanged) {
  EXPECT_GE(rowsFor("2", hours{8}), 1400U);
}

}  // namespace
}  // namespace vardnav::rules
