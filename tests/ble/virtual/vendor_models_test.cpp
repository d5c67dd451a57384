// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The devices with manners of their own: lung monitor, Contec spirometer, glucose sensor, and the
// makes of meters that have no clock to read.
#include <gtest/gtest.h>

#include "ble/gatt/cgm_measurement.h"
#include "ble/gatt/contec_record.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/vitalograph_frame.h"
#include "ble/virtual/contec_spirometer.h"
#include "ble/virtual/glucose_meter.h"
#include "ble/virtual/glucose_sensor.h"
#include "ble/virtual/lung_monitor.h"

namespace vardnav::ble::virtual_home {
namespace {

const UtcTime kStart = *parseRfc3339("2026-11-24T10:00:00Z");
const DeviceClock kClock(*parseIsoLocal("2026-11-24T11:00:00"), kStart);
constexpr Link kBonded{true};
constexpr Link kOpen{};
constexpr std::uint16_t kMtu = 23;

Decimal decimal(const char* text) { return *Decimal::parse(text); }

/// What goes out now, joined by characteristic; the last record of it.
struct Heard {
  Bytes octets;
  std::size_t values = 0;
  std::optional<SentRecord> record;
};
Heard listen(DeviceModel& device) {
  Heard heard;
  while (const auto sent = device.takeNext()) {
    heard.octets.insert(heard.octets.end(), sent->value.begin(), sent->value.end());
    ++heard.values;
    if (sent->record) heard.record = sent->record;
  }
  return heard;
}

// ---- lung monitor ----

constexpr const char* kTell = "00000001-0000-1000-8000-008025000000";
constexpr const char* kData = "00000002-0000-1000-8000-008025000000";
constexpr const char* kGive = "00000003-0000-1000-8000-008025000000";
constexpr const char* kTake = "00000004-0000-1000-8000-008025000000";

class LungMonitorTest : public testing::Test {
 protected:
  void SetUp() override {
    device_.hold(MonitorBlow{decimal("2.84"), decimal("3.60"), decimal("402")}, kStart);
    device_.hold(MonitorBlow{decimal("2.61"), decimal("3.50"), decimal("377"), false}, kStart);
  }
  void meet(const char* credits = "40") {
    ASSERT_TRUE(device_.subscribe(kTake, true, kOpen));
    ASSERT_EQ(toHex(device_.takeNext()->value), "08") << "credits for the answers";
    ASSERT_TRUE(device_.subscribe(kData, true, kOpen));
    EXPECT_FALSE(device_.takeNext()) << "before it is given credits";
    ASSERT_TRUE(device_.write(kGive, *fromHex(credits), kOpen, kStart));
  }
  void answer(std::uint8_t octet) {
    ASSERT_TRUE(device_.write(kTell, Bytes{octet}, kOpen, kStart));
  }
  LungMonitor device_{kMtu};
};

TEST_F(LungMonitorTest, SendsTheNextFrameOnlyAfterAnAck) {
  meet();
  const Heard first = listen(device_);
  const auto frame = gatt::decodeVitalographMonitorFrame(first.octets);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->value.blow.fev1Litre, decimal("2.84"));
  EXPECT_EQ(frame->value.blow.ratio, decimal("0.79"));
  EXPECT_EQ(first.values, 4U) << "71 octets in pieces of 20";
  EXPECT_EQ(first.record->bytes, first.octets);
  EXPECT_FALSE(device_.takeNext());
  answer(gatt::kVitalographAck);
  const Heard second = listen(device_);
  EXPECT_FALSE(gatt::decodeVitalographMonitorFrame(second.octets)->value.blow.isGood);
  EXPECT_FALSE(second.record->counts) << "a bad blow";
  answer(gatt::kVitalographAck);
  EXPECT_FALSE(device_.hasUncollected());
}

TEST_F(LungMonitorTest, SendsAnewWhatIsAnsweredWithNakOrNotAtAll) {
  meet();
  const Heard first = listen(device_);
  answer(gatt::kVitalographNak);
  EXPECT_EQ(listen(device_).octets, first.octets);
  device_.linkLost();
  EXPECT_TRUE(device_.hasUncollected());
  meet();
  EXPECT_EQ(listen(device_).octets, first.octets);
}

TEST_F(LungMonitorTest, GarblesOneFrameOnRequestWhichIsNobodysRecord) {
  device_.garbleNext();
  meet();
  const Heard garbled = listen(device_);
  EXPECT_EQ(gatt::decodeVitalographMonitorFrame(garbled.octets).error(), gatt::Fault::kBadChecksum);
  EXPECT_FALSE(garbled.record);
  answer(gatt::kVitalographNak);
  EXPECT_TRUE(gatt::decodeVitalographMonitorFrame(listen(device_).octets));
}

TEST_F(LungMonitorTest, SpendsCreditsBothWays) {
  meet("02");
  EXPECT_EQ(listen(device_).values, 2U) << "of the four pieces";
  ASSERT_TRUE(device_.write(kGive, *fromHex("02"), kOpen, kStart));
  EXPECT_EQ(listen(device_).values, 2U);
  ASSERT_TRUE(device_.write(kGive, *fromHex("F0"), kOpen, kStart));
  for (int i = 0; i < 5; ++i) {
    answer(gatt::kVitalographNak);
    EXPECT_EQ(listen(device_).values, 4U) << i;
  }
  answer(gatt::kVitalographNak);
  EXPECT_EQ(device_.takeNext()->characteristic, kTake) << "few are left: it gives more";
}

TEST_F(LungMonitorTest, HearsNoAnswerThatNoCreditWasSpentFor) {
  ASSERT_TRUE(device_.subscribe(kData, true, kOpen));
  ASSERT_TRUE(device_.write(kGive, *fromHex("40"), kOpen, kStart));
  listen(device_);
  answer(gatt::kVitalographAck);
  EXPECT_EQ(device_.unsent(), 1U);
  EXPECT_FALSE(device_.takeNext());
}

// ---- Contec ----

class ContecTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* fev1 : {"2.84", "2.71"}) {
      device_.hold(ContecBlow{decimal(fev1), decimal("3.90"), decimal("6.70")}, kStart);
    }
    ASSERT_TRUE(device_.subscribe("FF02", true, kOpen));
  }
  Heard tell(const char* command) {
    EXPECT_TRUE(device_.write("FF01", *fromHex(command), kOpen, kStart));
    return listen(device_);
  }
  ContecSpirometer device_{kClock, kMtu};
};

