// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What was captured while the hub did not know the time, or while it was being killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "hub/core/hub_core.h"
#include "tests/hub/core/failing_journal.h"
#include "tests/support/fake_journal.h"
#include "tests/support/observations.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;
using wire::Stream;

const DeviceId kMeter("C0:FF:EE:00:00:01");
const PersonId kPerson("p-7f3a");

UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

struct Machine final : Clock {
  UtcTime utcNow() const override { return wall; }
  SteadyTime steadyNow() const override { return steady; }
  UtcTime wall = utc("1970-01-01T00:00:00Z");
  SteadyTime steady{5s};
};

class Note final : public InFlightNote {
 public:
  Result<void> set(const InFlight& inFlight) override {
    held = inFlight;
    return {};
  }
  Result<void> setCommitting() override {
    if (held) held->isCommitting = true;
    return {};
  }
  Result<void> clear() override {
    held.reset();
    return {};
  }
  Result<std::optional<InFlight>> left() override { return held; }
  std::optional<InFlight> held;
};

class Reinterpretation : public ::testing::Test {
 protected:
  Reinterpretation() {
    household_.hub = HubId("hub-1");
    household_.bindings = {
        {kMeter, std::nullopt, kPerson, utc("2026-11-01T00:00:00Z"), std::nullopt}};
  }

  /// 45 mg/dL, stamped one minute before the meter's clock was read.
  RawRecord glucose(std::uint8_t sequence) const {
    RawRecord record;
    record.device = kMeter;
    record.characteristic = "2A18";
    const Bytes number = {sequence};
    record.bytes = fromHex("02" + toHex(number) + "00EA0704180B0A1E2DB011").value();
    record.recordNumber = sequence;
    record.isStored = true;
    record.receivedAt = clock_.utcNow();
    record.clock = {{DeviceTime::Timeline::kLocal, parseIsoLocal("2026-04-24T11:11:30").value()},
                    clock_.utcNow(),
                    Milliseconds{1000}};
    return record;
  }
  /// Weight Scale Service 3.2: no time, no number: the key needs a counter.
  RawRecord weight() const {
    RawRecord record;
    record.device = kMeter;
    record.characteristic = "2A9D";
    record.bytes = fromHex("00E03C").value();
    record.receivedAt = clock_.utcNow();
    return record;
  }
  const Observation& newest() const { return journal_.observations().back(); }

  Machine machine_;
  HubClock clock_{machine_, "boot"};
  test::FakeJournal journal_;
  Household household_;
  Note note_;
  DropBook drops_;
  HubCore core_{journal_, household_, clock_, note_, drops_};
};

TEST_F(Reinterpretation, AReadingWhileTheTimeIsUnknownIsAClockFaultAtItsReceipt) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  const auto accepted = core_.accept(glucose(7)).value();
  EXPECT_EQ(accepted.disposition, intake::Disposition::kAccepted);
  EXPECT_TRUE(newest().flags.has(Flag::kClockFault));
  EXPECT_EQ(newest().method, TimeMethod::kUnanchored);
  EXPECT_EQ(newest().at, utc("2026-11-20T00:00:00Z"));
}

TEST_F(Reinterpretation, TheReadingIsPlacedAsItsNextRevisionWhenTheTimeBecomesKnown) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  const auto accepted = core_.accept(glucose(7)).value();
  EXPECT_EQ(core_.placeAnew(clock_, 10).value(), 0U) << "not known yet";

  machine_.steady += 1h;
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.synchronise();
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  EXPECT_EQ(core_.placeAnew(clock_, 10).value(), 1U);
  EXPECT_EQ(newest().reading, accepted.key);
  EXPECT_EQ(newest().revision, 2);
  EXPECT_EQ(newest().at, utc("2026-11-23T07:59:00Z"));
  EXPECT_EQ(newest().method, TimeMethod::kAnchored);
  EXPECT_FALSE(newest().flags.has(Flag::kClockFault));
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(2)) << "the backend hears of it";
  EXPECT_EQ(core_.placeAnew(clock_, 10).value(), 0U) << "once";
  EXPECT_TRUE(core_.accept(glucose(7)).value().isDuplicate) << "its identity is the same";
}

