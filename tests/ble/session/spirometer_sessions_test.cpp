// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Vitalograph and Contec: the device is told to go on only after the commit.
#include <gmock/gmock.h>

#include "ble/session/contec_session.h"
#include "ble/session/vendor_uuids.h"
#include "ble/session/vitalograph_session.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// tests/data/ble_vectors.jsonl: spi-02, spi-04.
const std::string kFrame =
    "024654443030303031323934303634353033313033363333393930393134303433383034363030393630393830383030"
    "363030353032343034323431313130333030313034036E";
const std::string kRecord =
    "E10001010016081D111E2400272F0101017E0300006F034B0700000000250721060C050703660423024F005B";

class VitalographBench : public Bench {
 public:
  VitalographBench() {
    for (const auto uuid : {kVitalographWriteUuid, kVitalographNotifyUuid,
                            kVitalographGiveCreditsUuid, kVitalographTakeCreditsUuid}) {
      client.present.insert(std::string(uuid));
    }
  }
  void start(std::string_view credits = "0A") {
    Bench::start([](const SessionPorts& to) { return makeVitalographSession(to); });
    client.notify(std::string(kVitalographTakeCreditsUuid), credits);
  }
  void send(const std::string& hex) {
    for (std::size_t at = 0; at < hex.size(); at += 40) {
      client.notify(std::string(kVitalographNotifyUuid), std::string_view(hex).substr(at, 40));
    }
  }
  std::vector<std::string> answers() const {
    const std::string prefix = "write " + std::string(kVitalographWriteUuid) + " ";
    std::vector<std::string> out;
    for (const std::string& line : client.journal) {
      if (line.starts_with(prefix)) out.push_back(line.substr(prefix.size()));
    }
    return out;
  }
};

TEST(VitalographSession, SubscribesForCreditsThenDataThenGivesCredits) {
  VitalographBench bench;
  bench.start();
  EXPECT_THAT(bench.client.journal,
              ElementsAre("listen", "subscribe " + std::string(kVitalographTakeCreditsUuid),
                          "subscribe " + std::string(kVitalographNotifyUuid),
                          "write " + std::string(kVitalographGiveCreditsUuid) + " 40"));
}

TEST(VitalographSession, AFrameIsAcknowledgedAfterItsCommitAndNotBefore) {
  VitalographBench bench;
  bench.sink.isHolding = true;
  bench.start();
  bench.send(kFrame);
  EXPECT_THAT(bench.answers(), IsEmpty());
  bench.sink.settle();
  EXPECT_THAT(bench.answers(), ElementsAre("06"));
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre(kFrame));
}

TEST(VitalographSession, AFrameThatCouldNotBeStoredIsNeverAcknowledged) {
  VitalographBench bench;
  bench.sink.failAt = 0;
  bench.start();
  bench.send(kFrame);
  EXPECT_THAT(bench.answers(), IsEmpty());
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
}

TEST(VitalographSession, ABrokenFrameIsAskedForAgain) {
  VitalographBench bench;
  bench.start();
  bench.send(kFrame.substr(0, kFrame.size() - 2) + "6F");
  EXPECT_THAT(bench.answers(), ElementsAre("15"));
  EXPECT_THAT(bench.sink.delivered, IsEmpty());
  bench.send(kFrame);
  EXPECT_THAT(bench.answers(), ElementsAre("15", "06"));
}

// spi-e4: a letter where a digit belongs, with the right checksum. Asking again would not help.
TEST(VitalographSession, AnIntactFrameThatNobodyCanReadIsKeptAndAcknowledged) {
  VitalographBench bench;
  bench.start();
  std::string odd = kFrame;
  odd.replace(odd.size() - 2, 2, "1C");
  odd.replace(2 * 25, 2, "41");
  bench.send("024654443030303031323934303634353033313033363341393930393134303433383034363030393630"
             "393830383030363030353032343034323431313130333030313034031C");
  EXPECT_THAT(bench.answers(), ElementsAre("06"));
  EXPECT_EQ(bench.sink.committed.size(), 1U);
}

TEST(VitalographSession, AnAnswerWaitsForACreditOfTheDevice) {
  VitalographBench bench;
  bench.start("00");
  bench.send(kFrame);
  EXPECT_THAT(bench.answers(), IsEmpty());
  bench.client.notify(std::string(kVitalographTakeCreditsUuid), std::string_view("01"));
  EXPECT_THAT(bench.answers(), ElementsAre("06"));
}

