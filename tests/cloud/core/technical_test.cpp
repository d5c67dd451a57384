// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What technicians are told, from heartbeats and from silence.
#include "cloud/core/technical.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

class Technical : public ::testing::Test {
 protected:
  void beat(int minutes, std::vector<wire::FaultReport> faults = {}, std::string hash = "") {
    wire::Status status;
    status.hub = HubId("hub-1");
    status.epoch = EpochId("epoch-1");
    status.at = at(minutes);
    status.faults = std::move(faults);
    status.configuration.hash = std::move(hash);
    const auto taken = care.core->ingest(HubId("hub-1"), "status", encode(status), at(minutes));
    ASSERT_TRUE(taken) << taken.error().context;
    ASSERT_TRUE(taken->setAside.empty());
  }
  std::vector<TechnicalView> open() { return care.reader->technicalAlerts(true, 99).value(); }
  std::vector<TechnicalView> cleared() { return care.reader->technicalAlerts(false, 99).value(); }

  Care care;
};

TEST_F(Technical, AFaultIsOneAlertAsLongAsTheHubReportsIt) {
  beat(1, {{"radio-dead", "", at(0), "check the adapter"}});
  beat(2, {{"radio-dead", "", at(0), "replace the adapter"}});
  ASSERT_EQ(open().size(), 1U);
  EXPECT_EQ(open()[0].alert.detail, "replace the adapter");
  EXPECT_EQ(open()[0].alert.exposedSince, at(0)) << "nothing comes in while it lasts";
  EXPECT_EQ(open()[0].exposedPersons, 1U);
  beat(3);
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(cleared().at(0).alert.clearedAt, at(3));
  beat(4, {{"radio-dead", "", at(4), "check the adapter"}});
  EXPECT_EQ(open().size(), 1U);
  EXPECT_EQ(care.number("SELECT count(*) FROM episode"), 0) << "never a clinical one";
}

TEST_F(Technical, TellsOneStrangeDeviceFromAnother) {
  beat(1, {{"unknown-device", "A", at(0), "no driver for services 180D"},
           {"unknown-device", "B", at(0), "no driver for services 180F"}});
  EXPECT_EQ(open().size(), 2U);
  EXPECT_FALSE(open()[0].alert.exposedSince);
  beat(2, {{"unknown-device", "B", at(0), "no driver for services 180F"}});
  ASSERT_EQ(open().size(), 1U);
  EXPECT_EQ(open()[0].alert.cause.subject, "B");
}

TEST_F(Technical, WhatWasSetAsideIsOverOnceSomebodyHasSeenToIt) {
  Observation foreign = glucose(1, 0, 50);
  foreign.person = PersonId("p-2");
  care.sendReadings({readingItem(1, {foreign})}, at(0));
  beat(1);
  ASSERT_EQ(open().size(), 1U) << "a heartbeat does not end it";
  EXPECT_EQ(open()[0].alert.cause.subject, "foreign-person");
  ASSERT_TRUE(*care.core->acknowledgeTechnical(open()[0].alert.id, {"tove", "Tove"}, at(2)));
  beat(3);
  EXPECT_TRUE(open().empty());
  care.sendReadings({readingItem(2, {foreign})}, at(4));
  ASSERT_EQ(open().size(), 1U) << "again";
  // Seen to, and then another one before the next heartbeat.
  ASSERT_TRUE(*care.core->acknowledgeTechnical(open()[0].alert.id, {"tove", "Tove"}, at(5)));
  care.sendReadings({readingItem(3, {foreign})}, at(6));
  beat(7);
  ASSERT_EQ(open().size(), 1U);
  EXPECT_EQ(open()[0].alert.openedAt, at(6));
}

TEST_F(Technical, AnAlertThatWasSetAsideIsCalledOne) {
  Observation foreign = glucose(1, 0, 25);
  foreign.person = PersonId("p-2");
  care.alertOn(1, foreign, Transition::kRaised, Priority::kP1, at(1));
  care.sendReadings({readingItem(1, {foreign})}, at(1));
  ASSERT_EQ(open().size(), 2U) << "the readings do not take its place";
  const auto isAlert = [](const TechnicalView& view) {
    return view.alert.cause.subject == "alert: foreign-person" &&
           view.alert.detail.find("call the patient's team") != std::string::npos;
  };
  EXPECT_EQ(std::ranges::count_if(open(), isAlert), 1);
}

TEST_F(Technical, AHubIsSilentFifteenMinutesAfterItsLastWordAndNoLongerAtItsNext) {
  care.core->setListening(at(-60));
  beat(0);
  ASSERT_TRUE(care.core->watchHubs(at(15) - Milliseconds{1}));
  EXPECT_TRUE(open().empty());
  ASSERT_TRUE(care.core->watchHubs(at(15)));
  ASSERT_TRUE(care.core->watchHubs(at(16)));
  ASSERT_EQ(open().size(), 1U) << "hub-2 was never heard: it is not there yet";
  EXPECT_EQ(open()[0].alert.cause.kind, technical_kind::kHubSilent);
  EXPECT_EQ(open()[0].alert.exposedSince, at(0)) << "unmonitored since it was last heard";
  care.sendReadings({readingItem(1, {glucose(1, 0, 50)})}, at(20));
  EXPECT_TRUE(open().empty()) << "any message is a word";
}

TEST_F(Technical, ABackendThatWasDownBlamesNoHub) {
  beat(0);
  ASSERT_TRUE(care.core->watchHubs(at(60)));
  EXPECT_TRUE(open().empty()) << "no broker";
  care.core->setListening(at(60));
  ASSERT_TRUE(care.core->watchHubs(at(74)));
  EXPECT_TRUE(open().empty()) << "it has listened for less than that";
  ASSERT_TRUE(care.core->watchHubs(at(75)));
  EXPECT_EQ(open().size(), 1U);
}

TEST_F(Technical, AConfigurationThatTheHubDoesNotReportInTime) {
  ASSERT_TRUE(care.database->execute(
      "INSERT INTO hub_configuration VALUES('hub-1', 1, 'c', 'wanted', 'k', " +
      std::to_string(at(0).time_since_epoch().count()) + ", '')"));
  beat(4, {}, "old");
  EXPECT_TRUE(open().empty()) << "on its way";
  beat(5, {}, "old");
  ASSERT_EQ(open().size(), 1U);
  EXPECT_EQ(open()[0].alert.cause.kind, technical_kind::kConfigurationNotApplied);
  beat(6, {}, "wanted");
  EXPECT_TRUE(open().empty());
}

TEST_F(Technical, IsAcknowledgedOnceAndStaysOpenUntilItsCauseIsGone) {
  beat(1, {{"storage", "", at(0), "disk full"}});
  const std::string id = open().at(0).alert.id;
  EXPECT_TRUE(care.core->acknowledgeTechnical(id, {"tove", "Tove Teknik"}, at(2)).value());
  EXPECT_FALSE(care.core->acknowledgeTechnical(id, {"ulf", "Ulf"}, at(3)).value());
  EXPECT_EQ(open().at(0).alert.by->name, "Tove Teknik");
  EXPECT_FALSE(care.core->acknowledgeTechnical("none", {"ulf", "Ulf"}, at(3)).value());
  beat(4);
  EXPECT_TRUE(open().empty());
}

}  // namespace
}  // namespace vardnav::cloud
