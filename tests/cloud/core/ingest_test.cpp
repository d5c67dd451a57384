// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;
using wire::Stream;

wire::Receipt receiptOf(const Ingested& ingested) {
  EXPECT_EQ(ingested.receipts.size(), 1U);
  return ingested.receipts.empty() ? wire::Receipt{} : ingested.receipts.front();
}

TEST(Ingest, StoresAReadingAndReceiptsItAfterTheCommit) {
  Care care;
  const auto receipt = receiptOf(care.sendReadings({readingItem(1, {glucose(1, 0, 55)})}));
  EXPECT_EQ(receipt.hub, HubId("hub-1"));
  EXPECT_EQ(receipt.epoch, EpochId("epoch-1"));
  EXPECT_EQ(receipt.stream, Stream::kReading);
  EXPECT_EQ(receipt.through, 1U);
  EXPECT_TRUE(receipt.gaps.empty());
  EXPECT_TRUE(receipt.setAside.empty());
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.sink.rings, 1);
}

TEST(Ingest, ReceiptsGapsUntilTheyClose) {
  Care care;
  auto receipt = receiptOf(care.sendReadings({readingItem(5, {glucose(5, 5, 55)})}));
  EXPECT_EQ(receipt.through, 5U);
  EXPECT_EQ(receipt.gaps, (std::vector<wire::SequenceRange>{{1, 4}}));
  receipt = receiptOf(care.sendReadings(
      {readingItem(1, {glucose(1, 1, 55)}), readingItem(3, {glucose(3, 3, 55)})}));
  EXPECT_EQ(receipt.gaps, (std::vector<wire::SequenceRange>{{2, 2}, {4, 4}}));
  receipt = receiptOf(care.sendReadings(
      {readingItem(2, {glucose(2, 2, 55)}), readingItem(4, {glucose(4, 4, 55)})}));
  EXPECT_EQ(receipt.through, 5U);
  EXPECT_TRUE(receipt.gaps.empty());
}

TEST(Ingest, KeepsEpochsAndStreamsApart) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)}), readingItem(2, {glucose(2, 1, 55)})});
  const auto receipt = receiptOf(care.send(
      Stream::kReading,
      message(Stream::kReading, {readingItem(1, {glucose(3, 2, 55)})}, "hub-1", "epoch-2")));
  EXPECT_EQ(receipt.epoch, EpochId("epoch-2"));
  EXPECT_EQ(receipt.through, 1U);
  EXPECT_EQ(care.counts().readingsStored, 3U);
}

TEST(Ingest, StoresTheSameMessageOnce) {
  Care care;
  for (int i = 0; i < 3; ++i) {
    const auto receipt = receiptOf(care.sendReadings({readingItem(1, {glucose(1, 0, 55)})}));
    EXPECT_EQ(receipt.through, 1U);
  }
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.counts().observationsStored, 1U);
  EXPECT_EQ(care.counts().duplicatesRefused, 2U);
}

TEST(Ingest, StoresWhatAHubThatForgotGivesUnderAKnownSequence) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)})});
  care.alertOn(1, glucose(2, 1, 28), Transition::kRaised, Priority::kP1, at(1));
  const auto receipt = receiptOf(care.sendReadings({readingItem(1, {glucose(3, 2, 60)})}));
  EXPECT_EQ(receipt.through, 1U);
  EXPECT_TRUE(receipt.setAside.empty());
  care.alertOn(1, glucose(4, 3, 27), Transition::kRaised, Priority::kP1, at(3));
  EXPECT_EQ(care.counts().readingsStored, 4U);
  EXPECT_EQ(care.counts().alertsReceived, 2U);
  EXPECT_EQ(care.counts().duplicatesRefused, 0U);
}

TEST(Ingest, KnowsAReadingAgainInANewLifeOfTheJournal) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)})});
  const auto receipt = receiptOf(care.send(
      Stream::kReading,
      message(Stream::kReading, {readingItem(1, {glucose(1, 0, 55)})}, "hub-1", "epoch-2")));
  EXPECT_EQ(receipt.through, 1U);
  EXPECT_TRUE(receipt.setAside.empty());
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.counts().duplicatesRefused, 1U);
}

