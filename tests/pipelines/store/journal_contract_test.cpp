// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What every journal and outbox must do: one suite, held against SQLite and against the fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipelines/store/sqlite_journal.h"
#include "pipelines/wire/codec.h"
#include "tests/support/fake_journal.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav {
namespace {

using test::glucose;
using test::keyOf;
using test::kMorning;
using test::lowGlucose;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::Stream;

struct Subject {
  virtual ~Subject() = default;
  virtual hub::Journal& journal() = 0;
  virtual forward::Outbox& outbox() = 0;
};

struct FakeSubject : Subject {
  test::FakeJournal fake;
  hub::Journal& journal() override { return fake; }
  forward::Outbox& outbox() override { return fake; }
};

struct SqliteSubject : Subject {
  test::TemporaryDirectory directory;
  std::unique_ptr<store::SqliteJournal> sqlite =
      store::SqliteJournal::open(directory / "journal.db").value();
  hub::Journal& journal() override { return *sqlite; }
  forward::Outbox& outbox() override { return *sqlite; }
};

struct Kind {
  const char* name;
  std::unique_ptr<Subject> (*make)();
};

class JournalContract : public testing::TestWithParam<Kind> {
 protected:
  hub::Journal& journal() { return subject_->journal(); }
  forward::Outbox& outbox() { return subject_->outbox(); }
  std::unique_ptr<hub::JournalTransaction> begin() { return journal().begin().value(); }

  static hub::Capture captureOf(const Observation& observation) {
    hub::Capture capture;
    capture.key = observation.reading;
    capture.record.device = observation.device;
    capture.record.characteristic = "2A18";
    capture.record.bytes = {0x0B, 0x01, 0x00};
    capture.record.recordNumber = observation.recordNumber;
    capture.record.clock = ClockReading{*observation.deviceTime, kMorning, Milliseconds(900)};
    capture.record.receivedAt = observation.receivedAt;
    capture.disposition = intake::Disposition::kAccepted;
    return capture;
  }

  /// One record with its observation, queued, and an alert on it if `verdict` is not 0.
  void store(const Observation& observation, std::uint32_t verdict = 0) {
    const auto transaction = begin();
    ASSERT_TRUE(transaction->insertCapture(captureOf(observation)).value());
    ASSERT_TRUE(transaction->insertObservation(observation));
    ASSERT_TRUE(transaction->enqueueReading(observation.reading, observation.receivedAt));
    if (verdict != 0) {
      Verdict low = lowGlucose(verdict, 0);
      low.inputs = {observation.reading};
      ASSERT_TRUE(transaction->enqueueAlert(low, observation.receivedAt));
    }
    ASSERT_TRUE(transaction->commit());
  }

  std::vector<std::uint64_t> sequences(Stream stream, std::uint64_t after = 0,
                                       std::size_t limit = 1000) {
    return sequencesOf(outbox().pending(stream, after, limit).value());
  }
  static std::vector<std::uint64_t> sequencesOf(const std::vector<forward::OutboxItem>& items) {
    std::vector<std::uint64_t> result;
    for (const auto& item : items) result.push_back(item.item.sequence);
    return result;
  }

  wire::Receipt receipt(Stream stream, std::uint64_t through) {
    wire::Receipt result;
    result.hub = HubId("hub-demo-1");
    result.epoch = outbox().epoch();
    result.stream = stream;
    result.through = through;
    return result;
  }

  std::vector<std::string> history(UtcTime from, UtcTime until) {
    std::vector<std::string> values;
    const auto found =
        begin()->observations(PersonId("p-7f3a"), Code::kGlucose, from, until).value();
    for (const auto& observation : found) values.push_back(toString(observation.value));
    return values;
  }

