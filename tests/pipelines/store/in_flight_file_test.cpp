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

hub::InFlight example() {
  hub::InFlight inFlight;
  inFlight.attempt = 2;
  inFlight.captureCounter = 41;
  inFlight.clockPeriod = 3;
  inFlight.record.device = DeviceId("C0:FF:EE:00:00:01");
  inFlight.record.characteristic = "2A18";
  inFlight.record.bytes = {0x00, 0xFF, 0x0A};
  inFlight.record.recordNumber = 7;
  inFlight.record.clock =
      ClockReading{{DeviceTime::Timeline::kUtc, parseIsoLocal("2026-04-24T11:11:30").value()},
                   test::kMorning,
                   Milliseconds(900)};
  inFlight.record.receivedAt = test::kMorning;
  inFlight.record.isStored = true;
  inFlight.record.isHubClockTrusted = false;
  return inFlight;
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
  EXPECT_EQ(left->attempt, 2);
  EXPECT_EQ(left->captureCounter, 41U);
  EXPECT_EQ(left->clockPeriod, 3);
  EXPECT_EQ(left->record.device, example().record.device);
  EXPECT_EQ(left->record.characteristic, "2A18");
  EXPECT_EQ(left->record.bytes, example().record.bytes);
  EXPECT_EQ(left->record.context, Bytes{});
  EXPECT_EQ(left->record.recordNumber, 7U);
  EXPECT_EQ(left->record.clock->device, example().record.clock->device);
  EXPECT_EQ(left->record.clock->hub, test::kMorning);
  EXPECT_EQ(left->record.clock->uncertainty, Milliseconds(900));
  EXPECT_EQ(left->record.receivedAt, test::kMorning);
  EXPECT_TRUE(left->record.isStored);
  EXPECT_FALSE(left->record.isHubClockTrusted);
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
  longer.record.bytes = Bytes(400, 0x55);
  ASSERT_TRUE(file->set(longer));
  ASSERT_TRUE(file->set(example()));
  EXPECT_EQ(open()->left().value()->record.bytes, example().record.bytes);
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
