// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/devices/catalogue.h"

#include <gmock/gmock.h>

#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

DeviceDescription described(std::string name, std::initializer_list<const char*> services) {
  DeviceDescription out{DeviceId("C0:FF:EE:00:00:01"), std::move(name), {}};
  for (const char* uuid : services) out.services.push_back(uuidOf(uuid));
  return out;
}

std::string chosen(const Catalogue& catalogue, std::string name,
                   std::initializer_list<const char*> services) {
  const auto driver = catalogue.driverFor(described(std::move(name), services));
  return driver ? std::string((*driver)->name) : driver.error().text();
}

Driver row(std::string_view name, std::vector<std::string_view> names,
           std::vector<std::string_view> services) {
  Driver driver;
  driver.name = name;
  driver.names = std::move(names);
  driver.services = std::move(services);
  return driver;
}

TEST(Catalogue, HasNoConflicts) {
  EXPECT_THAT(Catalogue::standard().conflicts(), IsEmpty());
  EXPECT_THAT(Catalogue::standard({"vitalograph", "contec-spirometer"}).conflicts(), IsEmpty());
}

TEST(Catalogue, ChoosesAStandardDeviceByItsServicesWhateverElseIsThere) {
  const Catalogue catalogue = Catalogue::standard();
  EXPECT_EQ(chosen(catalogue, "", {"1800", "180A", "1808"}), "glucose");
  EXPECT_EQ(chosen(catalogue, "Scale 7", {"181D", "180F"}), "weight-scale");
  EXPECT_EQ(chosen(catalogue, "", {"181D", "181B", "181C"}), "weight-scale");
  EXPECT_EQ(chosen(catalogue, "", {"181B"}), "body-composition");
  EXPECT_EQ(chosen(catalogue, "", {"1840", "183F"}), "generic-health-sensor");
  EXPECT_EQ(chosen(catalogue, "", {"1810"}), "blood-pressure");
  EXPECT_EQ(chosen(catalogue, "", {"1822", "180D"}), "pulse-oximeter");
  EXPECT_EQ(chosen(catalogue, "", {"1809"}), "thermometer");
  EXPECT_EQ(chosen(catalogue, "", {"180D"}), "heart-rate");
}

// The same measurement would come twice otherwise.
TEST(Catalogue, ADeviceWithBothServicesIsReadThroughTheNewerOne) {
  EXPECT_EQ(chosen(Catalogue::standard(), "", {"1808", "1840"}), "generic-health-sensor");
}

TEST(Catalogue, ANameItKnowsGoesBeforeServicesAlone) {
  const Catalogue catalogue = Catalogue::standard();
  EXPECT_EQ(chosen(catalogue, "meter+12345678", {"1808"}), "accu-chek");
  EXPECT_EQ(chosen(catalogue, "Contour7830H6", {"1808"}), "contour");
  EXPECT_EQ(chosen(catalogue, "FORA GD40", {"1808"}), "taidoc");
  EXPECT_EQ(chosen(catalogue, "CARESENS 0411", {"1808"}), "caresens");
  EXPECT_EQ(chosen(catalogue, "A&D_UA-651BLE_1A2B3C", {"1810"}), "and-blood-pressure");
  EXPECT_EQ(chosen(catalogue, "A&D_UC-352BLE_1A2B3C", {"181D"}), "and-scale");
  EXPECT_EQ(chosen(catalogue, "A&D_UC-352BLE_1A2B3C", {"23434100-1FE4-1EFF-80CB-00FF78297D8B"}),
            "and-scale-old");
  EXPECT_EQ(chosen(catalogue, "BLESmart_0000011F", {"1810"}), "omron-blood-pressure");
  EXPECT_EQ(chosen(catalogue, "BF720", {"181D", "181B", "181C"}), "beurer-scale");
  EXPECT_EQ(chosen(catalogue, "MIBFS", {"181B"}), "xiaomi-scale");
}

TEST(Catalogue, AnUnknownDeviceIsReportedWithItsNameAndServices) {
  const Catalogue catalogue = Catalogue::standard();
  const auto shown = described("Verio", {"180F", "180A", "af9df7a1-e595-11e3-96b4-0002a5d5c51b"});
  EXPECT_EQ(catalogue.driverFor(shown).error().text(),
            "no driver for 'Verio' with services 180A, 180F, af9df7a1-e595-11e3-96b4-0002a5d5c51b");
  EXPECT_EQ(chosen(catalogue, "", {"180F", "180A"}), "no driver for services 180A, 180F");
  EXPECT_EQ(chosen(catalogue, "", {}), "no driver: the device shows no services");
  EXPECT_THAT(catalogue.planFor(shown).expected, IsEmpty());
}

// The same service, other octets.
TEST(Catalogue, AnOximeterIsNotTakenForASpirometer) {
  const Catalogue catalogue = Catalogue::standard({"contec-spirometer"});
  EXPECT_EQ(chosen(catalogue, "PO60", {"FF12"}), "no driver for 'PO60' with services FF12");
  EXPECT_EQ(chosen(catalogue, "SP80B", {"FF12"}), "contec-spirometer");
}