  std::unique_ptr<Subject> subject_ = GetParam().make();
};

INSTANTIATE_TEST_SUITE_P(
    Journals, JournalContract,
    testing::Values(Kind{"Fake", [] { return std::unique_ptr<Subject>(new FakeSubject); }},
                    Kind{"Sqlite", [] { return std::unique_ptr<Subject>(new SqliteSubject); }}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

TEST_P(JournalContract, KeepsAReadingInFullUntilItsReceipt) {
  Observation observation = glucose(1, 68);
  observation.slot = 2;
  observation.flags = {Flag::kPersonUnconfirmed, Flag::kManual};
  store(observation);
  const auto items = outbox().pending(Stream::kReading, 0, 10).value();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].item.sequence, 1U);
  EXPECT_FALSE(items[0].item.isResent);
  EXPECT_EQ(items[0].committedAt, observation.receivedAt);
  const auto& kept = std::get<wire::ReadingItem>(items[0].item.body).observations;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(wire::encodeObservation(kept[0]), wire::encodeObservation(observation));
}

TEST_P(JournalContract, KeepsEveryKindOfValueAndItsExactDigits) {
  std::uint32_t key = 1;
  for (const char* text : {"2.0", "2.00", "-0.5", "HI", "LO", "NaN", "0"}) {
    Observation observation = glucose(key++, 1);
    observation.value = *valueFromString(text);
    observation.shown.reset();
    observation.deviceTime = DeviceTime{DeviceTime::Timeline::kUtc, LocalTime()};
    store(observation);
    const auto items = outbox().newest(Stream::kReading, 0, 1).value();
    const auto& kept = std::get<wire::ReadingItem>(items.at(0).item.body).observations.at(0);
    EXPECT_EQ(toString(kept.value), text);
    EXPECT_EQ(wire::encodeObservation(kept), wire::encodeObservation(observation));
  }
  Observation large = glucose(key, 0);
  large.value = Value::of({8388605, 120});  // beyond what text can carry
  store(large);
  const auto items = outbox().newest(Stream::kReading, 0, 1).value();
  const auto& kept = std::get<wire::ReadingItem>(items.at(0).item.body).observations.at(0);
  EXPECT_EQ(kept.value.number.mantissa(), 8388605);
  EXPECT_EQ(kept.value.number.exponent(), 120);
}

TEST_P(JournalContract, AnAlertCarriesItsVerdictAndItsInputsInFullTheNewestFirst) {
  store(glucose(1, 52));
  store(glucose(2, 50, kMorning + Milliseconds(60000)));
  Verdict verdict = lowGlucose(900, 0);
  verdict.inputs = {keyOf(2), keyOf(1), keyOf(77)};
  verdict.isLate = true;
  const auto transaction = begin();
  ASSERT_TRUE(transaction->enqueueAlert(verdict, kMorning));
  ASSERT_TRUE(transaction->commit());
  const auto items = outbox().pending(Stream::kAlert, 0, 10).value();
  ASSERT_EQ(items.size(), 1U);
  const auto& alert = std::get<wire::AlertItem>(items[0].item.body);
  EXPECT_EQ(wire::encodeVerdict(alert.verdict), wire::encodeVerdict(verdict));
  ASSERT_EQ(alert.observations.size(), 2U);  // the third was never stored
  EXPECT_EQ(alert.observations[0].reading, keyOf(2));
  EXPECT_EQ(alert.observations[1].reading, keyOf(1));
}

TEST_P(JournalContract, AKnownKeyIsTold) {
  store(glucose(1, 68));
  const auto transaction = begin();
  EXPECT_FALSE(transaction->insertCapture(captureOf(glucose(1, 68))).value());
}

TEST_P(JournalContract, ACaptureIsKnownByItsAliasesToo) {
  store(glucose(1, 52));
  store(glucose(2, 60));
  {
    const auto transaction = begin();
    EXPECT_EQ(transaction->insertAlias(keyOf(7), keyOf(1)).value(), hub::AliasInsert::kNew);
    EXPECT_FALSE(transaction->insertCapture(captureOf(glucose(7, 52))).value());
  }
  const auto transaction = begin();
  EXPECT_EQ(transaction->insertAlias(keyOf(7), keyOf(1)).value(), hub::AliasInsert::kNew)
      << "the other one was taken back";
  EXPECT_EQ(transaction->insertAlias(keyOf(7), keyOf(1)).value(), hub::AliasInsert::kKnown);
  EXPECT_EQ(transaction->insertAlias(keyOf(7), keyOf(2)).value(), hub::AliasInsert::kAnothers);
  EXPECT_EQ(transaction->insertAlias(keyOf(2), keyOf(1)).value(), hub::AliasInsert::kAnothers);
  ASSERT_TRUE(transaction->commit());
  EXPECT_FALSE(begin()->insertCapture(captureOf(glucose(7, 52))).value());
  EXPECT_TRUE(begin()->insertCapture(captureOf(glucose(8, 52))).value());
}

TEST_P(JournalContract, KnowsACaptureAndItsCopiesByEachOther) {
  for (const std::uint32_t key : {1U, 2U, 3U}) store(glucose(key, 52));
  const auto transaction = begin();
  EXPECT_THAT(transaction->kinOf(keyOf(2)).value(), ElementsAre(keyOf(2)));
  ASSERT_TRUE(transaction->insertHandover(keyOf(3), keyOf(2)));
  ASSERT_TRUE(transaction->insertHandover(keyOf(1), keyOf(2)));
  for (const std::uint32_t key : {1U, 2U, 3U}) {
    EXPECT_THAT(transaction->kinOf(keyOf(key)).value(), ElementsAre(keyOf(2), keyOf(1), keyOf(3)));
  }
}

TEST_P(JournalContract, ATransactionLeftBehindLeavesNothing) {
  store(glucose(1, 68), 900);
  {
    const auto transaction = begin();
    ASSERT_TRUE(transaction->insertCapture(captureOf(glucose(2, 50))).value());
    ASSERT_TRUE(transaction->insertObservation(glucose(2, 50)));
    ASSERT_TRUE(transaction->setRuleState(PersonId("p"), RuleId("r"), "2", {}));
    ASSERT_TRUE(transaction->enqueueReading(keyOf(2), kMorning));
    ASSERT_TRUE(transaction->enqueueAlert(lowGlucose(901, 2), kMorning));
    ASSERT_TRUE(transaction->nextCaptureCounter());
  }
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1));
  EXPECT_THAT(sequences(Stream::kAlert), ElementsAre(1));
  EXPECT_THAT(history(kMorning, kMorning), ElementsAre("68"));
  const auto transaction = begin();
  EXPECT_EQ(transaction->ruleState(PersonId("p"), RuleId("r")).value(), std::nullopt);
  EXPECT_TRUE(transaction->insertCapture(captureOf(glucose(2, 50))).value());
  ASSERT_TRUE(transaction->commit());
  store(glucose(3, 60), 902);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1, 2));  // no gap from what never was
}

