// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/wire/configuration.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

namespace vardnav::wire {
namespace {

using nlohmann::json;

// The public key of RFC 8032, section 7.1, TEST 2; config.json was signed by another program.
constexpr auto kPublic = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

std::string example(const std::string& name) {
  std::ifstream file(std::string(VARDNAV_SOURCE_DIR "/pipelines/wire/examples/") + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

std::string changed(const char* pointer, const json& value) {
  json document = json::parse(example("configuration.json"));
  document[json::json_pointer(pointer)] = value;
  return document.dump();
}

TEST(Configuration, WritesTheExampleBackAsItWasRead) {
  const auto decoded = decodeConfiguration(example("configuration.json"));
  ASSERT_TRUE(decoded) << decoded.error().place << " " << decoded.error().reason;
  EXPECT_EQ(json::parse(encode(*decoded)), json::parse(example("configuration.json")));
  EXPECT_EQ(decoded->bindings.at(1).slot, 5);
  EXPECT_EQ(decoded->patients.at(0).whenUnreached->en.substr(0, 25), "Take your rescue medicine");
  EXPECT_EQ(decoded->patients.at(0).rules.at(0).hash, decoded->rules.at(0).hash);
  EXPECT_EQ(json::parse(decoded->rules.at(0).document).at("id"), "fev1-fall");
}

TEST(Configuration, TheExampleEnvelopeIsSignedByItsKeyOverThePayloadsOctets) {
  const auto envelope = decodeEnvelope(example("config.json"));
  ASSERT_TRUE(envelope);
  const PublicKey key = *PublicKey::fromHex(kPublic);
  EXPECT_EQ(envelope->key, key.id());
  EXPECT_TRUE(isSignedBy(key, envelope->payload, envelope->signature));
  EXPECT_FALSE(isSignedBy(key, envelope->payload + " ", envelope->signature));
  EXPECT_TRUE(decodeConfiguration(envelope->payload));
}

TEST(Configuration, WhatIsSealedStaysGenuineOverTheWire) {
  const auto key = SigningKey::generate();
  ASSERT_TRUE(key);
  const std::string payload = example("configuration.json");  // with its line breaks and ÅÄÖ
  const Envelope sealed = seal(payload, *key);
  const auto opened = decodeEnvelope(encode(sealed));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->payload, payload);
  EXPECT_TRUE(isSignedBy(key->publicKey(), opened->payload, opened->signature));
  EXPECT_EQ(hashOf(*opened), hashOf(sealed));
}

TEST(Configuration, RefusesEachMissingFieldWithItsPlace) {
  const json whole = json::parse(example("configuration.json"));
  for (const auto& member : whole.items()) {
    json document = whole;
    document.erase(member.key());
    const auto decoded = decodeConfiguration(document.dump());
    ASSERT_FALSE(decoded) << member.key();
    EXPECT_EQ(decoded.error().place, "/" + member.key());
  }
}

TEST(Configuration, NamesThePlaceOfWhatItRefuses) {
  struct Case {
    const char* pointer;
    json value;
  };
  const std::vector<Case> cases = {
      {"/version", 2},
      {"/hub", "Hub 1"},
      {"/serial", 0},
      {"/serial", -1},
      {"/serial", 1e300},
      {"/issued_at", "yesterday"},
      {"/bindings/0/slot", 256},
      {"/bindings/1/until", "2026-01-01T00:00:00.000Z"},
      {"/rules/0/hash", "ABC"},
      {"/rules/0/document", "text"},
      {"/patients/0/language", "fi"},
      {"/patients/0/context", json::array()},
      {"/patients/0/rules/0/from", nullptr},
      {"/messages/0/until", "2026-11-24T00:00:00.000Z"},
      {"/messages/0/text/sv", 5},
      {"/patients/0/when_unreached/en", 5},
      {"/patients/0/when_unreached", "text"},
      {"/patients/0/when_unreached", {{"sv", " \n"}, {"en", "Call."}}},
  };
  for (const Case& c : cases) {
    const auto decoded = decodeConfiguration(changed(c.pointer, c.value));
    ASSERT_FALSE(decoded) << c.pointer;
    EXPECT_EQ(decoded.error().place, c.pointer);
  }
}

TEST(Configuration, RefusesDepthLengthAndNumberOfEntriesBeforeBuildingMuch) {
  EXPECT_EQ(decodeConfiguration(std::string(1 << 20, '[')).error().reason, "nested too deeply");
  EXPECT_EQ(decodeEnvelope(std::string((1 << 20) + 1, ' ')).error().reason, "longer than 1 MiB");
  json many = json::parse(example("configuration.json"));
  std::string entries = "[1";
  for (int i = 0; i < 10'000; ++i) entries += ",1";
  many["bindings"] = json::parse(entries + "]");
  EXPECT_EQ(decodeConfiguration(many.dump()).error().reason, "more than 10000 entries");
}

TEST(Configuration, GivesAValueOrAFaultForAnyMutationOfTheExamples) {
  std::mt19937 random(20261126);
  for (const char* name : {"configuration.json", "config.json"}) {
    const std::string original = example(name);
    for (int round = 0; round < 3000; ++round) {
      std::string text = original;
      for (auto edits = 1 + random() % 3; edits > 0; --edits) {
        const std::size_t at = random() % text.size();
        if (random() % 2 == 0) {
          text[at] = static_cast<char>(random() % 256);
        } else {
          text.erase(at, 1 + random() % 20);
        }
      }
      if (const auto decoded = decodeConfiguration(text)) {
        ASSERT_TRUE(decodeConfiguration(encode(*decoded))) << text;
      }
      if (const auto envelope = decodeEnvelope(text)) {
        const auto again = decodeEnvelope(encode(*envelope));
        ASSERT_TRUE(again);
        ASSERT_EQ(again->payload, envelope->payload);
      }
    }
  }
}

}  // namespace
}  // namespace vardnav::wire