TEST(Ingest, AnAlertBringsItsReadingAndTheReadingFollows) {
  Care care;
  const Observation low = glucose(1, 0, 28);
  care.alertOn(1, low, Transition::kRaised, Priority::kP1, at(0));
  EXPECT_EQ(care.counts().readingsStored, 1U);
  const auto receipt = receiptOf(care.sendReadings({readingItem(1, {low})}));
  EXPECT_EQ(receipt.through, 1U);
  EXPECT_TRUE(receipt.setAside.empty());
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.counts().observationsStored, 1U);
  EXPECT_EQ(care.counts().duplicatesRefused, 0U);
}

TEST(Ingest, TheReadingAddsWhatItsAlertDidNotBring) {
  Care care;
  Observation fev1 = glucose(1, 0, 21);
  fev1.code = Code::kFev1;
  Observation fvc = fev1;
  fvc.code = Code::kFvc;
  care.alertOn(1, fev1, Transition::kRaised, Priority::kP2, at(0));
  care.sendReadings({readingItem(1, {fev1, fvc})});
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.counts().observationsStored, 2U);
}

TEST(Ingest, AnAlertAfterItsReadingStoresNothingTwice) {
  Care care;
  const Observation low = glucose(1, 0, 28);
  care.sendReadings({readingItem(1, {low})});
  care.alertOn(1, low, Transition::kRaised, Priority::kP1, at(0));
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.counts().observationsStored, 1U);
  EXPECT_EQ(care.counts().episodesRouted, 1U);
}

struct AsideRow {
  std::string name;
  std::string reason;
  std::string (*payload)();
};

class IsSetAside : public ::testing::TestWithParam<AsideRow> {};

TEST_P(IsSetAside, IsKeptReceiptedAndSpoilsNoNeighbour) {
  Care care;
  const auto first = care.send(Stream::kReading, GetParam().payload());
  const auto receipt = receiptOf(first);
  EXPECT_EQ(receipt.through, 3U);
  EXPECT_TRUE(receipt.gaps.empty());
  ASSERT_EQ(receipt.setAside, (std::vector<wire::SetAside>{{2, GetParam().reason}}));
  ASSERT_EQ(first.setAside.size(), 1U);
  EXPECT_EQ(care.counts().readingsStored, 2U);
  EXPECT_EQ(care.number("SELECT count(*) FROM observation"), 2);
  EXPECT_EQ(care.counts().setAside, 1U);
  EXPECT_EQ(care.number("SELECT count(*) FROM set_aside WHERE length(body) > 20"), 1);
  // Its receipt ends its resending, so somebody must hear of it.
  EXPECT_EQ(
      care.number("SELECT count(*) FROM technical_alert WHERE kind='set-aside' AND subject='" +
                  GetParam().reason + "' AND cleared_utc_ms IS NULL"),
      1);
  // Sent again it is told again, and kept once.
  const auto again = receiptOf(care.send(Stream::kReading, GetParam().payload()));
  EXPECT_EQ(again.setAside, receipt.setAside);
  EXPECT_EQ(care.counts().setAside, 1U);
}

Observation ofAnother(Observation observation) {
  observation.person = PersonId("p-2");
  return observation;
}

TEST(SetAside, HoldsAnotherItemUnderASequenceThatIsKnown) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)})});
  for (int i = 0; i < 2; ++i) {
    const auto receipt =
        receiptOf(care.sendReadings({readingItem(1, {ofAnother(glucose(2, 1, 28))})}));
    EXPECT_EQ(receipt.setAside, (std::vector<wire::SetAside>{{1, "foreign-person"}}));
  }
  EXPECT_EQ(care.counts().setAside, 1U);
  EXPECT_EQ(care.counts().duplicatesRefused, 1U);
  EXPECT_EQ(care.number("SELECT count(*) FROM technical_alert WHERE kind='set-aside'"), 1);
}

TEST(SetAside, IsOverWhenTheItemCanBeUsed) {
  Care care;
  const std::string payload =
      message(Stream::kReading, {readingItem(1, {ofAnother(glucose(1, 0, 55))})});
  EXPECT_EQ(receiptOf(care.send(Stream::kReading, payload)).setAside.size(), 1U);
  registry::Registry mended = registryOfTwoCareGivers();
  mended.hubs[0].persons.push_back(PersonId("p-2"));
  ASSERT_TRUE(store::SqlRegistryStore(*care.database).upsert(mended));
  EXPECT_TRUE(receiptOf(care.send(Stream::kReading, payload)).setAside.empty());
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.number("SELECT count(*) FROM set_aside"), 0);
}

