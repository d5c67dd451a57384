// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Records that are taken in together: the same as one after the other, whatever they are, wherever
// the process ends, and whichever of them cannot be stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

#include "hub/core/hub_core.h"
#include "pipelines/wire/codec.h"
#include "tests/hub/core/failing_journal.h"
#include "tests/hub/core/home.h"
#include "tests/support/fake_journal.h"

namespace vardnav::hub {
namespace {

using namespace test::home;
using test::FailingJournal;
using test::FakeJournal;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using wire::Stream;
using Records = std::vector<RawRecord>;

struct Died {};

/// Survives the process, as the page cache does.
class Note final : public InFlightNote {
 public:
  Result<void> set(const InFlight& inFlight) override {
    step();
    held = inFlight;
    return {};
  }
  Result<void> setCommitting() override {
    step();
    if (held) held->isCommitting = true;
    return {};
  }
  Result<void> clear() override {
    step();
    held.reset();
    return {};
  }
  Result<std::optional<InFlight>> left() override { return held; }

  std::optional<InFlight> held;
  std::function<void()> step = [] {};
};

/// What outlives a process, and the process.
struct Home {
  FakeJournal journal;
  FailingJournal failing{journal};
  Note note;
  DropBook drops;
  StandingClock clock;
  Household household = demoHousehold();
  HubCore core{failing, household, clock, note, drops};

