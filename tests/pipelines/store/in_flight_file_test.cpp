// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/in_flight_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::store {
namespace {

RawRecord record() {
  RawRecord record;
  record.device = DeviceId("C0:FF:EE:00:00:01");
  record.characteristic = "2A18";
  record.bytes = {0x00, 0xFF, 0x0A};
  record.recordNumber = 7;
  record.clock =
      ClockReading{{DeviceTime::Timeline::kUtc, parseIsoLocal("2026-04-24T11:11:30").value()},
                   test::kMorning,
                   Milliseconds(900)};
  record.receivedAt = test::kMorning;
  record.isStored = true;
  record.isHubClockTrusted = false;
  return record;
}

hub::InFlight example() { return {{{record(), 1}}, 1, false, 41, 3}; }

void expectIsTheRecord(const RawRecord& left) {
  EXPECT_EQ(left.device, record().device);
  EXPECT_EQ(left.characteristic, "2A18");
  EXPECT_EQ(left.bytes, record().bytes);
  EXPECT_EQ(left.context, Bytes{});
  EXPECT_EQ(left.recordNumber, 7U);
  EXPECT_EQ(left.clock->device, record().clock->device);
  EXPECT_EQ(left.clock->hub, test::kMorning);
  EXPECT_EQ(left.clock->uncertainty, Milliseconds(900));
  EXPECT_EQ(left.receivedAt, test::kMorning);
  EXPECT_TRUE(left.isStored);
  EXPECT_FALSE(left.isHubClockTrusted);
}

/// example(), committing, as hubs wrote it that took records in one by one.
std::string fromOlderHub() {
  const Bytes octets =
      fromHex(
          "564E4946310A000000013200000002343100000001330000001143303A46463A45453A30303A3030"
          "3A303100000004324131380000000300FF0A0000000000000001370000000D313739353531343430"
          "30303030000000013000000001310000000131000000037574630000000A31373737303239303930"
          "0000000D3137393535313434303030303000000003393030FFEDD3CF34CD7060F7560BA4DC2898F2"
          "C24DC70EF96F6C2099D2C9E061D0D32A43")
          .value();
  return {octets.begin(), octets.end()};
}

class InFlightFileTest : public testing::Test {
 protected:
  std::unique_ptr<InFlightFile> open() { return InFlightFile::open(path_).value(); }
  test::TemporaryDirectory directory_;
  std::string path_ = directory_ / "in-flight";
};

TEST_F(InFlightFileTest, LeavesTheWholeNoteToTheNextProcess) {
  ASSERT_TRUE(open()->set(example()));
  const auto left = open()->left().value();
  ASSERT_TRUE(left);
  EXPECT_EQ(left->captureCounter, 41U);
  EXPECT_EQ(left->clockPeriod, 3);
  EXPECT_EQ(left->tried, 1U);
  ASSERT_EQ(left->records.size(), 1U);
  EXPECT_EQ(left->records[0].ended, 1);
  expectIsTheRecord(left->records[0].record);
}

TEST_F(InFlightFileTest, LeavesEveryRecordOfABatchInItsOrder) {
  RawRecord bare;
  bare.bytes = {0x01};
  ASSERT_TRUE(open()->set({{{bare, 0}, {record(), 2}, {bare, 1}}, 2, false, 0, std::nullopt}));
  const auto left = open()->left().value();
  ASSERT_TRUE(left);
  EXPECT_EQ(left->tried, 2U);
  EXPECT_FALSE(left->clockPeriod);
  ASSERT_EQ(left->records.size(), 3U);
  EXPECT_EQ(left->records[0].record.bytes, bare.bytes);
  EXPECT_FALSE(left->records[0].record.clock);
  EXPECT_FALSE(left->records[0].record.recordNumber);
  expectIsTheRecord(left->records[1].record);
  EXPECT_EQ(left->records[1].ended, 2);
  EXPECT_EQ(left->records[2].ended, 1);
}

TEST_F(InFlightFileTest, ReadsTheNoteThatAnOlderHubLeft) {
  std::ofstream(path_, std::ios::binary) << fromOlderHub();
  const auto left = open()->left().value();
  ASSERT_TRUE(left);
  EXPECT_EQ(left->captureCounter, 41U);
  EXPECT_EQ(left->clockPeriod, 3);
  EXPECT_EQ(left->tried, 1U);
  EXPECT_TRUE(left->isCommitting);
  ASSERT_EQ(left->records.size(), 1U);
  EXPECT_EQ(left->records[0].ended, 1) << "it was the second attempt";
  expectIsTheRecord(left->records[0].record);
}

TEST_F(InFlightFileTest, TellsWhetherOnlyTheCommitWasLeft) {
  const auto file = open();
  ASSERT_TRUE(file->setCommitting()) << "nothing is noted: nothing to do";
  EXPECT_FALSE(file->left().value());
  ASSERT_TRUE(file->set(example()));
  EXPECT_FALSE(open()->left().value()->isCommitting);
  ASSERT_TRUE(file->setCommitting());
  EXPECT_TRUE(open()->left().value()->isCommitting);
  ASSERT_TRUE(file->set(example()));
  EXPECT_FALSE(open()->left().value()->isCommitting);
}

TEST_F(InFlightFileTest, LeavesNothingOnceItIsCleared) {
  const auto file = open();
  EXPECT_FALSE(file->left().value());
  ASSERT_TRUE(file->set(example()));
  ASSERT_TRUE(file->clear());
  EXPECT_FALSE(file->left().value());
}

TEST_F(InFlightFileTest, AShorterNoteReplacesALongerOne) {
  const auto file = open();
  hub::InFlight longer = example();
  longer.records.push_back({record(), 0});
  ASSERT_TRUE(file->set(longer));
  ASSERT_TRUE(file->set(example()));
  EXPECT_EQ(open()->left().value()->records.size(), 1U);
}

TEST_F(InFlightFileTest, TakesADamagedNoteForNone) {
  ASSERT_TRUE(open()->set(example()));
  std::ifstream file(path_, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(file), {});
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << damaged;
    EXPECT_FALSE(open()->left().value()) << "octet " << i;
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << whole.substr(0, i);
    EXPECT_FALSE(open()->left().value()) << "cut to " << i;
  }
}

TEST_F(InFlightFileTest, SaysWhichFileItCannotOpen) {
  const auto opened = InFlightFile::open(directory_ / "missing/in-flight");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().context.find("missing/in-flight"), std::string::npos);
}

}  // namespace
}  // namespace vardnav::store