TEST(VitalographSession, CreditsAreRefilledBeforeTheyRunOut) {
  VitalographBench bench;
  bench.start("FF");
  for (int i = 0; i < 40; ++i) bench.send(kFrame);
  const auto grants = std::ranges::count_if(bench.client.journal, [](const std::string& line) {
    return line.starts_with("write " + std::string(kVitalographGiveCreditsUuid));
  });
  EXPECT_GE(grants, 3);
  EXPECT_EQ(bench.sink.committed.size(), 40U);
}

TEST(VitalographSession, AFrameThatStopsHalfwayIsAskedForAgain) {
  VitalographBench bench;
  bench.start();
  bench.send(kFrame.substr(0, 60));
  bench.time.pass(Milliseconds(10'000));
  EXPECT_THAT(bench.answers(), ElementsAre("15"));
  bench.send(kFrame);
  EXPECT_EQ(bench.sink.committed.size(), 1U);
}

/// A Contec that answers by itself.
class ContecBench : public Bench {
 public:
  ContecBench() {
    client.present = {"FF01", "FF02"};
    client.onWrite = [this](const std::string&, const std::string& hex) { serve(hex); };
  }
  void start() {
    Bench::start([](const SessionPorts& to) { return makeContecSession(to); });
  }
  std::vector<std::string> commands() const {
    std::vector<std::string> out;
    for (const std::string& line : client.journal) {
      if (line.starts_with("write FF01 ")) out.push_back(line.substr(11));
    }
    return out;
  }
  void send(const std::string& hex) {
    for (std::size_t at = 0; at < hex.size(); at += 40) {
      client.notify("FF02", std::string_view(hex).substr(at, 40));
    }
  }
  unsigned records = 2;

 private:
  void serve(const std::string& hex) {
    if (hex == "8000") send("F000");
    if (hex.starts_with("83")) send("F30000");
    if (hex == "8202") send("F2" + std::string(14, '0'));
    if (hex == "9414") send("E4" + std::string(44, '0'));
    if (hex == "9010") send("E00" + std::to_string(records) + std::string(16, '0'));
    if (hex == "91000112" || hex == "91010113") send(kRecord);
    if (hex == "920012") send("E201000200" + std::string(32, '0'));  // two samples
  }
};

TEST(ContecSession, FollowsTheKnownOrderAndFinishesWithKeep) {
  ContecBench bench;
  bench.settings.maySetClock = true;
  bench.start();
  // 26-03-24 09:00:00, checksum behind.
  EXPECT_THAT(bench.commands(),
              ElementsAre("8000", "831A03180900000000" "41", "8202", "9414", "9010", "91000112",
                          "920012", "91010113", "920012", "917E0110"));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre(kRecord, kRecord));
  EXPECT_TRUE(bench.sink.committed[0].isStored);
  EXPECT_EQ(bench.sink.committed[0].characteristic, "FF02");
}

TEST(ContecSession, TheNextRecordIsAskedForAfterTheCommitAndNotBefore) {
  ContecBench bench;
  bench.sink.isHolding = true;
  bench.start();
  EXPECT_EQ(bench.commands().back(), "91000112");
  bench.time.pass(Milliseconds(9'000));
  EXPECT_EQ(bench.commands().back(), "91000112");
  bench.sink.settle();
  EXPECT_EQ(bench.commands().back(), "91010113");
}

TEST(ContecSession, ARecordThatCouldNotBeStoredIsTheLastThatIsAskedFor) {
  ContecBench bench;
  bench.sink.failAt = 0;
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
  EXPECT_THAT(bench.commands(), Not(Contains(StartsWith("92"))));
  EXPECT_THAT(bench.commands(), Not(Contains("917E0110")));
}

TEST(ContecSession, AnEmptyOneIsANormalEnd) {
  ContecBench bench;
  bench.records = 0;
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.commands().back(), "9010");
}

TEST(ContecSession, OneThatFallsSilentIsGivenUp) {
  ContecBench bench;
  bench.client.onWrite = nullptr;
  bench.start();
  bench.time.pass(Milliseconds(10'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kTimedOut);
}

TEST(ContecSession, ALinkThatIsLostBeforeTheEndIsToldSo) {
  ContecBench bench;
  bench.client.onWrite = nullptr;
  bench.start();
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kLinkLost);
}

}  // namespace
}  // namespace vardnav::ble