TEST_P(JournalContract, AnObservationWithoutItsCaptureSpoilsTheTransaction) {
  const auto transaction = begin();
  EXPECT_FALSE(transaction->insertObservation(glucose(1, 68)));
  EXPECT_FALSE(transaction->commit());
}

TEST_P(JournalContract, SequencesRiseByOneInEachStreamAndAreNeverUsedAgain) {
  for (std::uint32_t key = 1; key <= 3; ++key) store(glucose(key, 60), 900 + key);
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1, 2, 3));
  EXPECT_THAT(sequences(Stream::kAlert), ElementsAre(1, 2, 3));
  ASSERT_TRUE(outbox().forget(receipt(Stream::kReading, 3)));
  EXPECT_THAT(sequences(Stream::kReading), IsEmpty());
  EXPECT_THAT(sequences(Stream::kAlert), ElementsAre(1, 2, 3));
  store(glucose(4, 60));
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(4));
}

TEST_P(JournalContract, AVerdictThatIsKnownTakesNoSecondSequence) {
  store(glucose(1, 52), 900);
  const auto transaction = begin();
  ASSERT_TRUE(transaction->enqueueAlert(lowGlucose(900, 1), kMorning));
  ASSERT_TRUE(transaction->commit());
  EXPECT_THAT(sequences(Stream::kAlert), ElementsAre(1));
}

