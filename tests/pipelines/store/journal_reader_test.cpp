// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/journal_reader.h"

#include <gtest/gtest.h>

#include <fstream>

#include "pipelines/store/sqlite_journal.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::store {
namespace {

using test::glucose;

void store(hub::Journal& journal, const Observation& observation,
           intake::Disposition disposition = intake::Disposition::kAccepted,
           intake::Reason reason = intake::Reason::kNone) {
  const auto transaction = journal.begin().value();
  hub::Capture capture;
  capture.key = observation.reading;
  capture.record.device = observation.device;
  capture.record.characteristic = "2A18";
  capture.record.bytes = {0x0B};
  capture.record.receivedAt = observation.receivedAt;
  capture.disposition = disposition;
  capture.reason = reason;
  if (observation.revision == 1) {
    ASSERT_TRUE(transaction->insertCapture(capture).value());
  }
  ASSERT_TRUE(transaction->insertObservation(observation));
  ASSERT_TRUE(transaction->commit());
}

std::vector<std::string> valuesIn(JournalReader& reader, const std::optional<PersonId>& person) {
  std::vector<std::string> values;
  EXPECT_TRUE(reader.forEachObservation(person, [&](const Observation& observation) {
    values.push_back(toString(observation.value) + "#" + std::to_string(observation.revision));
  }));
  return values;
}

TEST(JournalReader, GivesWhatWasAcceptedInTheOrderItCameWhileTheHubRuns) {
  const test::TemporaryDirectory directory;
  const auto journal = SqliteJournal::open(directory / "journal.db").value();
  store(*journal, glucose(9, 70));
  store(*journal, glucose(1, 80, test::kMorning - std::chrono::hours{5}));
  store(*journal, glucose(2, 90), intake::Disposition::kQuarantined);
  Observation corrected = glucose(9, 71);
  corrected.revision = 2;
  store(*journal, corrected);
  Observation other = glucose(4, 100);
  other.person = PersonId("p-other");
  store(*journal, other);

  auto reader = JournalReader::open(directory / "journal.db").value();
  EXPECT_EQ(reader.persons().value(), (std::vector{PersonId("p-7f3a"), PersonId("p-other")}));
  EXPECT_EQ(valuesIn(reader, PersonId("p-7f3a")),
            (std::vector<std::string>{"70#1", "80#1", "71#2"}));
  EXPECT_EQ(valuesIn(reader, std::nullopt).size(), 4U);
}

TEST(JournalReader, SumsUpWhatItHoldsByDeviceAndReason) {
  const test::TemporaryDirectory directory;
  const auto journal = SqliteJournal::open(directory / "journal.db").value();
  EXPECT_EQ(journal->summary().value().captures, 0U);
  EXPECT_TRUE(journal->summary().value().devices.empty());
  store(*journal, glucose(9, 70));
  Observation later = glucose(1, 80);
  later.receivedAt += std::chrono::hours{1};
  store(*journal, later);
  store(*journal, glucose(2, 90), intake::Disposition::kQuarantined,
        intake::Reason::kBeforeBinding);
  Observation other = glucose(3, 90);
  other.device = DeviceId("AA:00:00:00:00:01");
  store(*journal, other, intake::Disposition::kRefused, intake::Reason::kMalformed);
  const auto transaction = journal->begin().value();
  ASSERT_TRUE(transaction->enqueueReading(glucose(9, 70).reading, test::kMorning));
  ASSERT_TRUE(transaction->setClockFloor(test::kMorning));
  ASSERT_TRUE(transaction->commit());

  const auto summary = JournalReader::open(directory / "journal.db").value().summary().value();
  EXPECT_EQ(summary.epoch, journal->epoch());
  EXPECT_EQ(summary.captures, 4U);
  ASSERT_EQ(summary.devices.size(), 2U);
  EXPECT_EQ(summary.devices[0].device, other.device);
  EXPECT_EQ(summary.devices[1].captures, 3U);
  EXPECT_EQ(summary.devices[1].lastReceived, later.receivedAt);
  ASSERT_EQ(summary.kept.size(), 2U);
  EXPECT_EQ(summary.kept[0].reason, "before-binding");
  EXPECT_EQ(summary.kept[1].disposition + " " + summary.kept[1].reason, "refused malformed");
  EXPECT_EQ(summary.readings.count, 1U);
  EXPECT_EQ(summary.readings.oldest, test::kMorning);
  EXPECT_EQ(summary.alerts.count, 0U);
  EXPECT_EQ(summary.lastKnownTime, test::kMorning);
  EXPECT_EQ(summary.configurationSerial, 0U);
  EXPECT_GE(summary.octets, 4096U);
}

TEST(JournalReader, RefusesWhatIsNoJournalAndMakesNoFile) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(JournalReader::open(directory / "none.db").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(directory / "none.db"));
  std::ofstream(directory / "text.db") << "no database, but long enough to have a header " << 1e9;
  EXPECT_EQ(JournalReader::open(directory / "text.db").error().code, ErrorCode::kStorage);
  {
    auto other = sqlite::Database::open(directory / "other.db").value();
    ASSERT_TRUE(other.execute("CREATE TABLE t (x)"));
  }
  EXPECT_EQ(JournalReader::open(directory / "other.db").error().context,
            (directory / "other.db") + " is no hub journal: correct the path");
}

}  // namespace
}  // namespace vardnav::store
