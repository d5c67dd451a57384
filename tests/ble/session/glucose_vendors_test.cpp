// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What vendors' meters want beyond the profile, and the count check.
#include <gmock/gmock.h>

#include "tests/ble/session/glucose_bench.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(GlucoseCount, ARightCountEndsTheTransfer) {
  GlucoseBench bench;
  bench.options.checksCount = true;
  bench.records = {0, 1, 2};
  bench.count = 3;
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0101", "0401"));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->detail, "");
}

TEST(GlucoseCount, MoreThanHaveComeAreAskedForOnceMoreFromTheSameNumber) {
  GlucoseBench bench;
  bench.options.checksCount = true;
  bench.sink.cursor = 40;
  bench.records = {41, 42, 43};
  bench.count = 4;
  bench.start();
  EXPECT_THAT(bench.requests(),
              ElementsAre("0103012900", "0403012900", "0103012900", "0403012900"));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted) << "some meters count wrongly";
  EXPECT_THAT(bench.report->detail, HasSubstr("counts 4 records and gave 3"));
}

TEST(GlucoseCount, AMeterThatDoesNotAnswerIsLetGo) {
  GlucoseBench bench;
  bench.options.checksCount = true;
  bench.records = {0};
  bench.start();
  EXPECT_FALSE(bench.isDone());
  bench.time.pass(Milliseconds(5'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->committed, 1U);
}

TEST(GlucoseCount, ARefusalToCountIsNoFault) {
  GlucoseBench bench;
  bench.options.checksCount = true;
  bench.records = {0};
  bench.start();
  bench.client.notify("2A52", std::string_view("06000402"));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
}

TEST(GlucoseVendors, AClockIsSetOnlyWhenAllHasCome) {
  GlucoseBench bench;
  bench.options.clock = {ClockSetting::When::kAfterRecords, "2A08", ClockLayout::kDateTime};
  bench.settings.maySetClock = true;
  bench.records = {0, 1};
  bench.start();
  EXPECT_THAT(bench.client.journal,
              ElementsAre("listen", "subscribe 2A18", "subscribe 2A34", "subscribe 2A52",
                          "read 2A08", "write 2A52 0101", "write 2A08 EA070318090000",
                          "disconnect"));
  EXPECT_TRUE(bench.report->clockWasSet);
  for (const RawRecord& record : bench.sink.committed) {
    EXPECT_EQ(toIso(record.clock->device.at), "2019-08-21T06:31:13") << "as it was before";
  }
}

TEST(GlucoseVendors, AFailedTransferLeavesTheClockAlone) {
  GlucoseBench bench;
  bench.options.clock = {ClockSetting::When::kAfterRecords, "2A08", ClockLayout::kDateTime};
  bench.settings.maySetClock = true;
  bench.answer = "06000108";  // not completed
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kRefused);
  EXPECT_FALSE(bench.report->clockWasSet);
}

TEST(GlucoseVendors, WithoutStableNumbersEveryPullIsWholeAndHasNone) {
  GlucoseBench bench;
  bench.options = {.recordNumbersStable = false, .dialect = "taidoc"};
  bench.client.present.erase("2A08");
  bench.sink.cursor = 449;
  bench.records = {0, 1};
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0101"));
  ASSERT_EQ(bench.sink.committed.size(), 2U);
  EXPECT_EQ(bench.sink.committed[0].characteristic, "2A18/taidoc");
  EXPECT_FALSE(bench.sink.committed[0].recordNumber);
}

class CareSensBench : public GlucoseBench {
 public:
  CareSensBench() {
    client.present = {"2A18", "2A34", "2A52", "FFF1"};
    options = {.dialect = "caresens",
               .contextDecides = true,
               .clock = {ClockSetting::When::kAfterRecords, "FFF1", ClockLayout::kCareSens},
               .alsoSubscribe = "FFF1"};
    settings.maySetClock = true;
  }
};

TEST(GlucoseVendors, CareSensTakesItsTimeOverItsOwnService) {
  CareSensBench bench;
  bench.records = {7};
  bench.start();
  EXPECT_THAT(bench.client.journal,
              ElementsAre("listen", "subscribe 2A18", "subscribe 2A34", "subscribe 2A52",
                          "subscribe FFF1", "write 2A52 0101",
                          "write FFF1 C0030100EA070318090000", "disconnect"));
  EXPECT_EQ(bench.sink.committed.at(0).characteristic, "2A18/caresens");
}

// Ketone or glucose? Without its context nobody can say; the meter still has it.
TEST(GlucoseVendors, ARecordWhoseContextWasLostWithTheLinkIsLeftOnTheMeter) {
  CareSensBench bench;
  bench.isSilent = true;
  bench.start();
  bench.client.notify("2A18", measurement(5, true));
  bench.client.drop();
  EXPECT_TRUE(bench.sink.committed.empty());
  EXPECT_EQ(bench.report->leftOnDevice, 1U);
}

TEST(GlucoseVendors, AMonthThatIsNoneDoesNotPartARecordFromItsContext) {
  CareSensBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.start();
  Bytes record = measurement(5, true);
  record[5] = 13;
  bench.client.notify("2A18", record);
  bench.client.notify("2A34", context(5));
  ASSERT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_EQ(bench.sink.committed[0].context, context(5));
}

TEST(GlucoseVendors, RecordsNotifiedTwiceAreDeliveredAsTheyCome) {
  CareSensBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.start();
  for (const int number : {5, 5, 6, 6}) {
    bench.client.notify("2A18", measurement(static_cast<std::uint16_t>(number)));
  }
  bench.client.notify("2A52", std::string_view("06000101"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(5, 5, 6, 6));
  EXPECT_EQ(bench.sink.cursor, 6U);
}

}  // namespace
}  // namespace vardnav::ble