TEST(Catalogue, WhatIsNotValidatedIsOffUntilSomebodyWantsToTryIt) {
  const Catalogue catalogue = Catalogue::standard();
  EXPECT_THAT(chosen(catalogue, "SP80B", {"FF12"}), HasSubstr("devices.enable"));
  EXPECT_THAT(chosen(catalogue, "Vitalograph 4000", {"FEFB"}), HasSubstr("not validated"));
  EXPECT_EQ(chosen(Catalogue::standard({"vitalograph"}), "Vitalograph 4000", {"FEFB"}),
            "vitalograph");
  for (const Driver& driver : catalogue.drivers()) {
    const bool isUnvalidated = driver.name == "vitalograph" || driver.name == "contec-spirometer";
    const bool isOff = isUnvalidated || driver.name == "continuous-glucose";
    EXPECT_EQ(catalogue.isOn(driver), !isOff) << driver.name;
  }
}

TEST(Catalogue, PlansHowADeviceIsMet) {
  const Catalogue catalogue = Catalogue::standard({"contec-spirometer"});
  const auto meter = catalogue.planFor(described("", {"1808"}));
  EXPECT_TRUE(meter.connects && meter.pairs);
  EXPECT_THAT(meter.expected, ElementsAre(uuidOf("2A18"), uuidOf("2A52")));
  EXPECT_FALSE(catalogue.planFor(described("MI SCALE2", {})).connects);
  EXPECT_FALSE(catalogue.planFor(described("SP80B", {"FF12"})).pairs);
  EXPECT_FALSE(catalogue.planFor(described("SP80B", {})).pairs) << "by its advert alone";
  EXPECT_TRUE(catalogue.planFor(described("", {})).pairs);
}

TEST(Catalogue, FindsWhatWouldLeaveAChoiceToChance) {
  const Catalogue catalogue(
      {row("a", {}, {"1808", "181F"}), row("b", {}, {"1808"}), row("c", {}, {"181F", "1808"}),
       row("d", {}, {}), row("e", {"FORA"}, {"1808"}), row("f", {"Other", "fora"}, {"1808"}),
       row("b", {""}, {"1840"})},
      {"nobody"});
  EXPECT_THAT(catalogue.conflicts(),
              UnorderedElementsAre("drivers a and c fit the same devices: 1808, 181F",
                                   "drivers b and b have the same name",
                                   "driver d asks for neither name nor service",
                                   "drivers e and f fit the same devices: 1808",
                                   "driver b has an empty name",
                                   "devices.enable names 'nobody', which is no driver"));
}

TEST(Catalogue, TheLongerNameThenMoreServicesThenTheEarlierRowWins) {
  const Catalogue catalogue({row("plain", {}, {"1808"}), row("both", {}, {"1808", "181F"}),
                             row("short", {"AB"}, {"1808", "181F"}), row("long", {"ABC"}, {"1808"}),
                             row("later", {}, {"1808", "1840"})});
  EXPECT_EQ(chosen(catalogue, "", {"1808"}), "plain");
  EXPECT_EQ(chosen(catalogue, "", {"181F", "1808", "1840"}), "both");
  EXPECT_EQ(chosen(catalogue, "abcd", {"181F", "1808"}), "long");
  EXPECT_EQ(chosen(catalogue, "ABD", {"181F", "1808"}), "short");
  EXPECT_EQ(chosen(catalogue, "ABC", {"181F"}), "no driver for 'ABC' with services 181F");
}

TEST(Catalogue, EveryRowCanBeReadByATechnicianInBothLanguages) {
  for (const Driver& driver : standardDrivers()) {
    EXPECT_FALSE(driver.product.empty()) << driver.name;
    EXPECT_FALSE(driver.pairing.empty()) << driver.name;
    for (const PairingStep& step : driver.pairing) {
      EXPECT_FALSE(step.sv.empty() || step.en.empty()) << driver.name;
      EXPECT_NE(step.sv, step.en) << driver.name;
    }
    EXPECT_TRUE(driver.isOnByDefault || !driver.quirks.empty()) << driver.name;
  }
}

TEST(Catalogue, EveryDriverMakesItsSessionWhichSubscribesWhatItCannotDoWithout) {
  for (const Driver& driver : standardDrivers()) {
    Bench bench;
    for (const std::string_view uuid : driver.characteristics) {
      bench.client.present.insert(std::string(uuid));
    }
    auto session = driver.makeSession(bench.ports());
    if (std::holds_alternative<AdvertsOnly>(driver.recipe)) {
      EXPECT_EQ(session, nullptr);
      continue;
    }
    ASSERT_NE(session, nullptr) << driver.name;
    if (driver.characteristics.empty()) continue;
    bench.start([&](const SessionPorts&) { return std::move(session); });
    EXPECT_THAT(bench.client.journal, testing::Contains(testing::StartsWith("subscribe ")))
        << driver.name;
  }
}

}  // namespace
}  // namespace vardnav::ble
