// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/wire/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

namespace vardnav::wire {
namespace {

using nlohmann::json;

std::string example(const std::string& name) {
  std::ifstream file(std::string(VARDNAV_SOURCE_DIR "/pipelines/wire/examples/") + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

/// The example with `change` made at a JSON pointer.
std::string changed(const std::string& name, const char* pointer, const json& value) {
  json document = json::parse(example(name));
  document[json::json_pointer(pointer)] = value;
  return document.dump();
}

std::string without(const std::string& name, const std::string& parent, const char* member) {
  json document = json::parse(example(name));
  document[json::json_pointer(parent)].erase(member);
  return document.dump();
}

TEST(Codec, WritesEveryExampleBackAsItWasRead) {
  for (const char* name : {"reading.json", "alert.json"}) {
    const auto decoded = decodeUp(example(name));
    ASSERT_TRUE(decoded) << decoded.error().place << ": " << decoded.error().reason;
    EXPECT_TRUE(decoded->faults.empty());
    EXPECT_EQ(json::parse(encode(decoded->message)), json::parse(example(name)));
  }
  const auto receipt = decodeReceipt(example("receipt.json"));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(json::parse(encode(*receipt)), json::parse(example("receipt.json")));
  const auto status = decodeStatus(example("status.json"));
  ASSERT_TRUE(status);
  EXPECT_EQ(json::parse(encode(*status)), json::parse(example("status.json")));
}

TEST(Codec, ReadsWhatTheReadingExampleSays) {
  const auto decoded = decodeUp(example("reading.json"));
  ASSERT_TRUE(decoded);
  const UpMessage& message = decoded->message;
  EXPECT_EQ(message.hub, HubId("hub-demo-1"));
  EXPECT_EQ(message.stream, Stream::kReading);
  ASSERT_EQ(message.items.size(), 3U);
  EXPECT_TRUE(message.items[0].isResent);
  EXPECT_FALSE(message.items[1].isResent);
  const Observation& glucose = std::get<ReadingItem>(message.items[0].body).observations.at(0);
  EXPECT_EQ(glucose.code, Code::kGlucose);
  EXPECT_EQ(glucose.value, Value::of({68, 0}));
  EXPECT_EQ(glucose.unit, Unit::kMilligramPerDecilitre);
  EXPECT_EQ(glucose.shown, (Quantity{{38, -1}, Unit::kMillimolePerLitre}));
  EXPECT_EQ(glucose.recordNumber, 212U);
  EXPECT_FALSE(glucose.slot);
  EXPECT_EQ(glucose.deviceTime->timeline, DeviceTime::Timeline::kLocal);
  EXPECT_EQ(glucose.method, TimeMethod::kAnchored);
  EXPECT_EQ(glucose.uncertainty, Milliseconds(1250));
  const auto& blow = std::get<ReadingItem>(message.items[1].body).observations;
  ASSERT_EQ(blow.size(), 2U);
  EXPECT_TRUE(blow[1].flags.has(Flag::kBadBlow) && blow[1].flags.has(Flag::kManual));
  EXPECT_EQ(blow[1].value.number.toString(), "5.20");
  EXPECT_EQ(std::get<ReadingItem>(message.items[2].body).observations[0].value.kind,
            Value::Kind::kLow);
}

TEST(Codec, AHeartbeatOfAnOlderHubHasNeitherConfigurationNorFaultsNorAStart) {
  json document = json::parse(example("status.json"));
  document.erase("started_at");
  document.erase("journal");
  document.erase("configuration");
  document.erase("faults");
  const auto status = decodeStatus(document.dump());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->configuration.serial, 0U);
  EXPECT_TRUE(status->faults.empty());
  EXPECT_FALSE(status->startedAt);
  EXPECT_FALSE(status->journal);
  EXPECT_EQ(json::parse(encode(*status)).count("started_at"), 0U);
}

TEST(Codec, KeepsAFaultOfAKindThatItDoesNotKnow) {
  const auto status = decodeStatus(changed("status.json", "/faults/0/kind", "flux-capacitor"));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->faults.at(0).kind, "flux-capacitor");
  EXPECT_EQ(status->faults.at(1).subject, "C0:FF:EE:00:00:09");
}

TEST(Codec, KeepsSwedishTextAndPriorityOfAVerdict) {
  const auto decoded = decodeUp(example("alert.json"));
  ASSERT_TRUE(decoded);
  const auto& alert = std::get<AlertItem>(decoded->message.items.at(0).body);
  EXPECT_EQ(alert.verdict.title.sv, "Lågt blodsocker");
  EXPECT_EQ(alert.verdict.priority, Priority::kP1);
  EXPECT_EQ(alert.verdict.inputs.at(0), alert.observations.at(0).reading);
  const auto again = decodeVerdict(encodeVerdict(alert.verdict));
  ASSERT_TRUE(again);
  EXPECT_EQ(encodeVerdict(*again), encodeVerdict(alert.verdict));
  const auto observation = decodeObservation(encodeObservation(alert.observations.at(0)));
  ASSERT_TRUE(observation);
  EXPECT_EQ(encodeObservation(*observation), encodeObservation(alert.observations.at(0)));
}

TEST(Codec, IgnoresUnknownFields) {
  EXPECT_TRUE(decodeUp(changed("reading.json", "/later", {1, 2})));
  const auto decoded =
      decodeUp(changed("reading.json", "/items/0/observations/0/later", "anything"));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->faults.empty());
}

TEST(Codec, RefusesEachMissingFieldWithItsPlace) {
  for (const char* name : {"receipt.json", "status.json", "reading.json"}) {
    const json document = json::parse(example(name));
    for (const auto& member : document.items()) {
      // Hubs of an older version do not send these.
      constexpr std::array kLater = {"configuration", "faults", "journal", "started_at"};
      if (std::ranges::find(kLater, member.key()) != kLater.end()) continue;
      const auto text = without(name, "", member.key().c_str());
      const std::string file(name);
      const auto fault = file == "receipt.json"  ? decodeReceipt(text).error()
                         : file == "status.json" ? decodeStatus(text).error()
                                                 : decodeUp(text).error();
      EXPECT_EQ(fault.place, "/" + member.key()) << name;
      EXPECT_EQ(fault.reason, "missing") << name;
    }
  }
}

TEST(Codec, OneFaultyItemDoesNotSpoilTheOthers) {
  struct Case {
    const char* pointer;
    json value;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {"/items/1/observations/1/unit", "furlong", "unknown unit"},
      {"/items/1/observations/1/value", 5.2, "neither a decimal nor HI, LO, NaN"},
      {"/items/1/observations/1/value", "1e3", "neither a decimal nor HI, LO, NaN"},
      {"/items/1/observations/1/code", "height", "unknown code"},
      {"/items/1/observations/1/flags/0", "who-knows", "unknown flag"},
      {"/items/1/observations/1/at", "2026-02-30T00:00:00Z", "not an RFC 3339 time"},
      {"/items/1/observations/1/at", "0000-01-01T00:00:00+23:00", "not an RFC 3339 time"},
      {"/items/1/observations/1/reading", "0011", "not 32 hex digits"},
      {"/items/1/observations/1/revision", 0, "not a whole number in range"},
      {"/items/1/observations/1/slot", 256, "not a whole number in range"},
      {"/items/1/observations/1/person", "", "not an id of 1 to 128 octets"},
      {"/items/1/observations/1/shown", 7, "not an object"},
      {"/items/1/observations", json::array(), "empty"},
      {"/items/1/observations/1/reading", std::string(32, '0'), "of more than one reading"},
      {"/items/1/resent", "yes", "neither true nor false"},
  };
  for (const Case& c : cases) {
    const auto decoded = decodeUp(changed("reading.json", c.pointer, c.value));
    ASSERT_TRUE(decoded) << c.pointer;
    EXPECT_EQ(decoded->message.items.size(), 2U) << c.pointer;
    ASSERT_EQ(decoded->faults.size(), 1U) << c.pointer << c.value;
    EXPECT_EQ(decoded->faults[0].sequence, 42U);
    EXPECT_EQ(decoded->faults[0].fault.reason, c.reason) << c.pointer;
    EXPECT_TRUE(std::string(c.pointer).starts_with(decoded->faults[0].fault.place));
    EXPECT_EQ(json::parse(decoded->faults[0].text).at("sequence"), 42);
  }
}

TEST(Codec, AnItemWithoutAReadableSequenceIsAFaultWithoutOne) {
  for (const json& sequence : {json(-1), json("7"), json(1.5), json(1e300), json()}) {
    const auto decoded = decodeUp(changed("reading.json", "/items/1/sequence", sequence));
    ASSERT_TRUE(decoded);
    ASSERT_EQ(decoded->faults.size(), 1U);
    EXPECT_EQ(decoded->faults[0].sequence, 0U);
  }
  EXPECT_EQ(decodeUp(changed("reading.json", "/items/1", 5))->faults.size(), 1U);
}

TEST(Codec, AnAlertWithoutItsVerdictIsAFault) {
  const auto decoded = decodeUp(without("alert.json", "/items/0", "verdict"));
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->faults.size(), 1U);
  EXPECT_EQ(decoded->faults[0].fault.place, "/items/0/verdict");
}

