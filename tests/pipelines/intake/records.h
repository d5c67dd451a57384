// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Raw records for tests of intake: captured payloads by their id in tests/data/ble_vectors.jsonl
// (where each one's source is named), as a device would give them.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/intake/intake.h"

namespace vardnav::test {

inline const DeviceId kDevice("C0:FF:EE:00:00:01");
inline const PersonId kPerson("p-7f3a");

inline UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }
inline LocalTime local(std::string_view text) { return parseIsoLocal(text).value(); }

inline const UtcTime kReceived = utc("2026-11-24T10:00:00Z");

inline std::vector<intake::Binding> boundSince(std::string_view from) {
  return {{kDevice, std::nullopt, kPerson, utc(from), std::nullopt}};
}
inline std::vector<intake::Binding> bound() { return boundSince("2000-01-01T00:00:00Z"); }

inline RawRecord recordOf(std::string characteristic, std::string_view hex) {
  RawRecord record;
  record.device = kDevice;
  record.characteristic = std::move(characteristic);
  record.bytes = fromHex(hex).value();
  record.receivedAt = kReceived;
  return record;
}

inline RawRecord vectorOf(std::string_view id) {
  std::ifstream file(VARDNAV_TEST_DATA "/ble_vectors.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.at("id") == id)
      return recordOf(json.at("characteristic"), std::string(json.at("hex")));
  }
  throw std::runtime_error("no vector " + std::string(id));
}

inline ClockReading clockAt(DeviceTime::Timeline timeline, std::string_view device,
                            std::string_view hub) {
  return {{timeline, local(device)}, utc(hub), Milliseconds{1250}};
}

}  // namespace vardnav::test
