// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A request for a replay over a stored past: answered with lines, or refused with what to change.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "cloud/api/replay_answer.h"

namespace {

using vardnav::Decimal;
using vardnav::Observation;

void require(bool holds) {
  if (!holds) std::abort();
}

Observation glucose(std::uint8_t number, int tenths) {
  Observation one;
  one.reading.octets[0] = number;
  one.value = vardnav::Value::of(Decimal(tenths, -1));
  one.unit = vardnav::Unit::kMillimolePerLitre;
  one.at = one.receivedAt =
      *vardnav::parseRfc3339("2026-11-24T09:00:00Z") + std::chrono::hours{number};
  return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const std::vector<Observation> revisions = {glucose(1, 61), glucose(2, 27), glucose(3, 145)};
  const vardnav::cloud::PersonRules own{R"({"format":1,"can_remeasure":false})", {}};
  // Ends by counting, so that an input takes the same way each time.
  int asked = 0;
  const auto isTimeUp = [&asked] { return ++asked > 20'000; };
  const auto answer = vardnav::cloud::api::replayAnswer(body, revisions, own, isTimeUp);
  require(answer.status == 200 || answer.status == 400 || answer.status == 422);
  require(answer.status == 200 || answer.contentType == "application/problem+json");
  require(answer.body.empty() || answer.status != 200 || answer.body.back() == '\n');
  return 0;
}