TEST(SetAside, IsNotWhatIsStoredWhateverBecameOfItsHub) {
  Care care;
  const std::string payload = message(Stream::kReading, {readingItem(1, {glucose(1, 0, 55)})});
  care.send(Stream::kReading, payload);
  ASSERT_TRUE(care.database->execute("DELETE FROM hub_person; DELETE FROM hub"));
  EXPECT_TRUE(receiptOf(care.send(Stream::kReading, payload)).setAside.empty());
  EXPECT_EQ(care.counts().setAside, 0U);
}

TEST(SetAside, LeavesTheReceiptsOfItsSequenceWhenThatIsAStoredItems) {
  Care care;
  const Observation stored = glucose(2, 1, 55);
  care.sendReadings({readingItem(1, {ofAnother(glucose(1, 0, 55))})});
  care.sendReadings({readingItem(2, {stored})});
  EXPECT_TRUE(receiptOf(care.sendReadings({readingItem(1, {stored})})).setAside.empty());
  // And is told again when it comes again.
  const auto again = receiptOf(care.sendReadings({readingItem(1, {ofAnother(glucose(1, 0, 55))})}));
  EXPECT_EQ(again.setAside.size(), 1U);
}

TEST(SetAside, LeavesTheReceiptsWhenItsSequenceIsAnothers) {
  Care care;
  care.sendReadings({readingItem(1, {ofAnother(glucose(1, 0, 55))})});
  const auto receipt = receiptOf(care.sendReadings({readingItem(1, {glucose(2, 1, 55)})}));
  EXPECT_TRUE(receipt.setAside.empty());
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.number("SELECT count(*) FROM set_aside"), 1) << "kept all the same";
}

std::string withSecond(std::vector<Observation> observations) {
  return message(Stream::kReading,
                 {readingItem(1, {glucose(1, 1, 50)}), readingItem(2, std::move(observations)),
                  readingItem(3, {glucose(3, 3, 50)})});
}

const std::vector<AsideRow>& asideRows() {
  static const std::vector<AsideRow> kRows = {
      {"ForeignPerson", "foreign-person",
       [] {
         Observation other = glucose(2, 2, 50);
         other.person = PersonId("p-2");
         return withSecond({other});
       }},
      {"SeveralPersons", "inconsistent",
       [] {
         Observation other = glucose(2, 2, 50);
         other.person = PersonId("p-2");
         other.code = Code::kWeight;
         return withSecond({glucose(2, 2, 50), other});
       }},
      {"SeveralReadings", "malformed",
       [] { return withSecond({glucose(2, 2, 50), glucose(4, 2, 50)}); }},
      {"AnotherValueUnderOneKey", "conflict",
       [] {
         Observation other = glucose(1, 1, 99);
         return withSecond({other});
       }},
      {"AnotherValueAfterOneThatIsNew", "conflict",
       [] {
         Observation weight = glucose(1, 1, 800);
         weight.code = Code::kWeight;
         return withSecond({weight, glucose(1, 1, 99)});
       }},
      {"PoisonItem", "malformed",
       [] {
         std::string text = withSecond({glucose(2, 2, 50)});
         const std::string good = "\"record_number\":2";
         text.replace(text.find(good), good.size(), "\"record_number\":\"two\"");
         return text;
       }},
  };
  return kRows;
}

INSTANTIATE_TEST_SUITE_P(Table, IsSetAside, ::testing::ValuesIn(asideRows()),
                         [](const auto& row) { return row.param.name; });

TEST(Ingest, AConflictOverwritesNothingAndIsToldToTechniciansOnce) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 1, 50)})});
  Observation corrected = glucose(1, 1, 52);
  corrected.revision = 2;
  EXPECT_TRUE(care.sendReadings({readingItem(2, {corrected})}).setAside.empty());
  // Another value under each of the two, and another time.
  Observation second = corrected;
  second.value = Value::of(Decimal(99, -1));
  care.sendReadings({readingItem(3, {glucose(1, 1, 99)}), readingItem(4, {second}),
                     readingItem(5, {glucose(1, 7, 50)})});

  EXPECT_EQ(care.counts().observationsStored, 2U) << "revisions stand beside each other";
  EXPECT_EQ(care.number("SELECT count(*) FROM observation"), 2);
  auto transaction = care.careStore->begin();
  const ReadingKey key = readingKey(1);
  const auto newest = (*transaction)->readingsOf(PersonId("p-1"), {&key, 1});
  ASSERT_EQ(newest->size(), 1U);
  EXPECT_EQ(wire::encodeObservation(newest->front()), wire::encodeObservation(corrected));
  const auto first = (*transaction)->revisionBefore(key, PersonId("p-1"), 2);
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(wire::encodeObservation(first->front()), wire::encodeObservation(glucose(1, 1, 50)));
  transaction->reset();
  EXPECT_EQ(care.number("SELECT count(*) FROM set_aside WHERE reason='conflict'"), 3);
  EXPECT_EQ(care.number("SELECT count(*) FROM technical_alert WHERE kind='set-aside'"
                        " AND subject='conflict' AND cleared_utc_ms IS NULL"),
            1);
}

