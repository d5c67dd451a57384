// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The captures of tests/data/ble_vectors.jsonl: payloads from public test suites, logs and
// specifications with what they mean, each naming its source.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipelines/model/bytes.h"

namespace vardnav::ble::gatt {

struct Vector {
  std::string id;
  std::string characteristic;  ///< "2A18", "SFLOAT"
  Bytes octets;
  nlohmann::json expect;
  std::string source;
  std::string note;
  std::string line;  ///< as it stands in the file

  bool isRefused() const { return expect.contains("error"); }
  bool isClientWrite() const { return note.starts_with("client write"); }
  bool isSegment() const { return expect.contains("counter"); }
};

/// All lines; throws if the file is missing or damaged.
std::vector<Vector> loadVectors();

}  // namespace vardnav::ble::gatt
