// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A scale that two people share (User Data Service): consent for each, and whose a body
// composition is.
#include <gmock/gmock.h>

#include "ble/session/measurement_session.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// tests/data/ble_vectors.jsonl: wss-09 with user 2, bcs-08 of a Beurer scale.
constexpr std::string_view kWeightOfTwo = "04881302";
constexpr std::string_view kBody = "9803F300962389014042FA2F550F";
constexpr std::string_view kPlaceholder = "98030000000000000000000000000000";

class SharedScale : public Bench {
 public:
  SharedScale() {
    client.present = {"2A2B", "2A9D", "2A9C", "2A9F"};
    client.readable["2A2B"] = *fromHex("E7070C190E2000010000");
    settings.consents = {{1, 3752}, {2, 17}};
    settings.maySetClock = true;
    client.onWrite = [this](const std::string& uuid, const std::string& hex) {
      if (uuid != "2A9F" || isSilent) return;
      client.notify("2A9F", std::string_view(hex == refused ? "200205" : "200201"));
      if (onConsent) onConsent(hex);
    };
    options.sources = {"2A9D", "2A9C"};
    options.clock = {ClockSetting::When::kBeforeRecords, "2A2B", ClockLayout::kCurrentTime, true};
  }
  void start() {
    Bench::start([this](const SessionPorts& to) { return makeMeasurementSession(to, options); });
  }

  MeasurementOptions options;
  std::string refused;
  bool isSilent = false;
  std::function<void(const std::string& hex)> onConsent;
};

TEST(SharedScale, SetsTheClockThenSubscribesThenConsentsForEachInTurn) {
  SharedScale bench;
  bench.start();
  EXPECT_THAT(
      bench.client.journal,
      ElementsAre("listen", "read 2A2B", "write 2A2B EA070318090000020001", "subscribe 2A9D",
                  "subscribe 2A9C", "subscribe 2A9F", "write 2A9F 0201A80E"));
  bench.time.pass(Milliseconds(3'000));
  EXPECT_EQ(bench.client.journal.back(), "write 2A9F 02021100");
  bench.time.pass(Milliseconds(60'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
}

TEST(SharedScale, TheNextOnesTurnComesWhenTheFirstOnesRecordsHaveCome) {
  SharedScale bench;
  bench.start();
  bench.time.pass(Milliseconds(2'900));
  bench.client.notify("2A9D", std::string_view("04881301"));
  bench.time.pass(Milliseconds(2'900));
  EXPECT_EQ(bench.client.journal.back(), "write 2A9F 0201A80E");
  bench.time.pass(Milliseconds(100));
  EXPECT_EQ(bench.client.journal.back(), "write 2A9F 02021100");
}

TEST(SharedScale, ABodyCompositionCarriesTheWeightBeforeIt) {
  SharedScale bench;
  bench.start();
  bench.client.notify("2A9D", kWeightOfTwo);
  bench.client.notify("2A9C", kPlaceholder);
  bench.client.notify("2A9C", kBody);
  ASSERT_EQ(bench.sink.committed.size(), 3U) << "the placeholder's octets are kept too";
  EXPECT_EQ(toHex(bench.sink.committed[2].context), kWeightOfTwo);
}

TEST(SharedScale, OneOfAnotherWeighingDoesNot) {
  SharedScale bench;
  bench.settings.consents = {{1, 3752}};
  bench.start();
  bench.client.notify("2A9D", kWeightOfTwo);
  bench.time.pass(Milliseconds(15'000));
  bench.client.notify("2A9F", std::string_view("00"));  // keeps nothing alive
  bench.client.notify("2A9D", std::string_view("FFFFFFFF"));
  bench.time.pass(Milliseconds(29'999));
  bench.client.notify("2A9C", kBody);
  EXPECT_EQ(toHex(bench.sink.committed.back().context), "FFFFFFFF");
}

TEST(SharedScale, WhatNamesNobodyIsTheOnlyOnesThereWasConsentFor) {
  SharedScale bench;
  bench.start();
  bench.client.notify("2A9D", std::string_view("00B036"));
  EXPECT_EQ(toHex(bench.sink.committed.at(0).context), "01");
  bench.time.pass(Milliseconds(3'000));  // the second one's turn: now it may be either
  bench.client.notify("2A9D", std::string_view("00B136"));
  EXPECT_THAT(bench.sink.committed.at(1).context, IsEmpty());
}

TEST(SharedScale, WhatNamesNobodyIsNobodysOnceAnotherWasAskedForWhateverTheAnswer) {
  for (const bool isSilent : {false, true}) {
    SharedScale bench;
    bench.refused = "02021100";
    bench.start();
    bench.isSilent = isSilent;
    bench.time.pass(Milliseconds(3'000));
    ASSERT_EQ(bench.client.journal.back(), "write 2A9F 02021100");
    bench.client.notify("2A9D", std::string_view("00B136"));
    EXPECT_THAT(bench.sink.committed.at(0).context, IsEmpty()) << isSilent;
  }
}

TEST(SharedScale, ARefusedConsentIsToldWithoutItsCodeAndTheOthersAreAskedFor) {
  SharedScale bench;
  bench.refused = "0201A80E";
  bench.start();
  bench.time.pass(Milliseconds(60'000));
  EXPECT_THAT(bench.client.journal, Contains("write 2A9F 02021100"));
  EXPECT_EQ(bench.report->outcome, Outcome::kRefused);
  EXPECT_THAT(bench.report->detail, HasSubstr("user 1"));
  EXPECT_THAT(bench.report->detail, Not(HasSubstr("3752")));
}

TEST(SharedScale, AnUnansweredConsentDoesNotKeepTheOthersWaiting) {
  SharedScale bench;
  bench.isSilent = true;
  bench.start();
  bench.time.pass(Milliseconds(10'000));
  EXPECT_EQ(bench.client.journal.back(), "write 2A9F 02021100");
}

TEST(SharedScale, WithoutACodeItSaysWhatToEnter) {
  SharedScale bench;
  bench.settings.consents.clear();
  bench.start();
  EXPECT_THAT(bench.client.journal, Not(Contains(StartsWith("write 2A9F"))));
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kRefused);
  EXPECT_THAT(bench.report->detail, HasSubstr("consent_code"));
}

// What is indicated right behind the consent, before anything else can be done about it.
TEST(SharedScale, IndicationsAreCommittedBeforeTheNextConsentIsWritten) {
  SharedScale bench;
  bench.onConsent = [&](const std::string& hex) {
    if (hex == "0201A80E") bench.client.notify("2A9D", std::string_view("04881301"));
  };
  bench.start();
  EXPECT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_EQ(bench.client.journal.back(), "write 2A9F 0201A80E");
}

}  // namespace
}  // namespace vardnav::ble