TEST(Ingest, SetsAsideAnUnknownVersionWithAReceipt) {
  Care care;
  std::string text = message(Stream::kReading, {readingItem(1, {glucose(1, 0, 50)})});
  const std::string version = "\"version\":1";
  text.replace(text.find(version), version.size(), "\"version\":2");
  const auto receipt = receiptOf(care.send(Stream::kReading, text));
  EXPECT_EQ(receipt.through, 1U);
  EXPECT_EQ(receipt.setAside, (std::vector<wire::SetAside>{{1, "unknown-version"}}));
  EXPECT_EQ(care.counts().readingsStored, 0U);
}

TEST(Ingest, SetsAsideAHubThatTheRegistryDoesNotKnow) {
  Care care;
  const auto ingested = care.core->ingest(
      HubId("hub-9"), "reading",
      message(Stream::kReading, {readingItem(1, {glucose(1, 0, 50)})}, "hub-9"), at(0));
  EXPECT_EQ(receiptOf(*ingested).setAside, (std::vector<wire::SetAside>{{1, "unknown-hub"}}));
}

TEST(Ingest, RefusesAMessageThatNamesAnotherHubThanItsTopic) {
  Care care;
  const auto ingested = care.core->ingest(
      HubId("hub-2"), "reading",
      message(Stream::kReading, {readingItem(1, {glucose(1, 0, 50)})}, "hub-1"), at(0));
  EXPECT_TRUE(ingested->receipts.empty());
  ASSERT_EQ(ingested->setAside.size(), 1U);
  EXPECT_EQ(ingested->setAside[0].reason, SetAsideReason::kForeignHub);
  EXPECT_EQ(care.counts().readingsStored, 0U);
}

TEST(Ingest, KeepsGarbageOnceAndGoesOn) {
  Care care;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(care.send(Stream::kReading, "{\"version\":").receipts.empty());
  }
  EXPECT_EQ(care.number("SELECT count(*) FROM set_aside"), 1);
  EXPECT_EQ(receiptOf(care.sendReadings({readingItem(1, {glucose(1, 0, 55)})})).through, 1U);
}

TEST(Ingest, AHeartbeatUpdatesItsHub) {
  Care care;
  wire::Status status;
  status.hub = HubId("hub-1");
  status.epoch = EpochId("epoch-1");
  status.at = at(1);
  status.version = "0.1.0";
  status.readingBacklog = 7;
  status.alertBacklog = 2;
  EXPECT_TRUE(
      care.core->ingest(HubId("hub-1"), "status", wire::encode(status), at(1))->receipts.empty());
  status.at = at(0);
  status.readingBacklog = 99;
  ASSERT_TRUE(care.core->ingest(HubId("hub-1"), "status", wire::encode(status), at(2)));
  const Counts counts = *care.reader->counts(at(4));
  ASSERT_EQ(counts.hubs.size(), 2U);
  EXPECT_EQ(counts.hubs[0].readingBacklog, 7U);
  EXPECT_EQ(counts.hubs[0].alertBacklog, 2U);
  EXPECT_EQ(counts.hubs[0].lastHeardAt, at(2));
  EXPECT_FALSE(counts.hubs[0].isSilent);
  EXPECT_TRUE(counts.hubs[1].isSilent);
  EXPECT_TRUE(care.reader->counts(at(6))->hubs[0].isSilent);
}

std::string octetsOf(const ReadingKey& key) {
  return (test::isOnPostgres() ? "'\\x" : "x'") + key.toHex() + "'";
}

/// COMMIT finds out that a deferred reference of an event is broken, which `when` is true for.
void breakCommit(Care& care, const std::string& when) {
  std::string script =
      "CREATE TABLE broken(hub TEXT REFERENCES hub(id) DEFERRABLE INITIALLY DEFERRED);";
  if (test::isOnPostgres()) {
    script +=
        "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO broken VALUES('none'); RETURN NEW; END $$;"
        "CREATE TRIGGER breaks AFTER INSERT ON console_event FOR EACH ROW WHEN (" +
        when + ") EXECUTE FUNCTION break();";
  } else {
    script += "CREATE TRIGGER breaks AFTER INSERT ON console_event WHEN " + when +
              " BEGIN INSERT INTO broken VALUES('none'); END;";
  }
  ASSERT_TRUE(care.database->execute(script));
}