TEST_P(JournalContract, ForgetsWhatAReceiptNamesAndKeepsItsGaps) {
  for (std::uint32_t key = 1; key <= 12; ++key) store(glucose(key, 60));
  auto named = receipt(Stream::kReading, 10);
  named.gaps = {{7, 8}, {2, 3}, {3, 4}};  // in any order, overlapping
  ASSERT_TRUE(outbox().forget(named));
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(2, 3, 4, 7, 8, 11, 12));
  ASSERT_TRUE(outbox().forget(named));  // what is gone already is no error
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(2, 3, 4, 7, 8, 11, 12));
}

TEST_P(JournalContract, ForgetsWhatWasSetAsideWhereverItStands) {
  for (std::uint32_t key = 1; key <= 6; ++key) store(glucose(key, 60));
  auto named = receipt(Stream::kReading, 4);
  named.gaps = {{2, 3}};
  named.setAside = {{3, "unknown unit"}, {6, "unknown unit"}};
  ASSERT_TRUE(outbox().forget(named));
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(2, 5));
}

TEST_P(JournalContract, AGapBeyondTheHighWaterMarkOrWithoutEndIsHarmless) {
  for (std::uint32_t key = 1; key <= 4; ++key) store(glucose(key, 60));
  auto named = receipt(Stream::kReading, 2);
  named.gaps = {{3, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}};
  ASSERT_TRUE(outbox().forget(named));
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(3, 4));
}

TEST_P(JournalContract, AReceiptOfAnotherEpochNamesNothing) {
  store(glucose(1, 60));
  auto other = receipt(Stream::kReading, 10);
  other.epoch = EpochId("another");
  ASSERT_TRUE(outbox().forget(other));
  EXPECT_THAT(sequences(Stream::kReading), ElementsAre(1));
}

TEST_P(JournalContract, PendingAndNewestAreBothInRisingSequence) {
  for (std::uint32_t key = 1; key <= 5; ++key) store(glucose(key, 60));
  EXPECT_THAT(sequences(Stream::kReading, 0, 2), ElementsAre(1, 2));
  EXPECT_THAT(sequences(Stream::kReading, 3), ElementsAre(4, 5));
  EXPECT_THAT(sequencesOf(outbox().newest(Stream::kReading, 0, 2).value()), ElementsAre(4, 5));
  EXPECT_THAT(sequencesOf(outbox().newest(Stream::kReading, 4, 9).value()), ElementsAre(5));
  EXPECT_THAT(sequences(Stream::kReading, UINT64_MAX), IsEmpty());
}

TEST_P(JournalContract, BacklogCountsAndDatesWhatWaits) {
  EXPECT_EQ(outbox().backlog(Stream::kReading)->count, 0U);
  EXPECT_EQ(outbox().backlog(Stream::kReading)->oldest, std::nullopt);
  store(glucose(1, 60, kMorning + Milliseconds(5000)));
  store(glucose(2, 60, kMorning));
  EXPECT_EQ(outbox().backlog(Stream::kReading)->count, 2U);
  EXPECT_EQ(outbox().backlog(Stream::kReading)->oldest, kMorning + Milliseconds(2000));
  EXPECT_EQ(outbox().backlog(Stream::kAlert)->count, 0U);
}

TEST_P(JournalContract, LastRecordNumberFollowsWhatIsStored) {
  const DeviceId device("C0:FF:EE:00:00:01");
  EXPECT_EQ(journal().lastRecordNumber(device, "2A18").value(), std::nullopt);
  store(glucose(7, 60));
  store(glucose(5, 60));
  EXPECT_EQ(journal().lastRecordNumber(device, "2A18").value(), 7U);
  EXPECT_EQ(journal().lastRecordNumber(device, "2A9D").value(), std::nullopt);
  EXPECT_EQ(journal().lastRecordNumber(DeviceId("other"), "2A18").value(), std::nullopt);
  {
    const auto transaction = begin();
    ASSERT_TRUE(transaction->insertCapture(captureOf(glucose(9, 60))).value());
  }
  EXPECT_EQ(journal().lastRecordNumber(device, "2A18").value(), 7U);
}

