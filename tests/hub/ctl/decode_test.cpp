// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/decode.h"

#include <gtest/gtest.h>

#include <set>

#include "pipelines/model/decimal.h"
#include "tests/ble/gatt/vectors.h"

namespace vardnav::ctl {
namespace {

using ble::gatt::loadVectors;
using ble::gatt::Vector;
using nlohmann::json;

/// Numbers by value, however they are written; the rest literally; more members are allowed.
bool isSame(const json& expected, const json& actual) {
  if (expected.is_object()) {
    if (!actual.is_object()) return false;
    for (const auto& [key, value] : expected.items()) {
      if (!actual.contains(key) || !isSame(value, actual.at(key))) return false;
    }
    return true;
  }
  if (expected.is_array()) {
    if (!actual.is_array() || expected.size() != actual.size()) return false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!isSame(expected[i], actual[i])) return false;
    }
    return true;
  }
  if (!expected.is_number()) return expected == actual;
  if (!actual.is_number()) return false;
  // As text and exactly: 36.4 is not 36.400000000000006.
  const auto a = Decimal::parse(expected.dump());
  const auto b = Decimal::parse(actual.dump());
  return a && b && *a == *b;
}

Rendering render(const Vector& vector) {
  const Decoder* decoder = decoderOf(vector.characteristic);
  if (decoder == nullptr) return std::unexpected("no decoder");
  Payload payload{vector.octets, Payload::Sender::kDevice, vector.isSegment()};
  if (vector.isClientWrite()) payload.sender = Payload::Sender::kClient;
  return decoder->render(payload);
}

Rendering render(std::string_view characteristic, std::string_view hex) {
  const auto octets = octetsOf(hex);
  return decoderOf(characteristic)->render({.octets = octets.value()});
}

// Sources: the "source" field of each line of tests/data/ble_vectors.jsonl.
TEST(Decode, EveryCaptureMeansWhatItsSourceSays) {
  unsigned accepted = 0;
  unsigned refused = 0;
  for (const Vector& vector : loadVectors()) {
    const Rendering actual = render(vector);
    if (vector.isRefused()) {
      ASSERT_FALSE(actual) << vector.id;
      EXPECT_NE(actual.error(), "no decoder") << vector.id;
      ++refused;
    } else {
      ASSERT_TRUE(actual) << vector.id << ": " << actual.error();
      EXPECT_TRUE(isSame(vector.expect, json(*actual)))
          << vector.id << "\n  expected " << vector.expect << "\n  actual   " << *actual;
      ++accepted;
    }
  }
  EXPECT_EQ(accepted + refused, 156U);
  EXPECT_EQ(refused, 27U);
}

TEST(Decode, NoPrefixOfACaptureIsAccepted) {
  // Text of any length; and what ends where a record, an interval or a CRC may end.
  const std::set<std::string> open{"2A23", "2A25", "2A26", "2A29", "2A37",
                                   "2A9F", "2AA7", "2AAA", "2AAC"};
  unsigned prefixes = 0;
  for (Vector vector : loadVectors()) {
    if (vector.isRefused() || vector.isSegment() || open.contains(vector.characteristic)) continue;
    while (!vector.octets.empty()) {
      vector.octets.pop_back();
      EXPECT_FALSE(render(vector)) << vector.id << " cut to " << toHex(vector.octets);
      ++prefixes;
    }
  }
  EXPECT_GT(prefixes, 1000U);
}

TEST(Decode, OctetsAfterTheLastFieldAreCountedNotRefused) {
  EXPECT_EQ(render("2A5F", "0062004800")->value("trailing_octets", 0), 0);
  EXPECT_EQ(render("2A5F", "0062004800AABB")->value("trailing_octets", 0), 2);
}

TEST(Decode, NamesAreTakenInAnyCaseAndAsUuids) {
  for (const char* name : {"2a18", "0x2A18", "00002a18-0000-1000-8000-00805F9B34FB"}) {
    EXPECT_EQ(decoderOf(name), decoderOf("2A18")) << name;
  }
  EXPECT_NE(decoderOf("sfloat"), nullptr);
  EXPECT_EQ(decoderOf("2A1"), nullptr);
  EXPECT_EQ(decoderOf(""), nullptr);
}

TEST(Decode, HexIsTakenWithSeparators) {
  EXPECT_EQ(octetsOf("06 b0:0E-00"), octetsOf("06B00E00"));
  EXPECT_FALSE(octetsOf("06B"));
  EXPECT_FALSE(octetsOf("0x06"));
}

TEST(Decode, EveryNameStandsForOneDecoder) {
  std::set<std::string> names;
  for (const auto family :
       {glucoseDecoders(), scaleDecoders(), vitalDecoders(), cgmDecoders(), deviceDecoders(),
        controlDecoders(), healthDecoders(), vendorDecoders()}) {
    for (const Decoder& decoder : family) {
      EXPECT_TRUE(names.insert(std::string(decoder.characteristic)).second);
    }
  }
  EXPECT_GE(names.size(), 45U);
}

// What the captures do not show, by the specifications.
TEST(Decode, ImperialScalesGivePoundsAndInches) {
  EXPECT_TRUE(isSame(
      {{"weight", 150}, {"unit", "lb"}, {"user_id", nullptr}, {"bmi", 24.5}, {"height_in", 68.9}},
      json(*render("2A9D", "0D983AFFF500B102"))));
  EXPECT_TRUE(isSame({{"weight", nullptr}, {"measurement_unsuccessful", true}},
                     json(*render("2A9D", "00FFFF"))));
}

