// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What turns out to be another person's, and what is known under more keys than one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "hub/core/hub_core.h"
#include "tests/hub/core/failing_journal.h"
#include "tests/hub/core/home.h"
#include "tests/support/fake_journal.h"
#include "tests/support/observations.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using wire::Stream;
using Anew = HubCore::Anew;

const DeviceId kScale("C0:FF:EE:00:00:02");
const PersonId kAnna("p-anna");
const PersonId kBo("p-bo");

UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

struct Machine final : Clock {
  UtcTime utcNow() const override { return wall; }
  SteadyTime steadyNow() const override { return steady; }
  UtcTime wall = utc("2026-11-23T09:00:00Z");
  SteadyTime steady{5s};
};

class HandOver : public ::testing::Test {
 protected:
  HandOver() {
    clock_.begin(std::nullopt, true);
    household_.hub = HubId("hub-1");
    household_.bindings = {{kScale, std::uint8_t{1}, kAnna, utc("2026-11-01T00:00:00Z"), {}},
                           {kScale, std::uint8_t{2}, kBo, utc("2026-11-01T00:00:00Z"), {}}};
  }
  /// 70 kg of a user, weighed while the scale's clock was read: "21.11.2026 09:00:00" there.
  RawRecord weight(std::uint8_t user = 5) const {
    RawRecord record;
    record.device = kScale;
    record.characteristic = "2A9D";
    const Bytes slot = {user};
    record.bytes = fromHex("06B036EA070B15090000" + toHex(slot)).value();
    record.isStored = true;
    record.receivedAt = clock_.utcNow();
    record.clock = {{DeviceTime::Timeline::kLocal, parseIsoLocal("2026-11-21T09:00:30").value()},
                    clock_.utcNow(),
                    Milliseconds{1000}};
    return record;
  }
  /// As an earlier version left it: `change` is what it read otherwise.
  template <class F>
  ReadingKey storedOtherwise(const RawRecord& record, F change) {
    auto understood = intake::interpret(record, household_.bindings);
    const ReadingKey key = intake::readingKey(record, understood, std::nullopt);
    Capture capture{key, record, std::nullopt, understood.disposition, understood.reason, {}};
    for (Observation& observation : understood.observations) {
      observation.reading = key;
      change(observation, capture);
    }
    const auto transaction = journal_.begin().value();
    EXPECT_TRUE(transaction->insertCapture(capture).value());
    for (const Observation& observation : understood.observations) {
      EXPECT_TRUE(transaction->insertObservation(observation));
    }
    EXPECT_TRUE(transaction->commit());
    return key;
  }
  std::size_t redecode(const ReadingKey& key) {
    return core_.reinterpret({key}, Anew::kDecode).value();
  }
  /// As the backend has it when all has come: person, revision, and whether it was taken back.
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const auto& [sequence, item] : journal_.items(Stream::kReading)) {
      const auto& first = std::get<wire::ReadingItem>(item.item.body).observations.front();
      lines.push_back(first.person.value + " " + std::to_string(first.revision) +
                      (first.flags.has(Flag::kPersonOther) ? " not" : ""));
    }
    return lines;
  }
  /// No key is known under two persons: the backend would have to set one of them aside.
  void expectOnePersonAKey() const {
    std::map<ReadingKey, PersonId> owners;
    for (const auto& [sequence, item] : journal_.items(Stream::kReading)) {
      for (const auto& each : std::get<wire::ReadingItem>(item.item.body).observations) {
        const auto [owner, isNew] = owners.try_emplace(each.reading, each.person);
        EXPECT_EQ(owner->second, each.person);
      }
    }
  }
  std::size_t heldBy(const PersonId& person) {
    std::size_t held = 0;
    const auto all = journal_.begin().value()->observations(person, Code::kWeight, UtcTime{},
                                                            clock_.utcNow() + 24h);
    for (const Observation& each : all.value()) held += each.flags.has(Flag::kPersonOther) ? 0 : 1;
    return held;
  }

  Machine machine_;
  HubClock clock_{machine_, "boot"};
  test::FakeJournal journal_;
  Household household_;
  NoInFlightNote note_;
  DropBook drops_;
  HubCore core_{journal_, household_, clock_, note_, drops_};
};