  std::vector<Result<Accepted>> give(const Records& records) { return core.accept(records); }
  std::optional<std::uint32_t> cursor() { return journal.lastRecordNumber(kMeter, "2A18").value(); }
  /// Runs until the process ends; true: it did.
  template <class Work>
  bool dies(Work work) {
    try {
      work();
      return false;
    } catch (const Died&) {
      return true;
    }
  }
};

std::string textOf(const Result<Accepted>& accepted) {
  if (!accepted) return "error";
  return accepted->key.toHex() + " " + std::string(nameOf(accepted->reason)) + " " +
         std::to_string(static_cast<int>(accepted->disposition)) + " " +
         std::to_string(accepted->isDuplicate) + std::to_string(accepted->hasClockFault) + " " +
         std::to_string(accepted->verdicts);
}

/// Everything that the journal holds, in its order.
std::vector<std::string> contentOf(FakeJournal& journal) {
  std::vector<std::string> lines;
  for (const Capture& capture : journal.captures()) {
    lines.push_back("capture " + capture.key.toHex() + " " + toHex(capture.record.bytes) + " " +
                    std::to_string(static_cast<int>(capture.disposition)) + " " +
                    std::string(nameOf(capture.reason)));
  }
  for (const Observation& observation : journal.observations()) {
    lines.push_back("observation " + wire::encodeObservation(observation));
  }
  for (const Stream stream : {Stream::kAlert, Stream::kReading}) {
    for (const auto& [sequence, item] : journal.items(stream)) {
      lines.push_back(wire::encode(
          wire::UpMessage{HubId("hub-1"), journal.epoch(), stream, item.committedAt, {item.item}}));
    }
  }
  auto transaction = journal.begin().value();
  for (const char* rule : {"glucose-low", "weight-gain", "fev1-fall"}) {
    const auto text = transaction->ruleState(kPerson, RuleId(rule)).value();
    lines.push_back(std::string(rule) + " " + (text ? text->standing + text->checkpoints : ""));
  }
  lines.push_back("counter " + std::to_string(journal.captureCounter().value()));
  return lines;
}

RawRecord stranger() {
  RawRecord record = lowGlucose();
  record.device = DeviceId("AA:AA:AA:AA:AA:AA");
  return record;
}
RawRecord beforeTheBinding() {
  RawRecord record = glucose(9, "5AB0");
  record.clock->device.at = local("2027-06-01T00:00:00");
  return record;
}
RawRecord malformed() { return record(kMeter, "2A18", "0F0300E4"); }
// Generic Health Sensor compound: PEF 450 L/min, then FEV1 3.63 L, which is 76 % of 4.75 L.
RawRecord lowFev1() {
  return record(kSpirometer, "2B8B", "0719000000020854020001000CC20100000A5402000140066B0100FE");
}

/// Refused, quarantined, raising and clearing alerts, with a number, with a time, with neither.
const Records& mixture() {
  static const Records records = {glucose(1, "5AB0"), lowGlucose(),  weight("00B036", kNow),
                                  malformed(),        fineGlucose(), stranger(),
                                  lowGlucose(),       lowFev1(),     weight("00B036", kNow),
                                  glucose(12, "28B0")};
  return records;
}

rc::Gen<RawRecord> anyRecord() {
  const auto anyGlucose = rc::gen::apply(
      [](std::uint8_t number, const std::string& value, std::uint8_t minute) {
        RawRecord record = glucose(number, value);
        record.bytes.at(8) = minute;  // of its stamp: its order in time is another than of arrival
        return record;
      },
      rc::gen::inRange<std::uint8_t>(1, 20),
      rc::gen::element<std::string>("2DB0", "5AB0", "28B0", "C8B0", "FE07", "FF07"),
      rc::gen::inRange<std::uint8_t>(0, 60));
  const auto anyWeight = rc::gen::map(rc::gen::element<std::string>("00B036", "00A438", "00B136"),
                                      [](const std::string& hex) { return weight(hex, kNow); });
  return rc::gen::weightedOneOf<RawRecord>({{6, anyGlucose},
                                            {2, anyWeight},
                                            {1, rc::gen::just(malformed())},
                                            {1, rc::gen::just(stranger())},
                                            {1, rc::gen::just(beforeTheBinding())},
                                            {1, rc::gen::just(lowFev1())},
                                            {1, rc::gen::just(record(kMeter, "2AFF", "00"))}});
}

RC_GTEST_PROP(HubCoreBatch, IsTheSameAsItsRecordsOneByOne, ()) {
  constexpr int kMost = 24;
  const auto records = *rc::gen::resize(kMost, rc::gen::container<Records>(anyRecord()));
  const auto size = *rc::gen::inRange<std::size_t>(1, kMost);
  Home together;
  Home alone;
  for (std::size_t from = 0; from < records.size(); from += size) {
    const Records batch(
        records.begin() + static_cast<std::ptrdiff_t>(from),
        records.begin() + static_cast<std::ptrdiff_t>(std::min(from + size, records.size())));
    const auto answers = together.give(batch);
    RC_ASSERT(answers.size() == batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      RC_ASSERT(textOf(answers[i]) == textOf(alone.core.accept(batch[i])));
    }
  }
  RC_ASSERT(contentOf(together.journal) == contentOf(alone.journal));
  RC_ASSERT(together.drops.counted() == alone.drops.counted());
}

TEST(HubCoreBatch, IsOneTransactionAndNotedAsAWhole) {
  Home home;
  std::vector<std::size_t> noted;
  home.failing.beforeCall = [&] {
    if (home.failing.calls == std::vector<std::string>{"captureCounter"}) {
      noted.push_back(home.note.held->records.size());
    }
  };
  const auto answers = home.give(mixture());
  EXPECT_THAT(answers, SizeIs(mixture().size()));
  EXPECT_THAT(noted, ElementsAre(mixture().size()));
  EXPECT_EQ(std::ranges::count(home.failing.calls, "commit"), 1);
  EXPECT_TRUE(answers.at(6)->isDuplicate) << "of the second of the same batch";
  EXPECT_EQ(home.journal.items(Stream::kAlert).size(), 4U);
  EXPECT_FALSE(home.note.held);
}

TEST(HubCoreBatch, OfNothingIsNothing) {
  Home home;
  EXPECT_THAT(home.give({}), SizeIs(0));
  EXPECT_THAT(home.failing.calls, SizeIs(0));
}

/// Records go as a home gives them: the meter those beyond its cursor, at each life anew; the
/// others once, for they are confirmed to their devices already.
void giveAll(Home& home, const Records& records, std::size_t& begun) {
  Records batch;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const RawRecord& record = records[i];
    const bool isKnown =
        record.recordNumber ? i < begun && home.cursor() >= record.recordNumber : i < begun;
    if (!isKnown) batch.push_back(record);
  }
  begun = records.size();
  home.give(batch);
}

TEST(HubCoreBatch, LosesAndDoublesNothingWhereverTheProcessEnds) {
  // In the order of its numbers, as a meter's are; weighings have neither number nor time.
  const Records records = {
      weight("00B036", kNow), glucose(1, "5AB0"),     glucose(2, "2DB0"), malformed(),
      glucose(3, "5AB0"),     weight("00B036", kNow), glucose(4, "28B0")};
  Home whole;
  whole.give(records);
  const auto expected = contentOf(whole.journal);
  int ends = 0;
  for (int last = 1;; ++last) {
    Home home;
    int steps = 0;
    const auto step = [&] {
      if (++steps == last) throw Died{};
    };
    home.note.step = step;
    home.failing.beforeCall = step;
    std::size_t begun = 0;
    const bool died = home.dies([&] { giveAll(home, records, begun); });
    home.note.step = [] {};
    home.failing.beforeCall = nullptr;
    if (!died) break;
    ++ends;
    HubCore next(home.failing, home.household, home.clock, home.note, home.drops);
    const bool wasBegun = home.note.held.has_value();
    ASSERT_TRUE(next.resume().has_value());
    if (!wasBegun && home.journal.captures().empty()) begun = 0;  // ended before anything was noted
    giveAll(home, records, begun);
    EXPECT_EQ(contentOf(home.journal), expected) << "ended at step " << last;
  }
  EXPECT_GT(ends, 30);
}

TEST(HubCoreBatch, OfSeveralEndsOneAfterTheOtherNothingIsLostEither) {
  const Records records = {glucose(1, "5AB0"), weight("00B036", kNow), glucose(2, "2DB0"),
                           glucose(3, "5AB0")};
  Home whole;
  whole.give(records);
  const auto expected = contentOf(whole.journal);
  // Ends in the first life, then in each of the steps of resuming; not twice in one record.
  for (int last = 1; last < 60; ++last) {
    Home home;
    home.failing.beforeCapture = [](const Capture& capture) -> Result<void> {
      if (capture.record.recordNumber == 3U) throw Died{};
      return {};
    };
    ASSERT_TRUE(home.dies([&] { home.give(records); }));
    home.failing.beforeCapture = nullptr;
    int steps = 0;
    home.note.step = home.failing.beforeCall = [&] {
      if (++steps == last) throw Died{};
    };
    home.dies([&] {
      HubCore next(home.failing, home.household, home.clock, home.note, home.drops);
      (void)next.resume();
    });
    home.note.step = [] {};
    home.failing.beforeCall = nullptr;
    HubCore next(home.failing, home.household, home.clock, home.note, home.drops);
    ASSERT_TRUE(next.resume());
    EXPECT_THAT(home.journal.captures(), SizeIs(4)) << "ended at step " << last;
    if (home.drops.of(Drop::kUnfinished) == 0) {
      EXPECT_EQ(contentOf(home.journal), expected) << "ended at step " << last;
    }
    EXPECT_LE(home.drops.of(Drop::kUnfinished), 1U);
  }
}

TEST(HubCoreBatch, ARecordThatKillsTheHubIsSetAsideAndItsNeighboursAreStored) {
  const Records records = {glucose(1, "5AB0"), weight("00B036", kNow), glucose(2, "2DB0"),
                           glucose(3, "5AB0"), weight("00A438", kNow)};
  Home home;
  home.failing.beforeCapture = [](const Capture& capture) -> Result<void> {
    const bool isPoison = capture.record.recordNumber == 2U;
    if (isPoison && capture.reason != intake::Reason::kUnfinished) throw Died{};
    return {};
  };
  ASSERT_TRUE(home.dies([&] { home.give(records); }));
  EXPECT_THAT(home.journal.captures(), SizeIs(0));
  ASSERT_TRUE(home.dies([&] {
    HubCore second(home.failing, home.household, home.clock, home.note, home.drops);
    (void)second.resume();
  })) << "each alone: the two before it are stored";
  EXPECT_THAT(home.journal.captures(), SizeIs(2));
  HubCore third(home.failing, home.household, home.clock, home.note, home.drops);
  const auto finished = third.resume().value();
  ASSERT_THAT(finished, SizeIs(3));
  EXPECT_EQ(finished[0].reason, intake::Reason::kUnfinished);
  EXPECT_EQ(finished[1].disposition, intake::Disposition::kAccepted);
  EXPECT_EQ(finished[2].disposition, intake::Disposition::kAccepted);
  EXPECT_THAT(home.journal.captures(), SizeIs(5));
  EXPECT_EQ(home.journal.captures()[2].record.bytes, records[2].bytes);
  EXPECT_EQ(home.drops.of(Drop::kUnfinished), 1U);
  EXPECT_FALSE(home.note.held);
}

TEST(HubCoreBatch, AFaultThatPassesCostsNobodyHisPlace) {
  Home whole;
  whole.give(mixture());
  for (int n = 1;; ++n) {
    Home home;
    home.failing.failsAt = n;
    const auto answers = home.give(mixture());
    EXPECT_TRUE(std::ranges::all_of(answers, [](const auto& answer) { return bool(answer); }));
    EXPECT_EQ(contentOf(home.journal), contentOf(whole.journal)) << "call " << n;
    EXPECT_EQ(home.drops.counted(), whole.drops.counted());
    if (static_cast<int>(home.failing.calls.size()) < n) break;
  }
}

TEST(HubCoreBatch, OneThatCannotBeStoredHoldsBackOnlyWhatItsCursorWouldPassItBy) {
  const Records records = {glucose(1, "5AB0"), glucose(2, "2DB0"), weight("00B036", kNow),
                           glucose(3, "5AB0"), malformed()};
  Home home;
  home.failing.beforeCapture = [](const Capture& capture) -> Result<void> {
    if (capture.record.recordNumber != 2U) return {};
    return fail(ErrorCode::kStorage, "constraint");
  };
  const auto answers = home.give(records);
  EXPECT_TRUE(answers.at(0));
  EXPECT_FALSE(answers.at(1));
  EXPECT_TRUE(answers.at(2)) << "a weighing is lost unless it is stored now";
  EXPECT_FALSE(answers.at(3)) << "the meter gives it again with the one before it";
  EXPECT_TRUE(answers.at(4)) << "without a number it moves no cursor";
  EXPECT_EQ(home.cursor(), 1U);
  EXPECT_EQ(home.drops.of(Drop::kNotStored), 2U);
}

TEST(HubCoreBatch, WhatIsHeldBackIsNotResumedEither) {
  const Records records = {glucose(1, "5AB0"), glucose(2, "2DB0"), weight("00B036", kNow)};
  Home home;
  home.failing.beforeCapture = [&](const Capture& capture) -> Result<void> {
    if (capture.record.recordNumber == 1U) return fail(ErrorCode::kStorage, "constraint");
    // Alone, after the first was refused: the process ends.
    if (!capture.record.recordNumber && home.note.held->tried == 1) throw Died{};
    return {};
  };
  ASSERT_TRUE(home.dies([&] { home.give(records); }));
  home.failing.beforeCapture = nullptr;
  HubCore next(home.failing, home.household, home.clock, home.note, home.drops);
  EXPECT_THAT(next.resume().value(), SizeIs(1));
  EXPECT_FALSE(home.cursor()) << "the first is still on the meter";
}

TEST(HubCoreBatch, AFullDiskStoresNothingAndSaysSoOfEach) {
  Home home;
  home.journal.commitFault = Error{ErrorCode::kStorage, "disk full"};
  const auto answers = home.give(mixture());
  EXPECT_TRUE(std::ranges::none_of(answers, [](const auto& answer) { return bool(answer); }));
  EXPECT_THAT(home.journal.captures(), SizeIs(0));
  EXPECT_EQ(home.drops.of(Drop::kNotStored), mixture().size());
  EXPECT_FALSE(home.note.held);
}

}  // namespace
}  // namespace vardnav::hub
