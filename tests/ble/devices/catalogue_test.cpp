// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/devices/catalogue.h"

#include <gmock/gmock.h>

#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Uuid> services(std::initializer_list<const char*> shorts) {
  std::vector<Uuid> out;
  for (const char* uuid : shorts) out.push_back(uuidFrom16(uuid));
  return out;
}

std::string chosen(const Catalogue& catalogue, std::initializer_list<const char*> shorts) {
  const auto driver = catalogue.driverFor(services(shorts));
  return driver ? std::string((*driver)->name) : driver.error().text();
}

std::unique_ptr<Session> none(const SessionPorts&) { return nullptr; }

TEST(Catalogue, HasNoConflicts) { EXPECT_THAT(Catalogue::standard().conflicts(), IsEmpty()); }

TEST(Catalogue, ChoosesByServiceWhateverElseIsThere) {
  const Catalogue catalogue = Catalogue::standard();
  EXPECT_EQ(chosen(catalogue, {"1800", "180A", "1808"}), "glucose");
  EXPECT_EQ(chosen(catalogue, {"181D", "180F"}), "weight-scale");
  EXPECT_EQ(chosen(catalogue, {"1840", "183F"}), "generic-health-sensor");
}

// The same measurement would come twice otherwise.
TEST(Catalogue, ADeviceWithBothServicesIsReadThroughTheNewerOne) {
  EXPECT_EQ(chosen(Catalogue::standard(), {"1808", "1840"}), "generic-health-sensor");
}

TEST(Catalogue, AnUnknownDeviceIsReportedWithItsServices) {
  const Catalogue catalogue = Catalogue::standard();
  auto shown = services({"180F", "180A"});
  shown.push_back("af9df7a1-e595-11e3-96b4-0002a5d5c51b");
  const auto driver = catalogue.driverFor(shown);
  ASSERT_FALSE(driver);
  EXPECT_EQ(driver.error().text(),
            "no driver for services 180A, 180F, af9df7a1-e595-11e3-96b4-0002a5d5c51b");
  EXPECT_EQ(catalogue.driverFor({}).error().text(), "no driver: the device shows no services");
  EXPECT_THAT(catalogue.expectedCharacteristics(shown), IsEmpty());
}

TEST(Catalogue, KnowsWhatADriverCannotDoWithout) {
  EXPECT_THAT(Catalogue::standard().expectedCharacteristics(services({"1808"})),
              ElementsAre(uuidFrom16("2A18"), uuidFrom16("2A52")));
}

TEST(Catalogue, FindsDriversThatAskForTheSameServices) {
  const Catalogue catalogue({{"a", {"1808", "181F"}, {}, none},
                             {"b", {"1808"}, {}, none},
                             {"c", {"181F", "1808"}, {}, none},
                             {"d", {}, {}, none}});
  EXPECT_THAT(catalogue.conflicts(),
              ElementsAre("drivers a and c ask for the same services: 1808, 181F",
                          "driver d asks for no service"));
}

TEST(Catalogue, TheDriverThatAsksForMostWins) {
  const Catalogue catalogue({{"plain", {"1808"}, {}, none}, {"both", {"1808", "181F"}, {}, none}});
  EXPECT_EQ(chosen(catalogue, {"1808"}), "plain");
  EXPECT_EQ(chosen(catalogue, {"181F", "1808"}), "both");
}

TEST(Catalogue, DriversMakeTheirSession) {
  const std::pair<const char*, const char*> kRows[] = {
      {"1808", "subscribe 2A18"}, {"181D", "subscribe 2A9D"}, {"1840", "subscribe 2B8B"}};
  for (const auto& [service, step] : kRows) {
    Bench bench;
    bench.client.present = {"2A18", "2A52", "2A9D", "2B8B"};
    const Catalogue catalogue = Catalogue::standard();
    const auto driver = catalogue.driverFor(services({service}));
    ASSERT_TRUE(driver);
    bench.start((*driver)->makeSession);
    EXPECT_THAT(bench.client.journal, testing::Contains(step)) << service;
  }
}

}  // namespace
}  // namespace vardnav::ble