TEST_F(HandOver, WhatWasSettledOnTheWrongPersonIsTakenBackAndGivenToTheRightOne) {
  const auto key = core_.accept(weight()).value().key;
  ASSERT_TRUE(core_.decide(key, {kAnna}));
  ASSERT_TRUE(core_.decide(key, {}));
  ASSERT_TRUE(core_.decide(key, {kBo}));
  EXPECT_THAT(told(), ElementsAre("p-anna 2", "p-anna 3 not", "p-bo 1"));
  expectOnePersonAKey();
  EXPECT_EQ(heldBy(kAnna), 0U);
  EXPECT_EQ(heldBy(kBo), 1U);
  EXPECT_EQ(drops_.of(Drop::kTakenBack), 1U);
  EXPECT_TRUE(core_.accept(weight()).value().isDuplicate) << "the scale may give it again";
}

TEST_F(HandOver, ATechnicianMayChangeTheirMindAtOnceAndAgain) {
  const auto key = core_.accept(weight()).value().key;
  ASSERT_TRUE(core_.decide(key, {kAnna}));
  ASSERT_TRUE(core_.decide(key, {kBo}));
  EXPECT_THAT(told(), ElementsAre("p-anna 2", "p-anna 3 not", "p-bo 1"));
  EXPECT_EQ(core_.decide(key, {kBo}).error().code, ErrorCode::kInvalidInput) << "it is Bo's";
  ASSERT_TRUE(core_.decide(key, {kAnna}));
  EXPECT_THAT(told(), ElementsAre("p-anna 2", "p-anna 3 not", "p-bo 1", "p-bo 2 not", "p-anna 4"));
  ASSERT_TRUE(core_.decide(key, {kBo}));
  EXPECT_EQ(heldBy(kAnna), 0U);
  EXPECT_EQ(heldBy(kBo), 1U);
  const ReadingKey copy = intake::handedOverKey(key, kBo);
  ASSERT_TRUE(core_.decide(copy, {})) << "it can be named by either key";
  EXPECT_EQ(heldBy(kBo), 0U);
  ASSERT_TRUE(core_.decide(copy, {PersonId("p-cecilia")}));
  EXPECT_EQ(heldBy(PersonId("p-cecilia")), 1U);
  expectOnePersonAKey();
  EXPECT_THAT(journal_.captures(), SizeIs(3));
}

/// 45 mg/dL: an alert of the one it was taken for, and then of the one whose it is.
TEST_F(HandOver, AnAlertGoesWithItsReading) {
  household_ = test::home::demoHousehold();
  household_.bindings.clear();
  household_.patients.push_back(household_.patients[0]);
  household_.patients[0].context.person = kAnna;
  household_.patients[1].context.person = kBo;
  machine_.wall = test::home::kNow;
  const auto key = core_.accept(test::home::lowGlucose()).value().key;
  ASSERT_TRUE(core_.decide(key, {kAnna}));
  ASSERT_TRUE(core_.decide(key, {kBo}));
  std::vector<std::string> alerts;
  for (const auto& [sequence, item] : journal_.items(Stream::kAlert)) {
    const auto& alert = std::get<wire::AlertItem>(item.item.body);
    alerts.push_back(alert.verdict.person.value + " " +
                     std::string(nameOf(alert.verdict.transition)));
    for (const Observation& each : alert.observations) {
      EXPECT_EQ(each.person, alert.verdict.person) << "or the backend sets it aside";
    }
  }
  EXPECT_THAT(alerts, ElementsAre("p-anna raised", "p-anna withdrawn", "p-bo raised"));
}

TEST_F(HandOver, ItIsOneTransaction) {
  const auto key = core_.accept(weight()).value().key;
  ASSERT_TRUE(core_.decide(key, {kAnna}));
  for (int call = 1;; ++call) {
    test::FailingJournal failing(journal_);
    failing.failsAt = call;
    HubCore core(failing, household_, clock_, note_, drops_);
    if (core.decide(key, {kBo})) {
      EXPECT_GT(call, 10);
      break;
    }
    EXPECT_THAT(told(), ElementsAre("p-anna 2")) << failing.calls.back();
    EXPECT_EQ(heldBy(kAnna), 1U) << failing.calls.back();
  }
  EXPECT_EQ(heldBy(kBo), 1U);
}

TEST_F(HandOver, StandsWhateverDecodersAndBindingsSayLater) {
  const auto key = core_.accept(weight()).value().key;
  ASSERT_TRUE(core_.decide(key, {kAnna}));
  ASSERT_TRUE(core_.decide(key, {kBo}));
  household_.bindings.push_back({kScale, std::uint8_t{5}, kAnna, UtcTime{}, {}});
  std::vector<ReadingKey> all;
  for (const Capture& capture : journal_.captures()) all.push_back(capture.key);
  for (const auto how : {Anew::kApply, Anew::kMend, Anew::kDecode}) {
    EXPECT_EQ(core_.reinterpret(all, how).value(), 0U);
  }
}

