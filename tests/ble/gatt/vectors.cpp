// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/gatt/vectors.h"

#include <fstream>
#include <stdexcept>

namespace vardnav::ble::gatt {

std::vector<Vector> loadVectors() {
  std::ifstream file(VARDNAV_TEST_DATA "/ble_vectors.jsonl");
  if (!file) throw std::runtime_error("no tests/data/ble_vectors.jsonl");
  std::vector<Vector> out;
  for (std::string line; std::getline(file, line);) {
    const auto row = nlohmann::json::parse(line);
    out.push_back({row.at("id"), row.at("characteristic"),
                   fromHex(row.at("hex").get<std::string>()).value(), row.at("expect"),
                   row.at("source"), row.value("note", ""), line});
  }
  return out;
}

}  // namespace vardnav::ble::gatt
