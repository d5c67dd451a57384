// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Every kind of device beyond meters and Generic Health Sensors, from captured payloads (and a few
// made from the layouts where nobody has captured one).
#include <gmock/gmock.h>

#include "tests/pipelines/intake/records.h"

namespace vardnav::intake {
namespace {

using namespace vardnav::test;
using testing::ElementsAre;

std::string words(const Observation& observation) {
  std::string out = std::string(nameOf(observation.code)) + " " + toString(observation.value) +
                    " " + std::string(ucumOf(observation.unit));
  for (const Flag flag : {Flag::kBadBlow, Flag::kPersonUnconfirmed, Flag::kClockFault,
                          Flag::kQuestionable, Flag::kControlSolution}) {
    if (observation.flags.has(flag)) out += " " + std::string(nameOf(flag));
  }
  return out;
}

std::vector<std::string> said(const RawRecord& record,
                              const std::vector<Binding>& bindings = bound()) {
  std::vector<std::string> out;
  const Interpretation understood = interpret(record, bindings);
  if (understood.reason != Reason::kNone) out.emplace_back(nameOf(understood.reason));
  for (const Observation& observation : understood.observations) out.push_back(words(observation));
  return out;
}

RawRecord anchored(RawRecord record, std::string_view device) {
  record.clock = clockAt(DeviceTime::Timeline::kLocal, device, "2026-11-24T09:59:00Z");
  return record;
}

std::vector<Binding> slots() {
  return {{kDevice, 1, PersonId("p-one"), utc("2000-01-01T00:00:00Z"), std::nullopt},
          {kDevice, 2, PersonId("p-two"), utc("2000-01-01T00:00:00Z"), std::nullopt}};
}

PersonId personOf(const RawRecord& record) {
  const auto understood = interpret(record, slots());
  return understood.reason == Reason::kNone ? understood.observations.at(0).person
                                            : PersonId(std::string(nameOf(understood.reason)));
}

TEST(BloodPressure, OneReadingHasAllItsValuesAndTheDevicesDoubt) {
  EXPECT_THAT(said(vectorOf("bls-09")), ElementsAre("systolic 120 mm[Hg]", "diastolic 80 mm[Hg]"))
      << "no mean was claimed";
  // User 1, movement, loose cuff, irregular pulse; the year is not known.
  auto record = vectorOf("bls-01");
  EXPECT_THAT(said(record, slots()), ElementsAre("systolic 138 mm[Hg] clock-fault questionable",
                                                 "diastolic 88 mm[Hg] clock-fault questionable",
                                                 "map 120 mm[Hg] clock-fault questionable",
                                                 "pulse 60 /min clock-fault questionable"));
  EXPECT_EQ(personOf(record), PersonId("p-one"));
}

TEST(BloodPressure, KilopascalsBecomeMillimetresOfMercury) {
  EXPECT_THAT(
      said(vectorOf("bls-02")),
      ElementsAre("systolic 141.76 mm[Hg] questionable", "diastolic 82.51 mm[Hg] questionable",
                  "map 119.26 mm[Hg] questionable", "pulse 60 /min questionable"));
}

TEST(BloodPressure, DiastolicAboveSystolicAndAFailedMeasurementAreNoReadings) {
  EXPECT_THAT(said(vectorOf("bls-05")), ElementsAre("malformed"));
  EXPECT_THAT(said(recordOf("2A35", "00FF07FF07FF07")), ElementsAre("no-value"));
  EXPECT_THAT(said(vectorOf("bls-e2")), ElementsAre("malformed"));
}

TEST(BloodPressure, AUserNobodyIsBoundToIsQuarantined) {
  auto record = vectorOf("bls-07");
  EXPECT_EQ(personOf(record), PersonId("p-one"));
  record.bytes[16] = 3;
  EXPECT_EQ(personOf(record), PersonId("unknown-user"));
  record.bytes[16] = 0xFF;
  EXPECT_EQ(personOf(record), PersonId("unknown-user"));
}

TEST(Oximeter, TellsSaturationAndPulse) {
  EXPECT_THAT(said(vectorOf("plx-07")), ElementsAre("spo2 98 %", "pulse 72 /min"));
  EXPECT_THAT(said(anchored(vectorOf("plx-02"), "2026-04-24T12:10:30")),
              ElementsAre("spo2 95 %", "pulse 60 /min"));
  EXPECT_EQ(
      interpret(anchored(vectorOf("plx-02"), "2026-04-24T12:10:30"), bound()).observations[0].at,
      utc("2026-11-24T08:59:00Z"));
  EXPECT_THAT(said(vectorOf("plx-05")),
              ElementsAre("spo2 97.5 % questionable", "pulse 72.9 /min questionable"));
}

TEST(Oximeter, WhatIsNoMeasurementOfAPatientIsRefused) {
  for (const std::string status : {"0004", "0008", "0010", "0020", "0080"}) {
    EXPECT_THAT(said(recordOf("2A5E", "0262004800" + status)), ElementsAre("no-value")) << status;
  }
  EXPECT_THAT(said(recordOf("2A5F", "0862004800000800")), ElementsAre("no-value")) << "not worn";
  EXPECT_THAT(said(recordOf("2A5F", "0862004800200000")),
              ElementsAre("spo2 98 % questionable", "pulse 72 /min questionable"))
      << "low perfusion";
  EXPECT_THAT(said(recordOf("2A5F", "00FF07FF07")), ElementsAre("no-value"));
  EXPECT_THAT(said(recordOf("2A5F", "006200FF07")), ElementsAre("spo2 98 %")) << "without a pulse";
}

TEST(Oximeter, AClockThatIsNotSetPlacesNothing) {
  auto record = anchored(vectorOf("plx-02"), "2026-04-24T12:10:30");
  record.bytes[0] |= 0x10;
  EXPECT_THAT(said(record), ElementsAre("spo2 95 % clock-fault", "pulse 60 /min clock-fault"));
}

TEST(Thermometer, FahrenheitBecomesCelsius) {
  EXPECT_THAT(said(recordOf("2A1C", "006C0100FF")), ElementsAre("temperature 36.4 Cel"));
  EXPECT_THAT(said(recordOf("2A1C", "01EC0300FF")), ElementsAre("temperature 38.00 Cel"));
  EXPECT_THAT(said(recordOf("2A1C", "046C0100FF04")),
              ElementsAre("temperature 36.4 Cel questionable"))
      << "a finger";
  EXPECT_THAT(said(recordOf("2A1C", "00FFFF7F00")), ElementsAre("no-value"));
}

TEST(HeartRate, IsAPulse) {
  EXPECT_THAT(said(recordOf("2A37", "0648")), ElementsAre("pulse 72 /min"));
  EXPECT_THAT(said(recordOf("2A37", "0448")), ElementsAre("no-value")) << "no contact";
  EXPECT_THAT(said(recordOf("2A37", "0000")), ElementsAre("no-value"));
}

TEST(BodyComposition, GivesFatAndWeightUnlessTheWeightCameBefore) {
  EXPECT_THAT(said(vectorOf("bcs-10")), ElementsAre("weight 80.000 kg", "body_fat 20.0 %"));
  EXPECT_THAT(said(vectorOf("bcs-11")), ElementsAre("weight 176.37 [lb_av]", "body_fat 20.0 %"));
  auto record = vectorOf("bcs-10");
  record.context = *fromHex("00803E");
  EXPECT_THAT(said(record), ElementsAre("body_fat 20.0 %"));
}

TEST(BodyComposition, IsWhoseTheWeightWas) {
  auto record = vectorOf("bcs-08");
  EXPECT_EQ(personOf(record), PersonId("unknown-user"));
  record.context = *fromHex("04881302");
  EXPECT_EQ(personOf(record), PersonId("p-two"));
  record.context = *fromHex("01");  // there was consent for user 1 alone
  EXPECT_EQ(personOf(record), PersonId("p-one"));
}

TEST(BodyComposition, APlaceholderAndAFailureAreNoReadings) {
  EXPECT_THAT(said(recordOf("2A9C", "98030000000000000000000000000000")), ElementsAre("no-value"));
  EXPECT_THAT(said(vectorOf("bcs-12")), ElementsAre("no-value"));
  EXPECT_THAT(said(vectorOf("bcs-e1")), ElementsAre("malformed"));
}

TEST(Scales, ConsentSaysWhoseAWeightIsThatNamesNobody) {
  auto record = recordOf("2A9D", "00B036");
  EXPECT_EQ(personOf(record), PersonId("unknown-user"));
  record.context = *fromHex("02");
  EXPECT_EQ(personOf(record), PersonId("p-two"));
  record = vectorOf("wss-09");  // user 2 by the scale's own word
  record.context = *fromHex("01");
  EXPECT_EQ(personOf(record), PersonId("p-two"));
}

// A&D, from before the service: 0.1 kg. 2025-04-23T13:58:30, by an emulator of the device.
TEST(Scales, OldAndScalesCountTenths) {
  auto record = recordOf("23434101-1fe4-1eff-80cb-00ff78297d8b", "021A03E90704170D3A1E");
  EXPECT_THAT(said(anchored(record, "2025-04-23T14:00:00")), ElementsAre("weight 79.4 kg"));
}

TEST(ScaleAdverts, AreAReadingOfNobodyInParticularAtTheTimeTheyWereHeard) {
  const auto record = vectorOf("adv-07");
  auto heard = record;
  heard.characteristic = "181B";
  EXPECT_THAT(said(heard), ElementsAre("weight 85.150 kg person-unconfirmed"));
  const auto understood = interpret(heard, bound());
  EXPECT_EQ(understood.observations[0].at, kReceived) << "its own date is 1970";
  EXPECT_EQ(understood.observations[0].method, TimeMethod::kHubReceive);
  EXPECT_FALSE(understood.needsCounter) << "its date tells one weighing from the next";
}

TEST(ScaleAdverts, WithoutItsImpedanceYetItIsTheSameWeighing) {
  auto first = vectorOf("adv-07");
  first.characteristic = "181B";
  auto second = first;
  second.bytes[9] = 0;
  second.bytes[10] = 0;
  EXPECT_EQ(readingKey(first, interpret(first, bound()), {}),
            readingKey(second, interpret(second, bound()), {}));
}

TEST(ScaleAdverts, OnlyAFinalWeightOfSomebodyOnTheScaleCounts) {
  for (const char* id : {"adv-02", "adv-03", "adv-04"}) {
    auto record = vectorOf(id);
    record.characteristic = "181D";
    EXPECT_THAT(said(record), ElementsAre("no-value")) << id;
  }
}

TEST(Spirometers, ABadBlowIsMarkedOnEveryValue) {
  auto record = vectorOf("spi-02");
  record.characteristic = "00000002-0000-1000-8000-008025000000";
  EXPECT_THAT(said(record), ElementsAre("fev1 3.63 L", "fev6 3.99 L", "pef 450 L/min"));
  // The good flag is the 65th character of the text; the checksum is an exclusive or.
  record.bytes[65] ^= 1;
  record.bytes.back() ^= 1;
  EXPECT_THAT(said(record), ElementsAre("fev1 3.63 L bad-blow", "fev6 3.99 L bad-blow",
                                        "pef 450 L/min bad-blow"));
  EXPECT_FALSE(interpret(record, bound()).needsCounter) << "sent again, it is the same blow";
}

TEST(Spirometers, BrokenFramesAreRefused) {
  for (const char* id : {"spi-e3", "spi-e4"}) {
    auto record = vectorOf(id);
    record.characteristic = "00000002-0000-1000-8000-008025000000";
    EXPECT_THAT(said(record), ElementsAre("malformed")) << id;
  }
  auto record = vectorOf("spi-e6");
  record.characteristic = "FF02";
  EXPECT_THAT(said(record), ElementsAre("malformed"));
}

TEST(Spirometers, AContecRecordHasNoClockToGoByAndDoesNotSayHowGoodItWas) {
  auto record = vectorOf("spi-04");
  record.characteristic = "FF02";
  record.isStored = true;
  EXPECT_THAT(said(record), ElementsAre("fev1 4.95 L clock-fault questionable",
                                        "fvc 5.10 L clock-fault questionable",
                                        "fev1_fvc 97.1 % clock-fault questionable",
                                        "pef 9.33 L/s clock-fault questionable"));
}

TEST(ContinuousGlucose, IsPlacedBySensorStartAndMinutes) {
  auto record = recordOf("2AA7", "06000C100500");
  record.context = *fromHex("E20704180D08180804E0C2");  // 2018-04-24T13:08:24
  record = anchored(record, "2018-04-24T13:40:24");
  const auto understood = interpret(record, bound());
  EXPECT_THAT(said(record), ElementsAre("glucose 120 mg/dL"));
  EXPECT_EQ(understood.observations[0].at, utc("2026-11-24T09:32:00Z"));
  EXPECT_FALSE(understood.needsCounter);
}

TEST(ContinuousGlucose, OutOfRangeIsHighOrLowNotANumber) {
  EXPECT_THAT(said(recordOf("2AA7", "0720FF07050040")), ElementsAre("glucose LO mg/dL"));
  EXPECT_THAT(said(recordOf("2AA7", "0720FF07050080")), ElementsAre("glucose HI mg/dL"));
}

RawRecord ofMeter(std::string kind, std::string_view hex, std::string_view context = "") {
  RawRecord record = recordOf(std::move(kind), hex);
  record.context = *fromHex(context);
  record.recordNumber = 7;
  return anchored(std::move(record), "2026-11-24T10:00:00");
}

// 1.5 mmol/L at 2026-11-24T09:30:00; meal 6 in the context.
constexpr std::string_view kOneAndAHalf =
    "16"
    "0700"
    "EA070B18091E00"
    "0FC0"
    "11";
constexpr std::string_view kMealSix = "02070006";

TEST(CareSens, MealSixIsAKetone) {
  EXPECT_THAT(said(ofMeter("2A18/caresens", kOneAndAHalf, kMealSix)),
              ElementsAre("ketone 1.5 mmol/L"));
  EXPECT_THAT(said(ofMeter("2A18/caresens", kOneAndAHalf, "02070001")),
              ElementsAre("glucose 1.5 mmol/L"));
  EXPECT_THAT(said(ofMeter("2A18", kOneAndAHalf, kMealSix)), ElementsAre("glucose 1.5 mmol/L"))
      << "of another vendor it means nothing";
}

// Of no known date, and from a memory: it may be the last owner's.
TEST(CareSens, MonthThirteenCostsTheDayAndSoItsPlaceAfterTheBinding) {
  std::string hex(kOneAndAHalf);
  hex.replace(10, 2, "0D");
  EXPECT_THAT(said(ofMeter("2A18/caresens", hex)),
              ElementsAre("before-binding", "glucose 1.5 mmol/L clock-fault"));
  EXPECT_THAT(said(ofMeter("2A18", hex)), ElementsAre("malformed"));
}

TEST(TaiDoc, TheHighOf2037IsNobodys) {
  std::string hex =
      "02"
      "0000"
      "F5070101000000"
      "FE07"
      "11";
  EXPECT_THAT(said(ofMeter("2A18/taidoc", hex)), ElementsAre("malformed"));
  hex.replace(6, 4, "EA07");
  EXPECT_THAT(said(ofMeter("2A18/taidoc", hex)), ElementsAre("glucose HI mg/dL"));
}

// A refurbished FORA, whose clock nobody can read, pours its whole memory at the first session.
TEST(TaiDoc, WhatItSaysIsOlderThanTheBindingIsQuarantined) {
  auto record = ofMeter("2A18/taidoc", kOneAndAHalf);
  record.clock.reset();
  record.isStored = true;
  record.recordNumber.reset();
  EXPECT_THAT(said(record, boundSince("2026-11-24T08:31:00Z")),
              ElementsAre("before-binding", "glucose 1.5 mmol/L clock-fault"));
  EXPECT_THAT(said(record, boundSince("2026-11-24T08:30:00Z")),
              ElementsAre("glucose 1.5 mmol/L clock-fault"));
}

TEST(Devices, ADialectChangesWhatARecordSaysAndNotWhichOneItIs) {
  const auto plain = ofMeter("2A18", kOneAndAHalf);
  for (const char* dialect : {"2A18/caresens", "2A18/taidoc"}) {
    const auto other = ofMeter(dialect, kOneAndAHalf);
    EXPECT_EQ(readingKey(plain, interpret(plain, bound()), {}),
              readingKey(other, interpret(other, bound()), {}));
  }
}

TEST(Devices, EveryTruncationIsRefusedOrStillAWholeFrame) {
  for (const char* id : {"bls-01", "plx-02", "bcs-08", "wss-03", "cgm-05"}) {
    auto record = vectorOf(id);
    while (!record.bytes.empty()) {
      record.bytes.pop_back();
      EXPECT_NE(interpret(record, bound()).disposition, Disposition::kAccepted)
          << id << " " << toHex(record.bytes);
    }
  }
}

}  // namespace
}  // namespace vardnav::intake
