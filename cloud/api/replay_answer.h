// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A replay over a person's stored past, from the request's body to the answer: the lines that
// `vardnavctl rules replay` writes over the same readings and context. Pure, any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/api/http_server.h"
#include "cloud/core/person_rules.h"
#include "pipelines/model/observation.h"

namespace vardnav::cloud::api {

/// Lines of one rule, and readings read again, that one answer may cost.
inline constexpr std::size_t kMostReplayedLines = 20'000;
inline constexpr std::size_t kMostReadAgain = 10'000'000;

/// `revisions` and `own` are the person's; `isTimeUp` ends a replay that takes too long.
Response replayAnswer(std::string_view body, std::vector<Observation> revisions,
                      const PersonRules& own, const std::function<bool()>& isTimeUp);

}  // namespace vardnav::cloud::api
