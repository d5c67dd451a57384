// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include <algorithm>

namespace vardnav::ble::virtual_home {
namespace {

using testing::StartsWith;

const UtcTime kStart = *parseRfc3339("2026-11-24T10:00:00Z");  // 11:00 in Stockholm

std::string scenarioWith(const std::string& device) {
  return R"({"version":1,"devices":[{"address":"C0:FF:EE:00:00:01","name":"x",
             "clock":"2019-08-21T10:29:00",)" +
         device + "}]}";
}

std::string meterWith(const std::string& record) {
  return scenarioWith(R"("model":"glucose-meter","records":[)" + record + "]");
}

std::string faultOf(const std::string& text) {
  const auto scenario = parseScenario(text, VARDNAV_TEST_DATA, kStart);
  return scenario ? "no fault" : scenario.error().context;
}

struct Row {
  const char* place;
  std::string text;
};

class ScenarioFault : public testing::TestWithParam<Row> {};

TEST_P(ScenarioFault, NamesItsPlace) {
  EXPECT_THAT(faultOf(GetParam().text), StartsWith(GetParam().place));
}

INSTANTIATE_TEST_SUITE_P(
    Places, ScenarioFault,
    testing::Values(
        Row{"parse error at line 1", R"({"version":1,)"}, Row{"/: must be an object", "[]"},
        Row{"/version:", R"({"version":2,"devices":[]})"},
        Row{"/devices: is missing", R"({"version":1})"},
        Row{"/devices: names no device", R"({"version":1,"devices":[]})"},
        Row{"/devices/0: must be an object", R"({"version":1,"devices":[7]})"},
        Row{"/devices/0/model: must be one of", scenarioWith(R"("model":"toaster","records":[])")},
        Row{"/devices/0/colour: unknown key", scenarioWith(R"("colour":"red")")},
        Row{"/devices/0/address:", R"({"version":1,"devices":[{"address":"c0:ff:ee:00:00:01"}]})"},
        Row{"/devices/0/wake/every:",
            scenarioWith(R"("model":"weight-scale","records":[],"wake":{"every":0})")},
        Row{"/devices/0/records: must be an array",
            scenarioWith(R"("model":"glucose-meter","records":1)")},
        Row{"/devices/0/records/0: has none of", meterWith("{}")},
        Row{"/devices/0/records/0/hex:",
            meterWith(R"({"hex":"0","characteristic":"2A18","at":0})")},
        Row{"/devices/0/records/0/characteristic:",
            meterWith(R"({"hex":"00","characteristic":"2A9D","at":0})")},
        Row{"/devices/0/records/0/glucose_mg_dl:",
            meterWith(R"({"glucose_mg_dl":90,"at":0,"minutes_ago":1})")},
        Row{"/devices/0/records/0: is no value a device can send",
            meterWith(R"({"glucose_mg_dl":"12345","at":0,"minutes_ago":1})")},
        Row{"/devices/0/records/0: is nothing this model measures",
            meterWith(R"({"weight_kg":"70.00","at":0,"minutes_ago":1})")},
        Row{"/devices/0/records/0/ketone_mmol_l: needs a meter of make caresens",
            meterWith(R"({"ketone_mmol_l":"1.6","at":0,"minutes_ago":1})")},
        Row{"/devices/0/records/0/minutes_ago: must be within",
            scenarioWith(
                R"("model":"glucose-sensor","records":[{"glucose_mg_dl":"90","at":0,"minutes_ago":14401}])")},
        Row{"/devices/0/records/0: is no value a device can send",
            scenarioWith(
                R"("model":"lung-monitor","records":[{"fev6_l":"10.00","fev1_l":"2.84","pef_l_min":"402","at":0,"minutes_ago":1}])")},
        Row{"/devices/0/records/0: is no value a device can send",
            scenarioWith(
                R"("model":"contec-spirometer","records":[{"pef_l_s":"6.705","fev1_l":"2.84","fvc_l":"3.9","at":0,"minutes_ago":1}])")},
        Row{"/devices/0/records/0/at:", meterWith(R"({"glucose_mg_dl":"90","minutes_ago":1})")},
        Row{"/devices/0/records/0/time:",
            meterWith(R"({"glucose_mg_dl":"90","at":0,"days_ago":1,"time":"25:00"})")},
        Row{"/devices/0/records/0/diary: cannot be read",
            meterWith(
                R"({"diary":"nowhere","until":"1990-10-07T11:41","days":2,"between":[0,1]})")},
        Row{"/devices/0/records/0/between:",
            meterWith(
                R"({"diary":"nowhere","until":"1990-10-07T11:41","days":2,"between":[1,0]})")}));

TEST(Scenario, TimesOfDayThatHaveNotComeAreYesterdays) {
  const auto text = [](const char* time) {
    return meterWith(std::string{R"({"glucose_mg_dl":"90","at":0,"days_ago":0,"time":")"} + time +
                     R"("},{"glucose_mg_dl":"91","at":1,"days_ago":1,"time":"07:10"})");
  };
  const auto passed = parseScenario(text("10:59"), "", kStart);
  ASSERT_TRUE(passed) << passed.error().context;
  EXPECT_EQ(toRfc3339(passed->devices[0].records[0].measuredAt), "2026-11-24T09:59:00.000Z");
  EXPECT_EQ(toRfc3339(passed->devices[0].records[1].measuredAt), "2026-11-23T06:10:00.000Z");
  const auto ahead = parseScenario(text("11:01"), "", kStart);
  ASSERT_TRUE(ahead);
  EXPECT_EQ(toRfc3339(ahead->devices[0].records[0].measuredAt), "2026-11-23T10:01:00.000Z");
  EXPECT_EQ(toRfc3339(ahead->devices[0].records[1].measuredAt), "2026-11-22T06:10:00.000Z");
}

