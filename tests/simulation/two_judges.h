// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Two persons with a meter and a scale each under the shipped rules, for some time, from a seed:
// hub and backend judge the same readings, which come late, in another order, with unknown time and
// corrected, over a link that loses and is away, while rules and contexts change and rules are
// paused. What the two told is held against each other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipelines/model/time.h"

namespace vardnav::simulation {

enum class Sabotage : std::uint8_t {
  kNone,
  kLimit,       ///< the hub compares with another limit than its document says
  kWithdrawal,  ///< the hub does not tell what it takes back
};

struct Judged {
  std::uint64_t readings = 0;            ///< stored by the backend
  std::uint64_t placedAnew = 0;          ///< readings whose time was known only later
  std::uint64_t agreed = 0;              ///< verdicts that both told
  std::uint64_t withdrawn = 0;           ///< of all verdicts
  std::uint64_t restarts = 0;            ///< of the hub
  std::uint64_t changes = 0;             ///< of rules, contexts and pauses
  std::uint64_t alerts = 0;              ///< technical, that hub and backend diverge
  std::vector<std::string> differences;  ///< what one side told and the other did not
};

struct Judges {
  std::uint64_t seed = 1;
  std::chrono::days length{365};
  /// Rules, contexts and pauses change midway. A difference at the end may then be one of inputs,
  /// and is not looked for; the backend's own comparison knows which inputs were the same.
  bool isReconfigured = true;
  Sabotage sabotage = Sabotage::kNone;
};

inline constexpr std::uint64_t kPersons = 2;

Judged run(const Judges& judges);

}  // namespace vardnav::simulation