TEST_P(JournalContract, ARefusedRecordCountsAsStored) {
  auto capture = captureOf(glucose(9, 60));
  capture.disposition = intake::Disposition::kRefused;
  capture.reason = intake::Reason::kMalformed;
  const auto transaction = begin();
  ASSERT_TRUE(transaction->insertCapture(capture).value());
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(journal().lastRecordNumber(capture.record.device, "2A18").value(), 9U);
}

TEST_P(JournalContract, ARivalHasAllOfAnothersNumberAndTime) {
  const Observation first = glucose(7, 60);
  store(first);
  const auto isRival = [&](const std::function<void(Observation&)>& change,
                           const std::string& characteristic = "2A18") {
    Observation one = glucose(7, 60);
    one.reading = glucose(8, 60).reading;
    change(one);
    return begin()->hasRival(one, characteristic).value();
  };
  EXPECT_TRUE(isRival([](Observation&) {}));
  EXPECT_FALSE(isRival([&](Observation& one) { one.reading = first.reading; })) << "itself";
  EXPECT_FALSE(isRival([](Observation& one) { ++*one.recordNumber; }));
  EXPECT_FALSE(isRival([](Observation& one) { one.deviceTime->at += std::chrono::seconds{1}; }));
  EXPECT_FALSE(isRival([](Observation& one) { one.slot = one.slot.value_or(0) + 1; }));
  EXPECT_FALSE(isRival([](Observation& one) { one.device = DeviceId("other"); }));
  EXPECT_FALSE(isRival([](Observation&) {}, "2A9D"));
  const auto transaction = begin();
  ASSERT_TRUE(transaction->setDisposition(first.reading, intake::Disposition::kRefused,
                                          intake::Reason::kDiscarded));
  ASSERT_TRUE(transaction->commit());
  EXPECT_FALSE(isRival([](Observation&) {})) << "discarded";
}

TEST_P(JournalContract, CaptureCountersRise) {
  const auto first = begin()->nextCaptureCounter().value();
  EXPECT_EQ(first, 1U);
  const auto transaction = begin();
  EXPECT_EQ(transaction->nextCaptureCounter().value(), 1U);  // the first was rolled back
  EXPECT_EQ(transaction->nextCaptureCounter().value(), 2U);
  ASSERT_TRUE(transaction->commit());
}

TEST_P(JournalContract, RuleStateIsOfOnePersonAndRule) {
  const auto transaction = begin();
  using rules::StateText;
  ASSERT_TRUE(transaction->setRuleState(PersonId("p"), RuleId("r"), "one", std::nullopt));
  EXPECT_EQ(transaction->ruleState(PersonId("p"), RuleId("r")).value(), (StateText{"one", ""}));
  ASSERT_TRUE(transaction->setRuleState(PersonId("p"), RuleId("r"), "one", "|1 a"));
  ASSERT_TRUE(transaction->setRuleState(PersonId("p"), RuleId("r"), std::string("t\0o", 3), {}));
  EXPECT_EQ(transaction->ruleState(PersonId("p"), RuleId("r")).value(),
            (StateText{std::string("t\0o", 3), "|1 a"}));
  ASSERT_TRUE(transaction->setRuleState(PersonId("p"), RuleId("r"), "three", ""));
  EXPECT_EQ(transaction->ruleState(PersonId("p"), RuleId("r")).value(), (StateText{"three", ""}));
  EXPECT_EQ(transaction->ruleState(PersonId("p"), RuleId("s")).value(), std::nullopt);
  EXPECT_EQ(transaction->ruleState(PersonId("q"), RuleId("r")).value(), std::nullopt);
}