TEST(Codec, AnUnknownVersionIsRefusedButCanBeReceipted) {
  const auto decoded = decodeUp(changed("reading.json", "/version", 2));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->message.items.empty());
  ASSERT_EQ(decoded->faults.size(), 3U);
  EXPECT_EQ(decoded->message.epoch, EpochId("5f1c2a9e0b7d4c3896a1e2d3f4b5c6d7"));
  EXPECT_EQ(decoded->faults[2].sequence, 43U);
  EXPECT_EQ(decoded->faults[2].fault.kind, Fault::Kind::kUnknownVersion);
  EXPECT_EQ(decoded->faults[2].fault.reason, "version 2 is not supported, only 1");

  const auto unreadable = decodeUp(R"({"version":2,"payload":"…"})");
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().kind, Fault::Kind::kUnknownVersion);
  EXPECT_EQ(decodeReceipt(changed("receipt.json", "/version", 9)).error().kind,
            Fault::Kind::kUnknownVersion);
  EXPECT_EQ(decodeStatus(changed("status.json", "/version", 9)).error().kind,
            Fault::Kind::kUnknownVersion);
  EXPECT_EQ(decodeUp(changed("reading.json", "/version", "1")).error().kind,
            Fault::Kind::kMalformed);
}

TEST(Codec, RefusesAReceiptWhoseGapEndsBeforeItBegins) {
  const auto receipt = decodeReceipt(changed("receipt.json", "/gaps/1/last", 16));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().place, "/gaps/1/last");
}

