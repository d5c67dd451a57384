// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the registry says a person is judged by. Plain data, any thread.
#pragma once

#include <string>
#include <vector>

#include "pipelines/model/time.h"

namespace vardnav::cloud {

/// A rule document that judges a person's readings of this event time and later.
struct PersonRule {
  std::string hash;
  std::string document;
  UtcTime from{};
};
struct PersonRules {
  std::string context;  ///< JSON as rules reads it, pauses written in
  std::vector<PersonRule> rules;
};

}  // namespace vardnav::cloud