TEST_P(JournalContract, HistoryIsInEventOrderWithBothEndsAndSeesItsOwnTransaction) {
  const auto minute = Milliseconds(60000);
  store(glucose(1, 64, kMorning + 4 * minute));
  store(glucose(2, 62, kMorning + 2 * minute));  // arrived late
  store(glucose(3, 61, kMorning + 1 * minute));
  EXPECT_THAT(history(kMorning + minute, kMorning + 4 * minute), ElementsAre("61", "62", "64"));
  EXPECT_THAT(history(kMorning + 2 * minute, kMorning + 3 * minute), ElementsAre("62"));
  const auto transaction = begin();
  ASSERT_TRUE(transaction->insertCapture(captureOf(glucose(4, 63))).value());
  ASSERT_TRUE(transaction->insertObservation(glucose(4, 63, kMorning + 3 * minute)));
  const auto seen = transaction->observations(PersonId("p-7f3a"), Code::kGlucose,
                                              kMorning + 2 * minute, kMorning + 3 * minute);
  ASSERT_EQ(seen->size(), 2U);
  EXPECT_EQ((*seen)[1].reading, keyOf(4));
  EXPECT_THAT(
      transaction->observations(PersonId("p-7f3a"), Code::kWeight, kMorning, kMorning + 9 * minute)
          .value(),
      IsEmpty());
}