TEST(Codec, RefusesDepthLengthAndHugeNumbersInBoundedTime) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(decodeUp(std::string(1 << 20, '[')).error().reason, "nested too deeply");
  EXPECT_EQ(decodeUp(std::string((1 << 20) + 1, ' ')).error().reason, "longer than 1 MiB");
  EXPECT_FALSE(decodeUp(R"({"version":)" + std::string(1000000, '9') + "}"));
  EXPECT_FALSE(decodeUp(R"({"version":1e)" + std::string(1000000, '9') + "}"));
  std::string members = "{";
  for (int i = 0; i < 90000; ++i) members += "\"" + std::to_string(i) + "\":1,";
  EXPECT_FALSE(decodeUp(members + R"("version":1})"));
  std::string items = "[1";
  for (int i = 0; i < 2000; ++i) items += ",1";
  json many = json::parse(example("reading.json"));
  many["items"] = json::parse(items + "]");
  EXPECT_EQ(decodeUp(many.dump()).error().reason, "more than 1000");
  // Quadratic work on these would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Codec, WritesValidJsonEvenFromOctetsThatAreNoText) {
  Observation observation;
  observation.person = PersonId("p\xff\xfe");
  observation.device = DeviceId("d");
  const auto decoded = decodeObservation(encodeObservation(observation));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->person, PersonId("p\xef\xbf\xbd\xef\xbf\xbd"));
}

/// What decodes must be written so that it decodes to the same.
void checkTotal(const std::string& text) {
  if (const auto up = decodeUp(text)) {
    const auto written = encode(up->message);
    const auto again = decodeUp(written);
    ASSERT_TRUE(again) << text;
    ASSERT_TRUE(again->faults.empty()) << text << "\n" << again->faults[0].fault.place;
    ASSERT_EQ(encode(again->message), written);
  }
  if (const auto receipt = decodeReceipt(text)) {
    ASSERT_TRUE(decodeReceipt(encode(*receipt))) << text;
  }
  if (const auto status = decodeStatus(text)) {
    ASSERT_TRUE(decodeStatus(encode(*status))) << text;
  }
  (void)decodeObservation(text);
  (void)decodeVerdict(text);
}

TEST(Codec, GivesAValueOrAFaultForAnyMutationOfTheExamples) {
  std::mt19937 random(20261124);
  const std::string palette = "\"{}[]:,0123456789eE+-.\\truefalsn \x00\xff\xc3";
  int understood = 0;
  for (const char* name : {"reading.json", "alert.json", "receipt.json", "status.json"}) {
    const std::string original = json::parse(example(name)).dump();
    for (int round = 0; round < 3000; ++round) {
      std::string text = original;
      for (unsigned edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
        const std::size_t at = random() % text.size();
        switch (random() % 5) {
          case 0:
            text[at] = static_cast<char>(random() % 256);
            break;
          case 1:
            text[at] = palette[random() % palette.size()];
            break;
          case 2:
            text.erase(at, 1 + random() % 20);
            break;
          case 3:
            text.insert(at, text.substr(random() % text.size(), random() % 40));
            break;
          default:
            text.resize(text.size() - random() % 3);
            break;
        }
      }
      checkTotal(text);
      if (HasFatalFailure()) return;
      understood += decodeUp(text) || decodeReceipt(text) || decodeStatus(text) ? 1 : 0;
    }
    for (std::size_t length = 0; length < original.size(); ++length) {
      EXPECT_FALSE(decodeUp(original.substr(0, length)));
    }
  }
  EXPECT_GT(understood, 500);  // the mutations reach behind the parser
}

}  // namespace
}  // namespace vardnav::wire