class Demo : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = loadScenario(VARDNAV_SOURCE_DIR "/ble/virtual/scenarios/demo.json", kStart);
    ASSERT_TRUE(loaded) << loaded.error().context;
    scenario_ = std::move(*loaded);
  }
  Scenario scenario_;
};

// The numbers that the scenarios' README states.
TEST_F(Demo, AddsUpAsItsReadmeSays) {
  ASSERT_EQ(scenario_.devices.size(), 3u);
  EXPECT_EQ(scenario_.devices[0].records.size(), 98u);
  EXPECT_EQ(scenario_.devices[1].records.size(), 29u);
  EXPECT_EQ(scenario_.devices[2].records.size(), 30u);
  int below54 = 0;
  int below70 = 0;
  for (const PlannedRecord& record : scenario_.devices[0].records) {
    const auto* value = std::get_if<GlucoseValue>(&record.what);
    if (value == nullptr) continue;
    below54 += value->milligramPerDecilitre < Decimal(54, 0) ? 1 : 0;
    below70 += value->milligramPerDecilitre < Decimal(70, 0) ? 1 : 0;
  }
  EXPECT_EQ(below54, 6);
  EXPECT_EQ(below70 - below54, 5);
}

// Each device's records come in the order of its clock, the captures first, all within 28 days.
TEST_F(Demo, FillsTheTimeAfterTheCaptures) {
  const std::string captured[] = {"2019-08-21T10:27:25", "2023-12-25T14:30:45",
                                  "2026-03-27T22:49:36"};
  for (std::size_t i = 0; i < 3; ++i) {
    const DevicePlan& device = scenario_.devices[i];
    const auto age = device.clock - *parseIsoLocal(captured[i]);
    EXPECT_LT(age, std::chrono::days{28}) << device.name;
    UtcTime last = kStart - age;
    for (const PlannedRecord& record : device.records) {
      if (std::holds_alternative<Capture>(record.what)) continue;
      EXPECT_GE(record.measuredAt, last) << device.name;
      last = record.measuredAt;
    }
    EXPECT_LE(last, kStart) << device.name;
    EXPECT_LE(device.records.back().appearsAt, std::chrono::seconds{44}) << device.name;
  }
}

// A rule about a rise of more than 2 kg in 72 h has exactly one reason to fire: the last weighing.
TEST_F(Demo, WeightRisesByMoreThanTwoKilogramsOnlyAtTheEnd) {
  const Decimal limit(2, 0);
  const auto& records = scenario_.devices[1].records;
  for (const PlannedRecord& record : records) {
    const auto* value = std::get_if<WeightValue>(&record.what);
    if (value == nullptr) continue;
    const bool isLast = &record == &records[records.size() - 2];  // the capture comes after
    const bool rises = std::ranges::any_of(records, [&](const PlannedRecord& other) {
      const auto* before = std::get_if<WeightValue>(&other.what);
      const auto ago = record.measuredAt - other.measuredAt;
      return before != nullptr && ago > Milliseconds{0} && ago <= std::chrono::hours{72} &&
             *value->kilogram.minus(before->kilogram) > limit;
    });
    EXPECT_EQ(rises, isLast);
  }
}

TEST_F(Demo, Fev1FallsBelowFourFifthsOfThePersonalBestInTheLastTwoDays) {
  const Decimal limit = *Decimal::parse("2.88");  // 80 % of 3.60 L
  const auto& records = scenario_.devices[2].records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto* blow = std::get_if<Blow>(&records[i].what);
    if (blow == nullptr) continue;
    EXPECT_EQ(blow->fev1 < limit, i + 2 >= records.size()) << i;
  }
}

TEST(Scenario, TheTestScenariosLoad) {
  for (const char* name : {"quick.json", "malformed.json"}) {
    const auto scenario =
        loadScenario(std::string{VARDNAV_TEST_DATA} + "/scenarios/" + name, kStart);
    EXPECT_TRUE(scenario) << scenario.error().context;
  }
}

TEST(Scenario, ADirectoryIsRefusedInOneLine) {
  const auto scenario = loadScenario("/", UtcTime{});
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().context, "/: cannot be read");
}

TEST(ShippedScenario, HasADeviceOfEveryFamily) {
  const auto loaded =
      loadScenario(VARDNAV_SOURCE_DIR "/ble/virtual/scenarios/all-devices.json", kStart);
  ASSERT_TRUE(loaded) << loaded.error().context;
  std::set<ModelKind> models;
  std::set<Make> makes;
  for (const DevicePlan& plan : loaded->devices) {
    models.insert(plan.model);
    makes.insert(plan.make);
  }
  EXPECT_EQ(models.size(), 12U);
  EXPECT_EQ(makes.size(), 5U);
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
