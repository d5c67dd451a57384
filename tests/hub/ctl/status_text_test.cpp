// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "hub/status/report.h"

namespace vardnav::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

const UtcTime kNow = utc("2026-11-24T10:03:00Z");
const DeviceId kMeter("C0:FF:EE:00:00:01");
const DeviceId kScale("C0:FF:EE:00:00:02");

hub::Report report() {
  hub::Report report;
  auto& running = report.running.emplace();
  running.broker = "mqtt.region.example:8883";
  running.line = {true, utc("2026-11-24T09:00:00Z"), "no route", utc("2026-11-24T10:02:48Z")};
  wire::Status& heartbeat = running.heartbeat;
  heartbeat.hub = HubId("hub-7");
  heartbeat.epoch = EpochId("e");
  heartbeat.version = "0.1.0";
  heartbeat.at = kNow;
  heartbeat.isClockSynchronised = true;
  heartbeat.hasRadio = true;
  heartbeat.journal = wire::JournalSize{2'900'000, 536'870'912};
  heartbeat.freeBytes = 12'884'901'888;
  heartbeat.startedAt = utc("2026-11-22T10:00:00Z");
  heartbeat.devices = {{kMeter, utc("2026-11-24T10:00:00Z")}, {kScale, std::nullopt}};
  heartbeat.refusals = {{"malformed", 2}, {"duplicate", 1341}, {"flux", 1}};
  heartbeat.configuration = {1795514400, "h", {{"older", 1}}};
  store::JournalSummary& journal = report.journal;
  journal.captures = 4711;
  journal.octets = 3'100'000;
  journal.devices = {{kMeter, 4711, utc("2026-11-24T10:00:00Z")}};
  journal.kept = {{"quarantined", "before-binding", 3}};
  journal.readings = {14, utc("2026-11-24T10:02:55Z")};
  return report;
}

std::string textOf(const hub::Report& report) {
  return statusText(Json::parse(hub::encode(report)), kNow);
}

TEST(StatusText, IsWhatATechnicianReads) {
  EXPECT_EQ(textOf(report()),
            R"(Hub            hub-7, vardnav-hub 0.1.0, started 2026-11-22T10:00:00.000Z, 2 days ago
Clock          2026-11-24T10:03:00.000Z
Radio          works
Line           connected to mqtt.region.example:8883 since 2026-11-24T09:00:00.000Z, 63 min ago
Last receipt   2026-11-24T10:02:48.000Z, 12 s ago
Backlog        14 readings and 0 alerts without a receipt; the oldest of 2026-11-24T10:02:55.000Z, 5 s ago
Disk           journal of 3.1 MB (at most 536.8 MB), 4711 records; 12.8 GB free
Configuration  serial 1795514400
  1 document was refused: older
Rules          

To see to
  nothing

Devices
  C0:FF:EE:00:00:01  heard 2026-11-24T10:00:00.000Z, 3 min ago; 4711 records, the last of 2026-11-24T10:00:00.000Z, 3 min ago
  C0:FF:EE:00:00:02  heard never since the start; no record

Refused or dropped, since the start of the hub
         2  malformed           records whose octets are no payload of their kind: kept, not sent
      1341  duplicate           records that came again: nothing to keep
         1  flux

In the journal and not on their way, since it was begun
         3  before-binding      quarantined
)");
}

TEST(StatusText, SaysInCapitalsWhatIsWrong) {
  hub::Report broken = report();
  broken.running->line.isConnected = false;
  broken.running->heartbeat.isClockSynchronised = false;
  broken.running->heartbeat.hasRadio = false;
  broken.running->heartbeat.faults = {{"radio-dead", "", kNow, "unplug it and plug it in"}};
  const std::string text = textOf(broken);
  EXPECT_THAT(text, HasSubstr("NOT CONNECTED to mqtt.region.example:8883"));
  EXPECT_THAT(text, HasSubstr(": no route\n"));
  EXPECT_THAT(text, HasSubstr("Clock          NOT KNOWN"));
  EXPECT_THAT(text, HasSubstr("Radio          DOES NOT WORK"));
  EXPECT_THAT(text, HasSubstr("radio-dead, since 2026-11-24T10:03:00.000Z: unplug it"));
}

TEST(StatusText, OfAJournalAloneClaimsNothingOfARunningHub) {
  hub::Report left = report();
  left.running.reset();
  left.journal.lastKnownTime = utc("2026-11-20T10:03:00Z");
  const std::string text = textOf(left);
  EXPECT_THAT(text, HasSubstr("does not run"));
  EXPECT_THAT(text, HasSubstr("last known 2026-11-20T10:03:00.000Z, 4 days ago"));
  EXPECT_THAT(text, HasSubstr("14 readings"));
  EXPECT_THAT(text, HasSubstr("before-binding"));
  for (const char* word : {"Line", "Radio", "free", "since the start of the hub"}) {
    EXPECT_THAT(text, Not(HasSubstr(word)));
  }
}

TEST(StatusText, IsNotSteeredByADevicesName) {
  hub::Report strange = report();
  strange.running->heartbeat.faults = {{"unknown-device", "AA", kNow,
                                        "\x1B[2J\n\x7F\xC2\x9B"
                                        "31m Å"}};
  EXPECT_THAT(textOf(strange), HasSubstr(": ?[2J???31m Å\n"));
}

/// Each member in turn of every other kind, and missing.
void spoil(const Json& whole, Json& part, unsigned& spoilt) {
  for (auto& member : part) {
    const Json before = member;
    for (const Json& other : {Json(), Json(true), Json(-7), Json(1.5), Json("text"),
                              Json::array({1}), Json::object()}) {
      member = other;
      EXPECT_FALSE(statusText(whole, kNow).empty());
      ++spoilt;
    }
    member = before;
    if (member.is_structured()) spoil(whole, member, spoilt);
  }
}

TEST(StatusText, StandsWhateverAHubOfAnotherVersionSays) {
  Json whole = Json::parse(hub::encode(report()));
  unsigned spoilt = 0;
  spoil(whole, whole, spoilt);
  EXPECT_GT(spoilt, 300U);
  EXPECT_FALSE(statusText(Json::object(), kNow).empty());
}

}  // namespace
}  // namespace vardnav::ctl
