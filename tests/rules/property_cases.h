// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How many cases the properties of one binary try. The ordinary tests try the same ones for ever,
// so that a failure is the change's; the slow ones try others each time, and print from which seed.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace vardnav::rules {

/// Before main: `[[maybe_unused]] const bool kTried = tryCases(400);`, once in a binary, because
/// rapidcheck reads its settings once. RC_PARAMS of the environment stands, and repeats a failure;
/// VARDNAV_NEW_SEED asks for a new seed and ten times the cases.
inline bool tryCases(unsigned cases) {
  const bool isNew = std::getenv("VARDNAV_NEW_SEED") != nullptr;
  const unsigned seed = isNew ? std::random_device()() : 20261126U;
  const std::string settings =
      "seed=" + std::to_string(seed) + " max_success=" + std::to_string(isNew ? 10 * cases : cases);
  setenv("RC_PARAMS", settings.c_str(), 0);
  if (isNew) std::printf("RC_PARAMS=\"%s\"\n", std::getenv("RC_PARAMS"));
  return isNew;
}

}  // namespace vardnav::rules
