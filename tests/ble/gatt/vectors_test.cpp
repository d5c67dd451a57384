// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/gatt/vectors.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {
namespace {

using nlohmann::json;

/// Numbers by value and exactly, however they are written; the rest literally.
bool isSame(const json& expected, const json& actual);

bool areMembersSame(const json& expected, const json& actual) {
  for (const auto& [key, value] : expected.items()) {
    if (!actual.contains(key) || !isSame(value, actual.at(key))) return false;
  }
  return true;
}

bool isSame(const json& expected, const json& actual) {
  if (expected.is_object()) return actual.is_object() && areMembersSame(expected, actual);
  if (expected.is_array()) {
    if (!actual.is_array() || expected.size() != actual.size()) return false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!isSame(expected[i], actual[i])) return false;
    }
    return true;
  }
  if (!expected.is_number()) return expected == actual;
  const auto a = Decimal::parse(expected.dump());
  const auto b = Decimal::parse(actual.is_string() ? actual.get<std::string>() : actual.dump());
  return a && b && *a == *b;
}

/// The capture file's reasons in our words.
std::string ourReason(const std::string& reason) {
  static const std::map<std::string, std::string> kReasons{
      {"truncated", "truncated"},         {"month_out_of_range", "bad-date"},
      {"bad_length", "bad-length"},       {"not_a_response", "bad-op-code"},
      {"unknown_class", "unknown-class"}, {"bundle_count_exceeds_members", "truncated"},
  };
  return kReasons.at(reason);
}

const std::set<std::string> kCovered{"SFLOAT", "FLOAT", "2A08", "2A2B", "2BF2", "2A18", "2A34",
                                     "2A51",   "2A52",  "2A9D", "2A9E", "2B8B", "2BDD"};

// Sources: the "source" field of each line of tests/data/ble_vectors.jsonl.
TEST(Vectors, EveryLineOfACoveredCharacteristicMeansWhatItsSourceSays) {
  unsigned accepted = 0;
  unsigned refused = 0;
  for (const Vector& vector : loadVectors()) {
    if (!kCovered.contains(vector.characteristic)) continue;
    ASSERT_TRUE(hasDecoder(vector)) << vector.id;
    const json actual = decodedAsJson(vector);
    if (vector.isRefused()) {
      EXPECT_EQ(actual.value("error", "accepted"), ourReason(vector.expect.at("reason")))
          << vector.id;
      ++refused;
    } else {
      EXPECT_TRUE(isSame(vector.expect, actual))
          << vector.id << "\n  expected " << vector.expect << "\n  actual   " << actual;
      ++accepted;
    }
  }
  // As many lines as the file has for these characteristics: a silently skipped line would show.
  EXPECT_EQ(accepted, 70U);
  EXPECT_EQ(refused, 11U);
}

TEST(Vectors, EncodingADecodedCaptureGivesItsOctetsAgain) {
  unsigned checked = 0;
  for (const Vector& vector : loadVectors()) {
    if (!kCovered.contains(vector.characteristic) || vector.isRefused()) continue;
    const Bytes encoded = encodedAgain(vector);
    if (encoded.empty()) continue;
    EXPECT_EQ(toHex(encoded), toHex(vector.octets)) << vector.id;
    ++checked;
  }
  EXPECT_EQ(checked, 44U);
}

TEST(Vectors, NoPrefixOfACaptureIsAccepted) {
  unsigned prefixes = 0;
  for (Vector vector : loadVectors()) {
    if (!kCovered.contains(vector.characteristic) || vector.isRefused()) continue;
    // A cut request is answered, not refused; a segment is not decoded by itself.
    if (vector.note.starts_with("client write") || vector.expect.contains("counter")) continue;
    while (!vector.octets.empty()) {
      vector.octets.pop_back();
      EXPECT_TRUE(decodedAsJson(vector).contains("error"))
          << vector.id << " cut to " << toHex(vector.octets);
      ++prefixes;
    }
  }
  EXPECT_GT(prefixes, 600U);
}

}  // namespace
}  // namespace vardnav::ble::gatt