TEST_F(Reinterpretation, ItIsDoneEvenIfTheHubEndsInBetween) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  for (const int sequence : {7, 8, 9})
    ASSERT_TRUE(core_.accept(glucose(static_cast<std::uint8_t>(sequence))));
  machine_.steady += 1h;
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.synchronise();
  EXPECT_EQ(core_.placeAnew(clock_, 2).value(), 2U);

  HubClock anew(machine_, "another boot");
  anew.begin(utc("2026-11-23T09:00:00Z"), true);
  HubCore core(journal_, household_, anew, note_, drops_);
  EXPECT_EQ(core.placeAnew(anew, 10).value(), 1U) << "the correction itself is kept";
  EXPECT_EQ(newest().at, utc("2026-11-23T07:59:00Z"));
}

TEST_F(Reinterpretation, WhatSeemedToBeFromBeforeItsBindingIsAcceptedWhenItIsNot) {
  clock_.begin(std::nullopt, false);  // 1970
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  EXPECT_EQ(core_.accept(glucose(7)).value().reason, intake::Reason::kBeforeBinding);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(0));
  machine_.steady += 1h;
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.synchronise();
  EXPECT_EQ(core_.placeAnew(clock_, 10).value(), 1U);
  EXPECT_EQ(newest().person, kPerson);
  EXPECT_EQ(newest().at, utc("2026-11-23T07:59:00Z"));
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
}

TEST_F(Reinterpretation, WhatTurnsOutToBeFromBeforeItsBindingIsTakenBack) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  ASSERT_EQ(core_.accept(glucose(7)).value().disposition, intake::Disposition::kAccepted);
  machine_.steady += 1h;
  machine_.wall = utc("2026-10-05T09:00:00Z");
  clock_.synchronise();
  EXPECT_EQ(core_.placeAnew(clock_, 10).value(), 1U);
  EXPECT_TRUE(newest().flags.has(Flag::kPersonOther));
  EXPECT_EQ(newest().person, kPerson) << "the backend knows it under that person";
  EXPECT_EQ(drops_.of(Drop::kTakenBack), 1U);
  EXPECT_EQ(drops_.of(Drop::kClockFault), 1U) << "it was on its way without a time";
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(2));
}

TEST_F(Reinterpretation, OnlyATrustedClockMovesTheFloor) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  ASSERT_TRUE(core_.accept(glucose(7)));
  EXPECT_EQ(journal_.clockMemory().value().floor, std::nullopt);
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.synchronise();
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  ASSERT_TRUE(core_.accept(glucose(8)));
  EXPECT_EQ(journal_.clockMemory().value().floor, utc("2026-11-23T09:00:00Z"));
}

TEST_F(Reinterpretation, ALaterBindingSettlesWhatWasQuarantined) {
  household_.bindings.clear();
  clock_.begin(std::nullopt, true);
  machine_.wall = utc("2026-11-23T09:00:00Z");
  const auto key = core_.accept(glucose(7)).value().key;
  EXPECT_FALSE(core_.reinterpret(key).value()) << "nothing has changed";
  household_.bindings = {
      {kMeter, std::nullopt, kPerson, utc("2026-11-01T00:00:00Z"), std::nullopt}};
  EXPECT_TRUE(core_.reinterpret(key).value());
  EXPECT_EQ(newest().person, kPerson);
  EXPECT_FALSE(core_.reinterpret(key).value());
  EXPECT_EQ(core_.reinterpret(ReadingKey{}).error().code, ErrorCode::kNotFound);
}

TEST_F(Reinterpretation, MendingTakesNothingBackAndSettlesNothing) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  const auto accepted = core_.accept(glucose(7)).value();
  const auto bindings = std::exchange(household_.bindings, {});
  const auto stray = core_.accept(glucose(8)).value();
  EXPECT_EQ(stray.reason, intake::Reason::kUnboundDevice);
  const auto mend = [&] {
    return core_.reinterpret({accepted.key, stray.key}, HubCore::Anew::kMend).value();
  };
  EXPECT_EQ(mend(), 0U) << "no binding of today is no reason";
  household_.bindings = bindings;
  EXPECT_EQ(mend(), 0U) << "nothing is missing, and a technician settles the other";
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
  EXPECT_EQ(core_.reinterpret({accepted.key, stray.key}, HubCore::Anew::kApply).value(), 1U);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(2));
}