TEST_P(JournalContract, HistoryShowsTheNewestRevisionAndNothingQuarantined) {
  store(glucose(1, 60));
  auto corrected = glucose(1, 60, kMorning + Milliseconds(1));
  corrected.revision = 2;
  corrected.value = Value::of({61, 0});
  auto foreign = captureOf(glucose(2, 70));
  foreign.disposition = intake::Disposition::kQuarantined;
  foreign.reason = intake::Reason::kBeforeBinding;
  {
    const auto transaction = begin();
    ASSERT_TRUE(transaction->insertObservation(corrected));
    ASSERT_TRUE(transaction->enqueueReading(keyOf(1), kMorning));
    ASSERT_TRUE(transaction->insertCapture(foreign).value());
    ASSERT_TRUE(transaction->insertObservation(glucose(2, 70)));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_THAT(history(kMorning, kMorning + Milliseconds(10)), ElementsAre("61"));
  // Each item shows the revision that it was queued with.
  const auto items = outbox().pending(Stream::kReading, 0, 10).value();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(std::get<wire::ReadingItem>(items[0].item.body).observations.at(0).revision, 1);
  EXPECT_EQ(std::get<wire::ReadingItem>(items[1].item.body).observations.at(0).revision, 2);
}

TEST_P(JournalContract, GivesACaptureBackAsItWasTaken) {
  const Observation observation = glucose(1, 68);
  store(observation);
  const auto found = begin()->capture(keyOf(1)).value();
  ASSERT_TRUE(found);
  const RawRecord sent = captureOf(observation).record;
  const RawRecord& kept = found->capture.record;
  EXPECT_EQ(kept.device, sent.device);
  EXPECT_EQ(kept.characteristic, sent.characteristic);
  EXPECT_EQ(kept.bytes, sent.bytes);
  EXPECT_EQ(kept.context, sent.context);
  EXPECT_EQ(kept.recordNumber, sent.recordNumber);
  EXPECT_EQ(kept.clock->hub, sent.clock->hub);
  EXPECT_EQ(kept.clock->device, sent.clock->device);
  EXPECT_EQ(kept.clock->uncertainty, sent.clock->uncertainty);
  EXPECT_EQ(kept.receivedAt, sent.receivedAt);
  EXPECT_TRUE(kept.isHubClockTrusted);
  EXPECT_EQ(found->capture.disposition, intake::Disposition::kAccepted);
  ASSERT_EQ(found->observations.size(), 1U);
  EXPECT_EQ(found->observations[0].value, observation.value);
  EXPECT_FALSE(begin()->capture(keyOf(2)).value());
}

TEST_P(JournalContract, MovesTheTimesOfACorrectedClockPeriod) {
  using namespace std::chrono_literals;
  const Observation observation = glucose(1, 68);
  std::int64_t period = 0;
  {
    const auto transaction = begin();
    period = transaction->insertClockPeriod({0, "boot", kMorning, SteadyTime{7s}, false}).value();
    auto capture = captureOf(observation);
    capture.clockPeriod = period;
    ASSERT_TRUE(transaction->insertCapture(capture).value());
    ASSERT_TRUE(transaction->commit());
  }
  const auto memory = journal().clockMemory().value();
  ASSERT_EQ(memory.uncorrected.size(), 1U);
  EXPECT_EQ(memory.uncorrected[0],
            (hub::ClockPeriod{period, "boot", kMorning, SteadyTime{7s}, false}));
  EXPECT_FALSE(begin()->capture(keyOf(1)).value()->capture.record.isHubClockTrusted);
  EXPECT_THAT(begin()->capturesToPlaceAnew(9).value(), IsEmpty()) << "the true time is not known";

  const auto transaction = begin();
  ASSERT_TRUE(transaction->correctClockPeriod(period, 90min));
  const auto record = transaction->capture(keyOf(1)).value()->capture.record;
  EXPECT_TRUE(record.isHubClockTrusted);
  EXPECT_EQ(record.receivedAt, observation.receivedAt + 90min);
  EXPECT_EQ(record.clock->hub, kMorning + 90min);
  EXPECT_THAT(transaction->capturesToPlaceAnew(9).value(), ElementsAre(keyOf(1)));
  ASSERT_TRUE(transaction->setPlacedAnew(keyOf(1)));
  EXPECT_THAT(transaction->capturesToPlaceAnew(9).value(), IsEmpty());
  ASSERT_TRUE(transaction->commit());
  EXPECT_THAT(journal().clockMemory().value().uncorrected, IsEmpty());
}

TEST_P(JournalContract, RemembersWhatAPersonDecidedUnlessTakenBack) {
  store(glucose(1, 68));
  store(glucose(2, 68));
  ASSERT_TRUE(begin()->setDecision(keyOf(1), {PersonId("p-1")}, kMorning));
  EXPECT_EQ(begin()->capture(keyOf(1)).value()->capture.decision, std::nullopt);
  for (const auto& decision : {intake::Decision{PersonId("p-1")}, intake::Decision{}}) {
    {
      const auto transaction = begin();
      ASSERT_TRUE(transaction->setDecision(keyOf(1), decision, kMorning));
      ASSERT_TRUE(transaction->commit());
    }
    EXPECT_EQ(begin()->capture(keyOf(1)).value()->capture.decision, decision);
  }
  EXPECT_EQ(begin()->capture(keyOf(2)).value()->capture.decision, std::nullopt);
}

TEST_P(JournalContract, RemembersTheClockFloorAndADispositionUnlessTakenBack) {
  store(glucose(1, 68));
  EXPECT_EQ(journal().clockMemory().value().floor, std::nullopt);
  {
    const auto transaction = begin();
    ASSERT_TRUE(transaction->setClockFloor(kMorning));
    ASSERT_TRUE(transaction->setDisposition(keyOf(1), intake::Disposition::kQuarantined,
                                            intake::Reason::kBeforeBinding));
  }
  EXPECT_EQ(journal().clockMemory().value().floor, std::nullopt);
  {
    const auto transaction = begin();
    ASSERT_TRUE(transaction->setClockFloor(kMorning));
    ASSERT_TRUE(transaction->setDisposition(keyOf(1), intake::Disposition::kQuarantined,
                                            intake::Reason::kBeforeBinding));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(journal().clockMemory().value().floor, kMorning);
  EXPECT_EQ(begin()->capture(keyOf(1)).value()->capture.reason, intake::Reason::kBeforeBinding);
}

}  // namespace
}  // namespace vardnav
