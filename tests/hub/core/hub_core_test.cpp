// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/hub_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/hub/core/failing_journal.h"
#include "tests/hub/core/home.h"
#include "tests/support/fake_journal.h"

namespace vardnav::hub {
namespace {

using namespace test::home;
using test::FailingJournal;
using test::FakeJournal;
using ::testing::Contains;
using ::testing::Not;
using wire::Stream;

class HubCoreTest : public ::testing::Test {
 protected:
  std::vector<Observation> observationsOf(Stream stream, std::uint64_t sequence) const {
    const auto& body = journal_.items(stream).at(sequence).item.body;
    if (const auto* alert = std::get_if<wire::AlertItem>(&body)) return alert->observations;
    return std::get<wire::ReadingItem>(body).observations;
  }
  const Verdict& verdictOf(std::uint64_t sequence) const {
    return std::get<wire::AlertItem>(journal_.items(Stream::kAlert).at(sequence).item.body).verdict;
  }

  FakeJournal journal_;
  FailingJournal failing_{journal_};
  StandingClock clock_;
  Household household_ = demoHousehold();
  NoInFlightNote note_;
  DropBook drops_;
  HubCore core_{failing_, household_, clock_, note_, drops_};
};

TEST_F(HubCoreTest, ForwardsAReadingWithoutAVerdict) {
  const auto accepted = core_.accept(fineGlucose());
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(accepted->disposition, intake::Disposition::kAccepted);
  EXPECT_FALSE(accepted->isDuplicate);
  EXPECT_EQ(accepted->verdicts, 0U);
  ASSERT_EQ(journal_.captures().size(), 1U);
  EXPECT_EQ(journal_.captures()[0].key, accepted->key);
  EXPECT_EQ(journal_.items(Stream::kReading).size(), 1U);
  EXPECT_TRUE(journal_.items(Stream::kAlert).empty());
  EXPECT_EQ(observationsOf(Stream::kReading, 1).at(0).reading, accepted->key);
  EXPECT_TRUE(drops_.counted().empty());
}

TEST_F(HubCoreTest, SendsAnAlertWithItsObservationAndTheReadingToo) {
  const auto accepted = core_.accept(lowGlucose());
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(accepted->verdicts, 1U);
  const Verdict& verdict = verdictOf(1);
  EXPECT_EQ(verdict.rule, RuleId("glucose-low"));
  EXPECT_EQ(verdict.priority, Priority::kP1);
  EXPECT_EQ(verdict.inputs, std::vector{accepted->key});
  EXPECT_EQ(verdict.at, utc("2026-11-24T09:59:00Z"));
  EXPECT_EQ(verdict.told, clock_.utcNow());
  EXPECT_EQ(toString(observationsOf(Stream::kAlert, 1).at(0).value), "45");
  EXPECT_EQ(observationsOf(Stream::kReading, 1).at(0).reading, accepted->key);
}

TEST_F(HubCoreTest, PutsTheRulesSignalFirstInAnAlert) {
  // Generic Health Sensor compound: PEF 450 L/min, then FEV1 3.63 L, which is 76 % of 4.75 L.
  const auto accepted = core_.accept(
      record(kSpirometer, "2B8B", "0719000000020854020001000CC20100000A5402000140066B0100FE"));
  ASSERT_TRUE(accepted.has_value());
  ASSERT_EQ(accepted->verdicts, 1U);
  EXPECT_EQ(verdictOf(1).rule, RuleId("fev1-fall"));
  EXPECT_EQ(observationsOf(Stream::kAlert, 1).at(0).code, Code::kFev1);
  EXPECT_EQ(observationsOf(Stream::kAlert, 1).at(1).code, Code::kPef);
}

TEST_F(HubCoreTest, StoresARecordThatComesAgainOnce) {
  const auto first = core_.accept(lowGlucose());
  RawRecord again = lowGlucose();
  again.receivedAt += std::chrono::hours{5};
  const auto second = core_.accept(again);
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->isDuplicate);
  EXPECT_EQ(second->key, first->key);
  EXPECT_EQ(second->verdicts, 0U);
  EXPECT_EQ(journal_.captures().size(), 1U);
  EXPECT_EQ(journal_.observations().size(), 1U);
  EXPECT_EQ(journal_.items(Stream::kReading).size(), 1U);
  EXPECT_EQ(journal_.items(Stream::kAlert).size(), 1U);
}

TEST_F(HubCoreTest, KeepsWhatItQuarantinesButForwardsNothing) {
  struct Row {
    RawRecord record;
    intake::Reason reason;
  };
  RawRecord stranger = lowGlucose();
  stranger.device = DeviceId("AA:AA:AA:AA:AA:AA");
  RawRecord early = lowGlucose();
  early.clock->device.at = local("2027-06-01T00:00:00");
  // gls-05: control solution (NordicSemiconductor/IOS-nRF-Toolbox, GLSParsingTest).
  const RawRecord control = record(kMeter, "2A18", "1F0200E90705150A1E2D00007800410100");
  for (const auto& [given, reason] :
       {Row{stranger, intake::Reason::kUnboundDevice}, Row{early, intake::Reason::kBeforeBinding},
        Row{control, intake::Reason::kControlSolution}}) {
    const auto accepted = core_.accept(given);
    ASSERT_TRUE(accepted.has_value());
    EXPECT_EQ(accepted->disposition, intake::Disposition::kQuarantined);
    EXPECT_EQ(accepted->reason, reason);
    EXPECT_EQ(journal_.captures().back().record.bytes, given.bytes);
    EXPECT_EQ(drops_.of(dropOf(reason)), 1U);
  }
  EXPECT_EQ(journal_.captures().size(), 3U);
  EXPECT_TRUE(journal_.items(Stream::kReading).empty());
  EXPECT_TRUE(journal_.items(Stream::kAlert).empty());
  EXPECT_THAT(failing_.calls, Not(Contains("ruleState")));
}

TEST_F(HubCoreTest, OfTwoReadingsUnderOneNumberAndTimeTheLaterWaitsForAPerson) {
  ASSERT_TRUE(core_.accept(glucose(7, "5AB0")));
  const auto rival = core_.accept(glucose(7, "2DB0"));
  ASSERT_TRUE(rival.has_value());
  EXPECT_EQ(rival->disposition, intake::Disposition::kQuarantined);
  EXPECT_EQ(rival->reason, intake::Reason::kConflict);
  EXPECT_EQ(drops_.of(Drop::kConflict), 1U);
  EXPECT_TRUE(core_.accept(glucose(7, "2DB0"))->isDuplicate);
  EXPECT_FALSE(core_.reinterpret(rival->key).value()) << "bindings do not settle it";
  EXPECT_EQ(journal_.items(Stream::kReading).size(), 1U);
  EXPECT_TRUE(journal_.items(Stream::kAlert).empty());

  ASSERT_TRUE(core_.decide(rival->key, {kPerson}));
  EXPECT_EQ(journal_.items(Stream::kReading).size(), 2U);
  EXPECT_EQ(journal_.items(Stream::kAlert).size(), 1U);
}

TEST_F(HubCoreTest, AnotherNumberOrTimeIsNoRival) {
  ASSERT_TRUE(core_.accept(glucose(7, "5AB0")));
  RawRecord later = glucose(7, "2DB0");
  later.bytes[9] = 0x0B;  // its minute
  EXPECT_EQ(core_.accept(later)->disposition, intake::Disposition::kAccepted);
  EXPECT_EQ(core_.accept(glucose(8, "2DB0"))->disposition, intake::Disposition::kAccepted);
}

TEST_F(HubCoreTest, RivalsOfAnUnboundDeviceWaitWhenItIsBound) {
  const auto bindings = std::exchange(household_.bindings, {});
  const auto one = core_.accept(glucose(7, "5AB0")).value();
  const auto other = core_.accept(glucose(7, "2DB0")).value();
  const auto apart = core_.accept(glucose(8, "5AB0")).value();
  household_.bindings = bindings;
  for (const auto& key : {one.key, other.key, apart.key}) ASSERT_TRUE(core_.reinterpret(key));
  EXPECT_EQ(journal_.captures()[0].reason, intake::Reason::kConflict);
  EXPECT_EQ(journal_.captures()[1].reason, intake::Reason::kConflict);
  EXPECT_EQ(journal_.captures()[2].disposition, intake::Disposition::kAccepted);
  EXPECT_EQ(journal_.items(Stream::kReading).size(), 1U);
}

TEST_F(HubCoreTest, KeepsTheBytesOfWhatItRefusesAndCountsItOnce) {
  const RawRecord broken = record(kMeter, "2A18", "0F0300E4");
  for (int i = 0; i < 2; ++i) {
    const auto accepted = core_.accept(broken);
    ASSERT_TRUE(accepted.has_value());
    EXPECT_EQ(accepted->disposition, intake::Disposition::kRefused);
    EXPECT_EQ(accepted->isDuplicate, i == 1);
  }
  ASSERT_EQ(journal_.captures().size(), 1U);
  EXPECT_EQ(journal_.captures()[0].record.bytes, broken.bytes);
  EXPECT_EQ(journal_.captures()[0].reason, intake::Reason::kMalformed);
  EXPECT_EQ(drops_.of(Drop::kMalformed), 1U);
  EXPECT_EQ(drops_.of(Drop::kDuplicate), 1U);
  EXPECT_TRUE(journal_.items(Stream::kReading).empty());
}

TEST_F(HubCoreTest, TakesACounterOnlyWhereNothingElseTellsTwoReadingsApart) {
  ASSERT_TRUE(core_.accept(fineGlucose()).has_value());
  EXPECT_THAT(failing_.calls, Not(Contains("nextCaptureCounter")));
  // 70 kg twice, a minute apart, from a scale without clock or number.
  const auto first = core_.accept(weight("00B036", kNow));
  const auto second = core_.accept(weight("00B036", kNow + std::chrono::minutes{1}));
  const auto third = core_.accept(weight("00B036", kNow + std::chrono::minutes{7}));
  EXPECT_THAT(failing_.calls, Contains("nextCaptureCounter"));
  EXPECT_NE(first->key, second->key);
  EXPECT_FALSE(second->isDuplicate);
  // Flagged, not merged.
  const Flag flag = Flag::kSuspectedRepeat;
  EXPECT_FALSE(observationsOf(Stream::kReading, 2).at(0).flags.has(flag));
  EXPECT_TRUE(observationsOf(Stream::kReading, 3).at(0).flags.has(flag));
  EXPECT_FALSE(observationsOf(Stream::kReading, 4).at(0).flags.has(flag));
}

TEST_F(HubCoreTest, CarriesTheStateOfARuleFromRecordToRecord) {
  EXPECT_EQ(core_.accept(lowGlucose())->verdicts, 1U);
  EXPECT_EQ(core_.accept(fineGlucose())->verdicts, 1U);
  EXPECT_EQ(verdictOf(1).transition, Transition::kRaised);
  EXPECT_EQ(verdictOf(2).transition, Transition::kCleared);
}

TEST_F(HubCoreTest, BeginsAnewWithAStateThatItCannotRead) {
  {
    auto transaction = journal_.begin();
    ASSERT_TRUE((*transaction)->setRuleState(kPerson, RuleId("glucose-low"), "9 ?", "").has_value());
    ASSERT_TRUE((*transaction)->commit().has_value());
  }
  EXPECT_EQ(core_.accept(lowGlucose())->verdicts, 1U);
  EXPECT_EQ(core_.accept(fineGlucose())->verdicts, 1U);
}

TEST_F(HubCoreTest, ForwardsReadingsOfAPersonWithoutRules) {
  household_.patients.clear();
  EXPECT_EQ(core_.accept(lowGlucose())->verdicts, 0U);
  EXPECT_EQ(journal_.items(Stream::kReading).size(), 1U);
}

/// Whatever call fails: nothing remains, and the same record given again is stored once.
void expectAllOrNothing(const std::vector<RawRecord>& before, const RawRecord& given,
                        const std::vector<std::string>& expectedCalls) {
  const Household household = demoHousehold();
  const StandingClock clock;
  std::vector<std::string> failed;
  for (int n = 1;; ++n) {
    FakeJournal journal;
    FailingJournal failing(journal);
    NoInFlightNote note;
    DropBook drops;
    HubCore core(failing, household, clock, note, drops);
    for (const RawRecord& earlier : before) ASSERT_TRUE(core.accept(earlier).has_value());
    const std::size_t stored = journal.captures().size();
    failing.calls.clear();
    failing.failsAt = n;
    const auto accepted = core.accept(given);
    if (accepted) break;
    failed.push_back(failing.calls.back());
    SCOPED_TRACE(failed.back());
    EXPECT_EQ(accepted.error().code, ErrorCode::kStorage);
    EXPECT_EQ(journal.captures().size(), stored);
    EXPECT_EQ(journal.observations().size(), stored);
    EXPECT_EQ(journal.items(Stream::kReading).size(), stored);
    EXPECT_TRUE(journal.items(Stream::kAlert).empty());
    EXPECT_EQ(drops.counted(), (std::vector{std::pair{Drop::kNotStored, std::uint64_t{1}}}));

    const auto again = core.accept(given);
    ASSERT_TRUE(again.has_value());
    EXPECT_FALSE(again->isDuplicate);
    EXPECT_EQ(again->verdicts, 1U);
    EXPECT_EQ(journal.captures().size(), stored + 1);
    EXPECT_EQ(journal.observations().size(), stored + 1);
    EXPECT_EQ(journal.items(Stream::kReading).size(), stored + 1);
    EXPECT_EQ(journal.items(Stream::kAlert).size(), 1U);
  }
  EXPECT_EQ(failed, expectedCalls);
}

TEST(HubCoreFailure, LeavesNothingOfAGlucoseReadingAtAnyCall) {
  RawRecord earlier = fineGlucose();
  earlier.bytes.at(8) = 5;  // minutes of its stamp
  earlier.recordNumber = 6;
  expectAllOrNothing(
      {earlier}, lowGlucose(),
      {"captureCounter", "begin", "hasRival", "insertCapture", "insertObservation", "setClockFloor",
       "enqueueReading",
       // Its own rule, and the one that watches everybody.
       "ruleState", "ruleState", "enqueueAlert", "setRuleState", "setRuleState", "commit"});
}

TEST(HubCoreFailure, LeavesNothingOfAWeighingAtAnyCall) {
  // 70 kg, and two mornings later 72.5 kg.
  expectAllOrNothing({weight("00B036", utc("2026-11-22T06:00:00Z"))},
                     weight("00A438", utc("2026-11-24T06:00:00Z")),
                     {"captureCounter", "begin", "nextCaptureCounter", "insertCapture",
                      "observations", "insertObservation", "setClockFloor", "enqueueReading",
                      "ruleState", "enqueueAlert", "setRuleState", "commit"});
}

TEST(Household, NamesItsDevicesOnceAndHashesItsRules) {
  Household household = demoHousehold();
  household.bindings.push_back(household.bindings.front());
  EXPECT_EQ(household.devices(), (std::set{kMeter, kScale, kSpirometer}));
  const std::string hash = household.ruleHash();
  std::ranges::reverse(household.patients[0].rules);
  EXPECT_EQ(household.ruleHash(), hash);
  household.patients[0].rules.pop_back();
  EXPECT_NE(household.ruleHash(), hash);
}

}  // namespace
}  // namespace vardnav::hub