TEST_F(Reinterpretation, DecodingAnewTakesNothingBackForWantOfABinding) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  const auto accepted = core_.accept(glucose(7)).value();
  const auto bindings = std::exchange(household_.bindings, {});
  const auto stray = core_.accept(glucose(8)).value();
  const std::vector keys = {accepted.key, stray.key};
  EXPECT_EQ(core_.reinterpret(keys, HubCore::Anew::kDecode).value(), 0U) << "the meter went back";
  household_.bindings = bindings;
  EXPECT_EQ(core_.reinterpret(keys, HubCore::Anew::kTryDecode).value(), 1U);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1)) << "it was a try";
  EXPECT_EQ(core_.reinterpret(keys, HubCore::Anew::kDecode).value(), 1U);
  EXPECT_EQ(newest().person, kPerson);
  EXPECT_EQ(newest().revision, 2U);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(2));
}

/// As an older version has left it, which had no decoder for it.
TEST_F(Reinterpretation, ALaterDecoderMakesAReadingOfWhatWasKeptUnderItsKey) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  Capture old{test::keyOf(7),
              glucose(7),
              std::nullopt,
              intake::Disposition::kRefused,
              intake::Reason::kUnknownKind,
              std::nullopt};
  const auto transaction = journal_.begin().value();
  ASSERT_TRUE(transaction->insertCapture(old).value());
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(core_.reinterpret({old.key}, HubCore::Anew::kDecode).value(), 1U);
  EXPECT_EQ(newest().reading, old.key);
  EXPECT_EQ(newest().revision, 1U);
  EXPECT_EQ(journal_.captures()[0].disposition, intake::Disposition::kAccepted);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
  EXPECT_EQ(core_.reinterpret({old.key}, HubCore::Anew::kDecode).value(), 0U);
}

TEST_F(Reinterpretation, APersonSettlesWhatIsInQuarantineForGood) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  const auto bindings = std::exchange(household_.bindings, {});
  const auto mine = core_.accept(glucose(7)).value();
  const auto nobodys = core_.accept(glucose(8)).value();
  ASSERT_TRUE(core_.decide(mine.key, {kPerson}));
  EXPECT_EQ(newest().person, kPerson);
  EXPECT_EQ(newest().revision, 2U);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
  ASSERT_TRUE(core_.decide(nobodys.key, {}));
  EXPECT_EQ(journal_.captures()[1].reason, intake::Reason::kDiscarded);
  EXPECT_EQ(drops_.of(Drop::kDiscarded), 1U);
  household_.bindings = bindings;  // would give both to the person
  for (const auto how : {HubCore::Anew::kApply, HubCore::Anew::kDecode}) {
    EXPECT_EQ(core_.reinterpret({mine.key, nobodys.key}, how).value(), 0U);
  }
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
  ASSERT_TRUE(core_.decide(nobodys.key, {kPerson})) << "a second thought";
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(2));
}

TEST_F(Reinterpretation, WhatWasSettledByMistakeIsTakenBackAndStaysSo) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  household_.bindings.clear();
  const auto key = core_.accept(glucose(7)).value().key;
  ASSERT_TRUE(core_.decide(key, {kPerson}));
  EXPECT_EQ(core_.decide(key, {kPerson}).error().code, ErrorCode::kInvalidInput) << "it is";
  ASSERT_TRUE(core_.decide(key, {}));
  EXPECT_TRUE(newest().flags.has(Flag::kPersonOther));
  EXPECT_EQ(newest().revision, 3U);
  EXPECT_EQ(drops_.of(Drop::kTakenBack), 1U);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(2));
  for (const auto how : {HubCore::Anew::kApply, HubCore::Anew::kDecode}) {
    EXPECT_EQ(core_.reinterpret({key}, how).value(), 0U);
  }
}

TEST_F(Reinterpretation, APersonDecidesOnNothingElse) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  const auto accepted = core_.accept(glucose(7)).value();
  EXPECT_EQ(core_.decide(accepted.key, {}).error().code, ErrorCode::kInvalidInput);
  RawRecord broken = glucose(8);
  broken.bytes.resize(4);
  const auto refused = core_.accept(broken).value();
  EXPECT_EQ(refused.disposition, intake::Disposition::kRefused);
  EXPECT_EQ(core_.decide(refused.key, {kPerson}).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(core_.decide(ReadingKey{}, {kPerson}).error().code, ErrorCode::kNotFound);
  EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1));
}

TEST_F(Reinterpretation, ARecordIsNotedWhileItIsInterpretedAndNoLonger) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  ASSERT_TRUE(core_.accept(glucose(7)));
  EXPECT_FALSE(note_.held);
}

