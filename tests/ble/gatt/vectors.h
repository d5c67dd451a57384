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

  bool isRefused() const { return expect.contains("error"); }
};

/// All lines; throws if the file is missing or damaged.
std::vector<Vector> loadVectors();

/// Every value the decoders give for this vector under the capture file's names; {"error": reason}
/// if it is refused. Throws for a characteristic that has no decoder.
nlohmann::json decodedAsJson(const Vector& vector);

bool hasDecoder(const Vector& vector);

/// What encoding the decoded value gives; only for vectors that are not refused. Empty: there is no
/// encoder for this direction.
Bytes encodedAgain(const Vector& vector);

}  // namespace vardnav::ble::gatt
