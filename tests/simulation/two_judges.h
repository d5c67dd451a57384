// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Two persons under the shipped rules with the devices that these listen to, for some time, from a
// seed, which also says for what they are ill: hub and backend judge the same readings, which come
// late, in another order, twice, with unknown time, corrected, HI, LO, NaN, of a bad blow or an
// unconfirmed person, over a link that loses and is away, while rules and contexts change and rules
// are paused. What the two told is held against each other.
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
  /// Rules, contexts and pauses change midway, for each side when it hears of it. Of a rule that is
  /// touched by it a difference at the end may be one of inputs, and is not looked for; the
  /// backend's own comparison, which makes `alerts`, knows which inputs were the same.
  bool isReconfigured = true;
  Sabotage sabotage = Sabotage::kNone;
};

inline constexpr std::uint64_t kPersons = 2;

Judged run(const Judges& judges);

}  // namespace vardnav::simulation
