// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A glucose meter that answers record access by itself.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/record_access.h"
#include "ble/session/glucose_session.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {

inline Bytes measurement(std::uint16_t number, bool contextFollows = false) {
  gatt::GlucoseMeasurement out;
  out.sequence = number;
  out.baseTime = gatt::DateTime::of(*parseIsoLocal("2019-08-21T06:31:13"));
  out.concentration.emplace().value = Decimal(100 + number % 50, -5);
  out.contextFollows = contextFollows;
  return *gatt::encode(out);
}

inline Bytes context(std::uint16_t number) {
  gatt::GlucoseContext out;
  out.sequence = number;
  out.meal = gatt::GlucoseContext::Meal::kFasting;
  return *gatt::encode(out);
}

/// A meter with these records, that answers requests by itself.
class GlucoseBench : public Bench {
 public:
  GlucoseBench() {
    client.present = {"2A08", "2A18", "2A34", "2A51", "2A52"};
    client.readable["2A08"] = *fromHex("E3070815061F0D");  // 2019-08-21 06:31:13
    client.onWrite = [this](const std::string& uuid, const std::string& hex) {
      if (uuid == "2A52") serve(hex);
    };
  }

  void start() {
    Bench::start([this](const SessionPorts& to) { return makeGlucoseSession(to, options); });
  }

  std::vector<std::string> requests() const {
    std::vector<std::string> out;
    for (const std::string& line : client.journal) {
      if (line.starts_with("write 2A52 ")) out.push_back(line.substr(11));
    }
    return out;
  }

  GlucoseOptions options;
  std::vector<std::uint16_t> records;
  std::optional<std::uint16_t> count;  ///< the meter's answer to how many; nullopt: none
  bool isSilent = false;               ///< requests are not answered
  std::optional<std::string> answer;   ///< instead of the true one, once

 private:
  static constexpr auto kWidth = gatt::RecordNumberWidth::kU16;

  void serve(const std::string& hex) {
    if (isSilent) return;
    if (answer) return client.notify("2A52", std::string_view(*std::exchange(answer, {})));
    const auto request =
        gatt::decodeRecordRequest(*fromHex(hex), gatt::RecordNumberWidth::kU16)->value;
    if (request.op == 4) {
      if (count) client.notify("2A52", *gatt::encode(gatt::RecordCount{*count}, kWidth));
      return;
    }
    ASSERT_EQ(request.op, 1) << hex;
    std::vector<std::uint16_t> selected;
    for (const std::uint16_t number : records) {
      if (request.records != 3 || number >= request.from) selected.push_back(number);
    }
    if (request.records == 6 && selected.size() > 1) selected = {selected.back()};
    for (const std::uint16_t number : selected) client.notify("2A18", measurement(number));
    client.notify("2A52", std::string_view(selected.empty() ? "06000106" : "06000101"));
  }
};

}  // namespace vardnav::ble
