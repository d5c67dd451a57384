// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// No session clears a device, whatever it answers. FakeClient holds every write of every test of
// this folder to the same list; here each session meets devices that answer with anything.
#include <gmock/gmock.h>

#include <random>

#include "ble/session/cgm_session.h"
#include "ble/session/contec_session.h"
#include "ble/session/destructive_write.h"
#include "ble/session/ghs_session.h"
#include "ble/session/glucose_session.h"
#include "ble/session/measurement_session.h"
#include "ble/session/vendor_uuids.h"
#include "ble/session/vitalograph_session.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

const std::pair<const char*, const char*> kClearing[] = {
    {"2A52", "0201"},
    {"2A52", "0203010500"},
    {"2A9F", "03"},
    {"2A9F", "0501"},
    {"2AAC", "1B"},
    {"FF01", "917F0111"},
    {"FF01", "9313"},
    {"00000001-0000-1000-8000-008025000000", "0247" "56434D03"},
    {"00000001-0000-1000-8000-008025000000", "47565354"},
    {"00000001-0000-1000-8000-008025000000", "47565244"},
    {"1447AF80-0D60-11E2-88B6-0002A5D5C51B", "63"},
};

TEST(NeverClears, TheGuardAndTheTestKnowEveryClearingCommand) {
  for (const auto& [characteristic, hex] : kClearing) {
    EXPECT_TRUE(isDestructive(characteristic, *fromHex(hex))) << characteristic << " " << hex;
    EXPECT_TRUE(wouldClear(shortUuidOf(uuidOf(characteristic)), hex))
        << characteristic << " " << hex;
  }
}

TEST(NeverClears, WhatOnlyReadsIsLetThrough) {
  const std::pair<const char*, const char*> kHarmless[] = {
      {"2A52", "0101"}, {"2A52", "0401"},     {"2A52", "0300"}, {"2A9F", "0201A80E"},
      {"2A9F", "04"},   {"FF01", "917E0110"}, {"FF01", "9010"}, {"2A08", "02"},
      {"2A2B", "63"},   {"00000001-0000-1000-8000-008025000000", "06"}};
  for (const auto& [characteristic, hex] : kHarmless) {
    EXPECT_FALSE(isDestructive(characteristic, *fromHex(hex))) << characteristic << " " << hex;
  }
}

class EveryCharacteristic : public Bench {
 public:
  explicit EveryCharacteristic(std::uint32_t seed) : random_(seed) {
    client.present = {"2A08", "2A2B", "2A18", "2A34", "2A52", "2A9D", "2A9C", "2A9F", "2A35",
                      "2A5E", "2A5F", "2A1C", "2A37", "2AA7", "2AA9", "2AAA", "2AAC", "2B8B",
                      "2BDD", "2BF2", "2BF4", "FF01", "FF02", "FFF1"};
    for (const auto uuid : {kVitalographWriteUuid, kVitalographNotifyUuid,
                            kVitalographGiveCreditsUuid, kVitalographTakeCreditsUuid,
                            kContourClockUuid, kNoninControlUuid}) {
      client.present.insert(std::string(uuid));
    }
    for (const std::string& uuid : client.present) client.readable[uuid] = anything();
    settings = {.consents = {{2, 99}, {5, 1234}}, .maySetClock = true};
    sink.cursor = random_() % 3 == 0 ? std::optional<std::uint32_t>(random_() % 500) : std::nullopt;
    client.onWrite = [this](const std::string&, const std::string&) { answer(); };
  }

  /// Something on a characteristic that might listen, often shaped as an answer.
  void answer() {
    if (answers_++ > 200) return client.drop();
    const auto at = random_() % client.present.size();
    client.notify(*std::next(client.present.begin(), static_cast<long>(at)), anything());
    const std::string op = toHex(Bytes{static_cast<std::uint8_t>(random_() % 12)});
    client.notify("2A52", std::string_view("060001" + op));
    client.notify("2A9F", std::string_view("2002" + op));
    for (const char* contec : {"F000", "F30000", "E0020000000000000000", "E100"}) {
      if (random_() % 2 == 0) client.notify("FF02", std::string_view(contec));
    }
  }

 private:
  Bytes anything() {
    Bytes out(random_() % 24);
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(random_());
    return out;
  }

  std::mt19937 random_;
  unsigned answers_ = 0;
};

TEST(NeverClears, NoSessionDoesWhateverTheDeviceAnswers) {
  const std::vector<Bench::Make> sessions = {
      [](const SessionPorts& to) { return makeGlucoseSession(to, {.checksCount = true}); },
      [](const SessionPorts& to) {
        return makeGlucoseSession(
            to, {.clock = {ClockSetting::When::kAfterRecords, kContourClockUuid,
                           ClockLayout::kContour}});
      },
      [](const SessionPorts& to) {
        return makeMeasurementSession(
            to, {.sources = {"2A9D", "2A9C", "2A35", "2A5E", "2A5F", "2A1C", "2A37"}});
      },
      [](const SessionPorts& to) { return makeCgmSession(to); },
      [](const SessionPorts& to) { return makeGhsSession(to); },
      [](const SessionPorts& to) { return makeVitalographSession(to); },
      [](const SessionPorts& to) { return makeContecSession(to); },
  };
  for (std::size_t which = 0; which < sessions.size(); ++which) {
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
      SCOPED_TRACE("session " + std::to_string(which) + ", seed " + std::to_string(seed));
      EveryCharacteristic bench(seed);
      bench.start(sessions[which]);
      for (int i = 0; i < 30 && !bench.isDone(); ++i) {
        bench.answer();
        bench.time.pass(Milliseconds(2'000));
      }
      bench.client.drop();
      ASSERT_TRUE(bench.isDone());
      EXPECT_EQ(bench.doneCalls, 1U);
    }
  }
}

}  // namespace
}  // namespace vardnav::ble