TEST(Ingest, GivesNoReceiptWhenTheCommitFails) {
  Care care;
  breakCommit(care, "true");
  const std::string payload = message(Stream::kReading, {readingItem(1, {glucose(1, 0, 55)})});
  EXPECT_FALSE(care.core->ingest(HubId("hub-1"), "reading", payload, at(0)).has_value());
  EXPECT_EQ(care.sink.rings, 0);
  EXPECT_EQ(care.counts().readingsStored, 0U);
  ASSERT_TRUE(care.database->execute(test::isOnPostgres() ? "DROP TRIGGER breaks ON console_event"
                                                          : "DROP TRIGGER breaks"));
  EXPECT_EQ(receiptOf(care.send(Stream::kReading, payload)).through, 1U);
  EXPECT_EQ(care.counts().readingsStored, 1U);
}

TEST(Ingest, ManyMessagesTogetherAreAsIfEachCameAlone) {
  Care care;
  const HubId hub("hub-1");
  const std::string first = message(Stream::kReading, {readingItem(1, {glucose(1, 0, 55)})});
  const std::string second = message(Stream::kReading, {readingItem(2, {glucose(2, 5, 56)})});
  const Inbound messages[] = {
      {hub, "reading", first}, {hub, "reading", "{"}, {hub, "reading", second}};
  const auto outcomes = care.core->ingestAll(messages, at(6));
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0]->receipts.at(0).through, 1U);
  EXPECT_EQ(outcomes[1]->setAside.at(0).reason, SetAsideReason::kMalformed);
  EXPECT_EQ(outcomes[2]->receipts.at(0).through, 2U);
  EXPECT_EQ(care.counts().readingsStored, 2U);
  EXPECT_EQ(care.sink.rings, 1) << "one commit";
}

TEST(Ingest, AMessageThatCannotBeStoredHoldsUpNoOther) {
  Care care;
  breakCommit(care, "new.reading_key=" + octetsOf(readingKey(2)));
  const HubId hub("hub-1");
  std::vector<std::string> texts;
  for (int i = 1; i <= 3; ++i) {
    const auto sequence = static_cast<std::uint64_t>(i);
    texts.push_back(message(Stream::kReading, {readingItem(sequence, {glucose(i, i, 55)})}));
  }
  const Inbound messages[] = {
      {hub, "reading", texts[0]}, {hub, "reading", texts[1]}, {hub, "reading", texts[2]}};
  const auto outcomes = care.core->ingestAll(messages, at(6));
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_TRUE(outcomes[0]);
  EXPECT_FALSE(outcomes[1]) << "no receipt: it comes again";
  EXPECT_TRUE(outcomes[2]);
  EXPECT_EQ(care.counts().readingsStored, 2U);
}

TEST(Ingest, LosesNothingToAFullDisk) {
  if (test::isOnPostgres()) GTEST_SKIP() << "its disk is the server's";
  Care care;
  const auto pages = care.number("PRAGMA page_count");
  ASSERT_EQ(care.number("PRAGMA max_page_count=" + std::to_string(pages)), pages);
  std::uint64_t sequence = 0;
  for (;; ++sequence) {
    ASSERT_LT(sequence, 10000U);
    const auto number = static_cast<int>(sequence) + 1;
    const auto ingested = care.core->ingest(
        HubId("hub-1"), "reading",
        message(Stream::kReading, {readingItem(sequence + 1, {glucose(number, 0, 55)})}), at(0));
    if (ingested) continue;
    EXPECT_TRUE(ingested.error().retryable());
    EXPECT_NE(ingested.error().context.find("disk is full"), std::string::npos);
    break;
  }
  care.number("PRAGMA max_page_count=100000");
  const auto number = static_cast<int>(sequence) + 1;
  const auto receipt =
      receiptOf(care.sendReadings({readingItem(sequence + 1, {glucose(number, 0, 55)})}));
  EXPECT_EQ(receipt.through, sequence + 1);
  EXPECT_TRUE(receipt.gaps.empty());
  EXPECT_EQ(care.counts().readingsStored, sequence + 1);
}

}  // namespace
}  // namespace vardnav::cloud