TEST(Decode, FahrenheitAndReservedTypesAreNamed) {
  EXPECT_TRUE(
      isSame({{"temperature", 98.6}, {"unit", "[degF]"}, {"type", 200}, {"type_name", "reserved"}},
             json(*render("2A1C", "05DA0300FFC8"))));
}

TEST(Decode, OximeterFieldsOfEveryKindAreNamed) {
  // fast 97/61, slow 96/62, status validated, sensor disconnected, index 1.5 %.
  EXPECT_TRUE(isSame({{"spo2_pct", 98},
                      {"spo2_fast_pct", 97},
                      {"pulse_fast_bpm", 61},
                      {"spo2_slow_pct", 96},
                      {"pulse_slow_bpm", 62},
                      {"measurement_status", 128},
                      {"device_status", 32768},
                      {"device_status_flags", {"sensor_disconnected"}},
                      {"pulse_amplitude_index_pct", 1.5}},
                     json(*render("2A5F",
                                  "1F6200480061003D0060003E008000008000"
                                  "0FF0"))));
}

TEST(Decode, ATickCounterHasNoWallTimeAndLocalTimeNoZ) {
  EXPECT_TRUE(
      isSame({{"tick", true}, {"resolution_s", 0.1}, {"raw_time", 500}, {"wall_time", nullptr}},
             json(*render("2BF2",
                          "05F40100000000000000"
                          "00"))));
  EXPECT_TRUE(isSame({{"wall_time", "2000-01-02T00:00:00"}, {"tz_dst_offset_min", -300}},
                     json(*render("2BF2",
                                  "30805101000000"
                                  "04EC0000"))));
  EXPECT_TRUE(isSame({{"wall_time", "2000-01-01T00:00:01.005Z"}}, json(*render("2BF2",
                                                                               "0AED03000000000000"
                                                                               "0000"))));
}

TEST(Decode, RecordAccessIsReadInBothDirectionsAndWidths) {
  EXPECT_TRUE(isSame({{"opcode", 5},
                      {"opcode_name", "number_of_stored_records_response"},
                      {"number_of_records", 450}},
                     json(*render("2A52", "0500C201"))));
  EXPECT_TRUE(isSame({{"number_of_records", 70000}}, json(*render("2A52", "050070110100"))));
  EXPECT_TRUE(isSame({{"number_of_records", 1}}, json(*render("2A52", "050001"))));
  EXPECT_FALSE(render("2A52", "0500030201"));
  EXPECT_FALSE(render("2A52", "0500"));
  EXPECT_TRUE(isSame({{"operator_name", "less_or_equal"}, {"max", 7}},
                     json(*render("2A52", "0402010700"))));
  EXPECT_TRUE(isSame({{"min", 43}}, json(*render("2A52", "0103012B000000"))));
  EXPECT_TRUE(isSame({{"opcode_name", "delete_stored_records"}}, json(*render("2A52", "0201"))));
  EXPECT_FALSE(render("2A52", "0103012B"));
  const auto octets = octetsOf("0101").value();
  const auto* decoder = decoderOf("2A52");
  EXPECT_EQ(decoder->render({octets, Payload::Sender::kDevice, false}).error(), "not_a_response");
}

TEST(Decode, CompoundCodesAndStatesAreRead) {
  // Blood pressure status of observation 123456: two terms; and the same as a mask of 32 bits.
  EXPECT_TRUE(isSame(
      {{"class", 5}, {"type_mdc", 8410608}, {"derived_from", {123456}}, {"mdc", {196848, 197038}}},
      json(*render("2B8B",
                   "0514008100F05580000140E20100"
                   "02F0000300AE010300"))));
  EXPECT_TRUE(isSame({{"class", 6}, {"supported_mask", "FFFFFFFF"}, {"set_mask", "F0000300"}},
                     json(*render("2B8B",
                                  "0618008100F05580000140E20100"
                                  "04FFFFFFFFFFFFFFFFF0000300"))));
}

TEST(Decode, ASegmentIsToldFromAWholeObservationWhereThatCanBe) {
  const std::string body =
      "0115000300"
      "0A540200"
      "2200C65931000001"
      "0040066B0100FE";
  EXPECT_FALSE(render("2B8B", body)->contains("first"));
  EXPECT_TRUE(isSame({{"first", true}, {"last", true}, {"counter", 0}, {"value", 3.63}},
                     json(*render("2B8B", "03" + body))));
  // A cut observation is no segment.
  for (std::size_t size = 0; size < body.size(); size += 2) {
    EXPECT_FALSE(render("2B8B", body.substr(0, size))) << size;
  }
  const auto later = octetsOf(
                         "06"
                         "0001004006"
                         "6B0100FE")
                         .value();
  const auto* decoder = decoderOf("2B8B");
  EXPECT_FALSE(decoder->render({.octets = later}));
  EXPECT_TRUE(isSame({{"first", false}, {"last", true}, {"counter", 1}},
                     json(*decoder->render({.octets = later, .isSegment = true}))));
}

TEST(Decode, AlertLevelsOfCgmControlAreNamed) {
  EXPECT_TRUE(isSame({{"opcode", 9}, {"patient_high_alert_mg_per_dl", 1.2}},
                     json(*render("2AAC", "090CF0"))));
  EXPECT_TRUE(isSame({{"opcode", 24}, {"rate_of_increase_alert_mg_per_dl_per_min", 100000}},
                     json(*render("2AAC", "180A40"))));
}

TEST(Decode, DeviceTextThatIsNoUtf8IsStillDecoded) {
  EXPECT_TRUE(render("2A29", "41FF"));
  EXPECT_EQ((*render("2A29", ""))["text"], "");
}

}  // namespace
}  // namespace vardnav::ctl