TEST_F(ContecTest, GivesItsRecordsInTheOrderOfTheApplication) {
  EXPECT_EQ(toHex(tell("8000").octets), "F070");
  EXPECT_EQ(tell("8202").octets.size(), 8U);
  EXPECT_EQ(tell("9414").octets.size(), 23U);
  EXPECT_EQ(toHex(tell("9010").octets).substr(0, 6), "E00200");
  const Heard first = tell("91000112");
  EXPECT_EQ(first.values, 3U);
  const auto record = gatt::decodeContecRecord(first.octets);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->value.fev1Litre, decimal("2.84"));
  EXPECT_EQ(record->value.ratioPercent, decimal("72.8"));
  EXPECT_EQ(toIso(*record->value.time.local()), "2026-11-24T11:00:00");
  EXPECT_EQ(first.record->bytes, first.octets);
  EXPECT_EQ(tell("920012").octets.size(), 5U + 12U * 8U);
  EXPECT_EQ(gatt::decodeContecRecord(tell("91010113").octets)->value.fev1Litre, decimal("2.71"));
  EXPECT_EQ(tell("91010113").octets[1], 126U) << "there is no third";
}

TEST_F(ContecTest, IsCollectedWhenTheClientGoesOnAndKeepsItAll) {
  tell("91000112");
  tell("91010113");
  EXPECT_TRUE(device_.hasUncollected()) << "the second may not be stored yet";
  device_.linkLost();
  EXPECT_TRUE(device_.hasUncollected());
  ASSERT_TRUE(device_.subscribe("FF02", true, kOpen));
  tell("91000112");
  tell("91010113");
  tell("917E0110");
  EXPECT_FALSE(device_.hasUncollected());
  EXPECT_EQ(toHex(tell("9010").octets).substr(0, 6), "E00200");
}

TEST_F(ContecTest, ForgetsWhereItIsToldTo) {
  tell("91000112");
  tell("917F0111");
  EXPECT_EQ(toHex(tell("9010").octets).substr(0, 6), "E00000");
  EXPECT_EQ(tell("91000112").octets[1], 126U);
}

TEST_F(ContecTest, AnswersNothingWithAWrongChecksum) {
  EXPECT_EQ(tell("8001").values, 0U);
  EXPECT_EQ(tell("80").values, 0U);
}

TEST_F(ContecTest, StampsInAClockThatCanBeSet) {
  EXPECT_EQ(tell("831A0B1908000A000053").octets.front(), 0xF3);  // 2026-11-25 08:00:10
  device_.hold(ContecBlow{decimal("2.50"), decimal("3.90"), decimal("6.70")}, kStart);
  tell("91000112");
  tell("91010113");
  EXPECT_EQ(toIso(*tell("91010113").record->deviceTime), "2026-11-25T08:00:10");
}

// ---- glucose sensor ----

class GlucoseSensorTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const int ago : {10, 5}) {
      device_.hold(GlucoseValue{decimal("104")}, kStart - std::chrono::minutes{ago});
    }
  }
  void subscribe() {
    for (const char* uuid : {"2AA7", "2A52", "2AAC"}) {
      ASSERT_TRUE(device_.subscribe(uuid, true, kBonded));
    }
  }
  GlucoseSensor device_{kClock, kStart};
};

TEST_F(GlucoseSensorTest, SaysWhenItBeganAndHowFarItIs) {
  const auto start = gatt::decodeCgmSessionStart(*device_.read("2AAA", kOpen, kStart));
  ASSERT_TRUE(start);
  EXPECT_EQ(toIso(*start->value.time.local()), "2026-11-14T11:00:00");
  const auto status = *device_.read("2AA9", kOpen, kStart + std::chrono::minutes{2});
  EXPECT_EQ(toHex(status), "4238000000") << "14,402 minutes";
}