/// Anna had the scale until the 15th, Bo from then on; the hub woke without the time.
TEST_F(HandOver, WhatTheTrueTimeMakesAnothersIsTakenBackAndGivenToThem) {
  const UtcTime change = utc("2026-11-15T00:00:00Z");
  household_.bindings = {{kScale, std::uint8_t{5}, kAnna, utc("2026-11-01T00:00:00Z"), change},
                         {kScale, std::uint8_t{5}, kBo, change, {}}};
  HubClock clock(machine_, "boot");
  machine_.wall = utc("1970-01-01T00:00:00Z");
  clock.begin(utc("2026-11-14T00:00:00Z"), false);
  HubCore core(journal_, household_, clock, note_, drops_);
  ASSERT_TRUE(core.beginClockPeriod(clock));
  RawRecord record = weight();
  record.receivedAt = clock.utcNow();
  record.clock->hub = clock.utcNow();
  ASSERT_TRUE(core.accept(record));
  EXPECT_THAT(told(), ElementsAre("p-anna 1"));
  machine_.steady += 1h;
  machine_.wall = utc("2026-11-23T09:00:00Z");
  clock.synchronise();
  ASSERT_TRUE(core.beginClockPeriod(clock));
  while (core.placeAnew(clock, 10).value() > 0) {
  }
  EXPECT_THAT(told(), ElementsAre("p-anna 1", "p-anna 2 not", "p-bo 1"));
  expectOnePersonAKey();
  EXPECT_EQ(heldBy(kAnna), 0U);
  const auto his =
      journal_.begin().value()->observations(kBo, Code::kWeight, UtcTime{}, machine_.wall);
  ASSERT_THAT(his.value(), SizeIs(1));
  EXPECT_EQ(his.value()[0].at, utc("2026-11-23T07:59:30Z")) << "moved once";
  EXPECT_EQ(core.reinterpret({journal_.captures()[0].key}, Anew::kApply).value(), 0U);
}

TEST_F(HandOver, ALaterDecoderThatReadsAnotherUserDoesNotLeaveItWithTheFirst) {
  const auto asAnna = [](Observation& observation, Capture& capture) {
    observation.slot = 1;
    observation.person = kAnna;
    capture.disposition = intake::Disposition::kAccepted;
    capture.reason = intake::Reason::kNone;
  };
  const auto key = storedOtherwise(weight(2), asAnna);
  EXPECT_EQ(redecode(key), 1U);
  EXPECT_THAT(told(), ElementsAre("p-anna 2 not", "p-bo 1"));
  const auto nobodys = storedOtherwise(weight(5), asAnna);
  EXPECT_EQ(redecode(nobodys), 1U);
  EXPECT_THAT(told(), ElementsAre("p-anna 2 not", "p-bo 1", "p-anna 2 not"))
      << "nobody is bound to 5: taken back, and not guessed";
  EXPECT_EQ(heldBy(kAnna), 0U);
}

TEST_F(HandOver, ALaterDecoderThatReadsATimeBeforeTheBindingTakesItBack) {
  household_.bindings[0].from = utc("2026-11-23T08:59:45Z");
  const auto key = storedOtherwise(weight(1), [](Observation& observation, Capture& capture) {
    observation.at = utc("2026-11-23T08:59:50Z");
    observation.person = kAnna;
    capture.disposition = intake::Disposition::kAccepted;
    capture.reason = intake::Reason::kNone;
  });
  EXPECT_EQ(redecode(key), 1U);
  EXPECT_THAT(told(), ElementsAre("p-anna 2 not"));
}

TEST_F(HandOver, WhereOnlyBindingsHaveChangedADecoderTakesNothing) {
  const auto key = core_.accept(weight(1)).value().key;
  household_.bindings[0].person = kBo;
  EXPECT_EQ(redecode(key), 0U) << "the same user and time";
  household_.bindings.clear();
  EXPECT_EQ(redecode(key), 0U) << "the scale went back";
  const auto moved = storedOtherwise(weight(2), [](Observation& observation, Capture& capture) {
    observation.at += 1s;
    observation.person = kBo;
    capture.disposition = intake::Disposition::kAccepted;
    capture.reason = intake::Reason::kNone;
  });
  EXPECT_EQ(redecode(moved), 1U) << "a second is another time, and no other person's";
  EXPECT_EQ(journal_.observations().back().person, kBo);
  EXPECT_FALSE(journal_.observations().back().flags.has(Flag::kPersonOther));
}