TEST_F(Reinterpretation, WhatWasOnItsWayWhenTheHubEndedIsStoredAtTheNextStart) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  note_.held = InFlight{{{weight(), 0}}, 1, false, 0, std::nullopt};
  const auto resumed = core_.resume().value();
  ASSERT_THAT(resumed, SizeIs(1));
  EXPECT_EQ(resumed[0].disposition, intake::Disposition::kAccepted);
  EXPECT_FALSE(note_.held);
  EXPECT_THAT(journal_.captures(), SizeIs(1));
}

TEST_F(Reinterpretation, DyingInTheCommitAgainAndAgainIsNoPoison) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  note_.held = InFlight{{{glucose(7), 1}}, 1, true, 0, std::nullopt};
  EXPECT_EQ(core_.resume().value().at(0).disposition, intake::Disposition::kAccepted);
}

TEST_F(Reinterpretation, ADiskThatFailsWhileResumingMakesNoPoison) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  note_.held = InFlight{{{glucose(7), 0}}, 1, false, 0, std::nullopt};
  for (int start = 0; start < 3; ++start) {
    journal_.commitFault = Error{ErrorCode::kStorage, "disk full"};
    EXPECT_FALSE(core_.resume());
  }
  journal_.commitFault.reset();
  EXPECT_EQ(core_.resume().value().at(0).disposition, intake::Disposition::kAccepted);
}

TEST_F(Reinterpretation, WhatIsResumedDoesNotMakeAnUnknownTimeKnown) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  note_.held = InFlight{{{weight(), 0}}, 1, false, 0, std::nullopt};  // from before the power cut
  ASSERT_THAT(core_.resume().value(), SizeIs(1));
  ASSERT_TRUE(core_.accept(glucose(7)));
  EXPECT_TRUE(newest().flags.has(Flag::kClockFault));
}

TEST_F(Reinterpretation, WhatWasCommittedBeforeTheHubEndedIsNotStoredTwice) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  ASSERT_TRUE(core_.accept(weight()));
  note_.held =
      InFlight{{{weight(), 0}}, 1, false, 0, std::nullopt};  // killed before the note was cleared
  EXPECT_THAT(core_.resume().value(), SizeIs(0));
  ASSERT_TRUE(core_.accept(glucose(7)));
  note_.held = InFlight{{{glucose(7), 0}}, 1, false, 1, std::nullopt};
  EXPECT_THAT(core_.resume().value(), SizeIs(0));
  EXPECT_THAT(journal_.captures(), SizeIs(2));
}

TEST_F(Reinterpretation, WhatEndsTheHubTwiceIsSetAsideRaw) {
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.begin(std::nullopt, true);
  note_.held = InFlight{{{glucose(7), 1}}, 1, false, 0, std::nullopt};  // died at the second try
  const auto resumed = core_.resume().value();
  ASSERT_THAT(resumed, SizeIs(1));
  EXPECT_EQ(resumed[0].reason, intake::Reason::kUnfinished);
  EXPECT_EQ(journal_.captures().at(0).record.bytes, glucose(7).bytes);
  EXPECT_THAT(journal_.observations(), SizeIs(0));
  EXPECT_EQ(drops_.of(Drop::kUnfinished), 1U);
  EXPECT_THAT(core_.resume().value(), SizeIs(0)) << "once";
}

TEST_F(Reinterpretation, AFailureOnTheWayLeavesNothingHalfDone) {
  clock_.begin(utc("2026-11-20T00:00:00Z"), false);
  ASSERT_TRUE(core_.beginClockPeriod(clock_));
  ASSERT_TRUE(core_.accept(glucose(7)));
  machine_.steady += 1h;
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock_.synchronise();
  for (int call = 1;; ++call) {
    test::FailingJournal failing(journal_);
    failing.failsAt = call;
    HubCore core(failing, household_, clock_, note_, drops_);
    const auto placed = core.placeAnew(clock_, 10);
    if (placed) {
      EXPECT_GT(call, 5);
      break;
    }
    EXPECT_THAT(journal_.observations(), SizeIs(1)) << failing.calls.back();
    EXPECT_THAT(journal_.items(Stream::kReading), SizeIs(1)) << failing.calls.back();
  }
  EXPECT_EQ(newest().revision, 2);
}

}  // namespace
}  // namespace vardnav::hub