TEST_F(GlucoseSensorTest, GivesItsRecordsByTheirMinute) {
  EXPECT_FALSE(device_.subscribe("2AA7", true, kOpen)) << "without a bond";
  subscribe();
  EXPECT_FALSE(device_.takeNext()) << "they are not live";
  ASSERT_TRUE(device_.write("2A52", *fromHex("0103013B38"), kBonded, kStart));  // from 14,395
  const auto sent = device_.takeNext();
  const auto decoded = gatt::decodeCgmMeasurement(sent->value);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->value.records[0].offset, std::chrono::minutes{14'395});
  EXPECT_EQ(decoded->value.records[0].glucose, decimal("104"));
  EXPECT_EQ(toIso(*sent->record->deviceTime), "2026-11-24T10:55:00");
  EXPECT_EQ(toHex(device_.takeNext()->value), "06000101");
}

TEST_F(GlucoseSensorTest, TellsAValueTheMomentItIsMeasured) {
  subscribe();
  device_.hold(GlucoseValue{decimal("98")}, kStart);
  ASSERT_TRUE(device_.takeNext()->record);
  EXPECT_FALSE(device_.takeNext());
  EXPECT_TRUE(device_.hasUncollected()) << "nothing says that it was stored";
  ASSERT_TRUE(device_.write("2A52", *fromHex("0103014138"), kBonded, kStart));
  EXPECT_FALSE(device_.hasUncollected()) << "whoever asks above the last has it";
}

TEST_F(GlucoseSensorTest, IsNeitherStartedNorStopped) {
  subscribe();
  for (const auto& [asked, answered] :
       {std::pair{"1A", "1C1A02"}, {"1B", "1C1B02"}, {"02", "0305"}}) {
    ASSERT_TRUE(device_.write("2AAC", *fromHex(asked), kBonded, kStart));
    EXPECT_EQ(toHex(device_.takeNext()->value), answered);
  }
}

// ---- makes of meters ----

void askForAll(GlucoseMeter& meter) {
  for (const char* uuid : {"2A18", "2A34", "2A52"}) {
    ASSERT_TRUE(meter.subscribe(uuid, true, kBonded));
  }
  ASSERT_TRUE(meter.write("2A52", *fromHex("0101"), kBonded, kStart));
}

TEST(CareSensModel, MarksAKetoneResultByMealSix) {
  GlucoseMeter meter(kClock, std::chrono::minutes{0}, Make::kCareSens);
  meter.hold(KetoneValue{decimal("1.6")}, kStart);
  askForAll(meter);
  for (int i = 0; i < 2; ++i) {  // it says each record twice
    const auto sent = meter.takeNext();
    const auto measured = gatt::decodeGlucoseMeasurement(sent->value);
    ASSERT_TRUE(measured);
    EXPECT_EQ(measured->value.quantity(), (Quantity{decimal("1.6"), Unit::kMillimolePerLitre}));
    EXPECT_TRUE(measured->value.contextFollows);
    const auto context = gatt::decodeGlucoseContext(meter.takeNext()->value);
    ASSERT_TRUE(context);
    EXPECT_EQ(context->value.meal, gatt::GlucoseContext::Meal{6});
    EXPECT_EQ(context->value.sequence, measured->value.sequence);
  }
  EXPECT_EQ(toHex(meter.takeNext()->value), "06000101");
}

// Its clock is a service of its own, where anyone but a bonded client is refused.
TEST(ContourModel, HasAClockThatCanBeSetAndNotRead) {
  constexpr const char* kContourClock = "00001026-0002-11e2-9e96-0800200c9a66";
  GlucoseMeter meter(kClock, std::chrono::minutes{0}, Make::kContour);
  EXPECT_FALSE(meter.read("2A08", kBonded, kStart));
  EXPECT_FALSE(meter.read(kContourClock, kBonded, kStart));
  const Bytes set = *fromHex("01EA070B180D00000000");  // 13:00
  EXPECT_EQ(meter.write(kContourClock, set, kOpen, kStart).error(),
            AttError::kInsufficientAuthentication);
  EXPECT_EQ(meter.write(kContourClock, *fromHex("01EA07"), kBonded, kStart).error(),
            AttError::kInvalidLength);
  ASSERT_TRUE(meter.write(kContourClock, set, kBonded, kStart));
  meter.hold(GlucoseValue{decimal("205")}, kStart);
  askForAll(meter);
  const auto sent = meter.takeNext();
  EXPECT_EQ(toIso(*sent->record->deviceTime), "2026-11-24T13:00:00");
  EXPECT_EQ(toIso(*gatt::decodeGlucoseMeasurement(sent->value)->value.baseTime.local()),
            "2026-11-24T11:00:00")
      << "only the offset moves";
  EXPECT_EQ(toHex(meter.takeNext()->value), "06000101") << "each record once";
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