/// Refused octets have a key of their own making; what a later decoder reads has another.
class Alias : public HandOver {
 protected:
  ReadingKey storedAsUnknown(const RawRecord& record, intake::Reason reason) {
    const Capture old{test::keyOf(7), record,      std::nullopt, intake::Disposition::kRefused,
                      reason,         std::nullopt};
    const auto transaction = journal_.begin().value();
    EXPECT_TRUE(transaction->insertCapture(old).value());
    EXPECT_TRUE(transaction->commit());
    return old.key;
  }
};

TEST_F(Alias, WhatALaterDecoderReadsIsKnownWhenTheDeviceSendsItAgain) {
  const auto key = storedAsUnknown(weight(1), intake::Reason::kUnknownKind);
  EXPECT_EQ(redecode(key), 1U);
  EXPECT_TRUE(core_.accept(weight(1)).value().isDuplicate);
  EXPECT_THAT(told(), ElementsAre("p-anna 1"));
  EXPECT_EQ(redecode(key), 0U);
}

TEST_F(Alias, WhatTheDeviceHasSentAgainMeanwhileIsNotMadeAReadingTwice) {
  const auto key = storedAsUnknown(weight(1), intake::Reason::kUnknownKind);
  ASSERT_FALSE(core_.accept(weight(1)).value().isDuplicate);
  EXPECT_EQ(redecode(key), 0U);
  EXPECT_THAT(told(), ElementsAre("p-anna 1"));
}

TEST_F(Alias, IsKeptAlsoWhereNothingElseChanges) {
  RawRecord broken = weight(1);
  broken.bytes.resize(3);
  const auto key = storedAsUnknown(broken, intake::Reason::kMalformed);
  EXPECT_EQ(redecode(key), 0U);
  EXPECT_TRUE(core_.accept(broken).value().isDuplicate);
}

TEST_F(Alias, ATryKeepsNone) {
  const auto key = storedAsUnknown(weight(1), intake::Reason::kUnknownKind);
  EXPECT_EQ(core_.reinterpret({key}, Anew::kTryDecode).value(), 1U);
  EXPECT_FALSE(core_.accept(weight(1)).value().isDuplicate);
}

TEST_F(Alias, WhatHasEndedTheHubIsDecodedOnlyWhereItIsNamed) {
  const auto key = storedAsUnknown(weight(1), intake::Reason::kUnfinished);
  for (const auto how : {Anew::kApply, Anew::kMend, Anew::kDecode, Anew::kTryDecode}) {
    EXPECT_EQ(core_.reinterpret({key}, how).value(), 0U);
  }
  EXPECT_THAT(journal_.observations(), SizeIs(0));
  EXPECT_EQ(core_.reinterpret({key}, Anew::kDecodeDangerous).value(), 1U);
  EXPECT_TRUE(core_.accept(weight(1)).value().isDuplicate);
}

TEST_F(HandOver, AControlSolutionIsDiscardedAndNeverAnybodys) {
  household_.bindings = {{kScale, std::nullopt, kAnna, UtcTime{}, {}}};
  RawRecord control;
  control.device = kScale;
  control.characteristic = "2A18";
  // Glucose Service 3.1: flags 0x02 (value, type and location), type 0xA: control solution.
  control.bytes = fromHex("020700EA0704180B0A1E2DB01A").value();
  control.recordNumber = 7;
  control.receivedAt = clock_.utcNow();
  control.clock = {{DeviceTime::Timeline::kLocal, parseIsoLocal("2026-04-24T11:11:30").value()},
                   clock_.utcNow(),
                   Milliseconds{1000}};
  const auto accepted = core_.accept(control).value();
  ASSERT_EQ(accepted.reason, intake::Reason::kControlSolution);
  EXPECT_EQ(core_.decide(accepted.key, {kAnna}).error().code, ErrorCode::kInvalidInput);
  ASSERT_TRUE(core_.decide(accepted.key, {}));
  EXPECT_EQ(journal_.captures()[0].reason, intake::Reason::kDiscarded);
  EXPECT_EQ(core_.decide(accepted.key, {kAnna}).error().code, ErrorCode::kInvalidInput)
      << "nor afterwards";
  EXPECT_EQ(core_.reinterpret({accepted.key}, Anew::kDecode).value(), 0U);
  EXPECT_THAT(told(), SizeIs(0));
}

}  // namespace
}  // namespace vardnav::hub
