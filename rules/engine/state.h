// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the engine remembers of one rule and one person between readings; kept by the stores as
// text. Plain data, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/code.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"
#include "rules/engine/checkpoints.h"
#include "rules/engine/sample.h"

namespace vardnav::rules {

inline constexpr std::size_t kMaxLevels = 3;
inline constexpr std::size_t kMaxAbsences = 16;
inline constexpr std::size_t kMaxSeries = 16;
/// A state that needs more samples is kept without them, and reads history for its windows.
inline constexpr std::size_t kMaxStoredSamples = 48;
inline constexpr std::size_t kMostUnspoken = 64;
inline constexpr UtcTime kNever = UtcTime::min();

/// The patient was asked to measure again.
struct StandingGate {
  UtcTime firstAt{};
  std::uint8_t level = 0;  ///< of the rule, at the first reading
  Priority priority = Priority::kP3;
  Code signal = Code::kGlucose;  ///< of which a second reading is waited for
  ReadingKey first;
  friend bool operator==(const StandingGate&, const StandingGate&) = default;
};

struct LevelState {
  UtcTime trueSince = kNever;
  bool hasPersisted = false;
  friend bool operator==(const LevelState&, const LevelState&) = default;
};

/// Waits for the end of a pause; person, rule, condition, title and when it is told are said then.
struct Unspoken {
  Verdict verdict;
  friend bool operator==(const Unspoken& a, const Unspoken& b) {
    return a.verdict.key == b.verdict.key;
  }
};

struct RuleState {
  /// Of the rules and the context that judged all of it, see judgeOf(); 0: of several. Only what
  /// one judge made is what going over history again would make.
  std::uint64_t judgedBy = 0;
  std::uint16_t acts = 0;          ///< judged since the newest checkpoint
  std::optional<UtcTime> since;    ///< see begin(); nullopt: from the first call on
  std::uint64_t program = 0;       ///< Program::identity of `series`; 0: none yet
  UtcTime newestEvent = kNever;    ///< of the readings judged and of what the clock brought
  UtcTime firedUntil = kNever;     ///< what the clock brought up to here is done
  UtcTime arrivedAt = kNever;      ///< when the newest that is judged became known
  std::optional<Priority> open;    ///< the highest since it was raised; nullopt: none, or cleared
  UtcTime firedAt = kNever;        ///< latest raise or worsening
  Priority fired = Priority::kP3;  ///< its priority
  Truth status = Truth::kUnknown;
  bool isHeld = false;  ///< a level waits for the end of the cool-down
  std::optional<bool> heldConfirmed;
  bool isPaused = false;
  std::optional<StandingGate> gate;
  std::array<LevelState, kMaxLevels> levels;  ///< as in the rule
  std::optional<std::uint16_t> missed;        ///< slots in a row; nullopt: none was due yet
  UtcTime slotsDone = kNever;                 ///< ends and graces up to here
  UtcTime nextSlot = kNever;                  ///< next end or grace; kNever: to be reckoned
  UtcTime newestScheduled = kNever;           ///< newest valid reading that serves a slot
  std::vector<UtcTime> newestValid;           ///< of each absence of the program
  std::uint32_t absencesFired = 0;            ///< bit per absence: its time has been judged
  std::uint32_t withdrawals = 0;              ///< told so far
  bool isSpilled = false;                     ///< `series` holds the newest samples only
  std::vector<SeriesState> series;
  std::vector<Unspoken> unspoken;
  Checkpoints checkpoints;  ///< by the same judge; none where there were several

  friend bool operator==(const RuleState&, const RuleState&) = default;
};

/// A state as one line of printable ASCII, in two parts: what nearly every reading changes, and
/// what few do, so that those do not write it.
struct StateText {
  std::string standing;
  std::string checkpoints;  ///< empty: none
  friend bool operator==(const StateText&, const StateText&) = default;
};

/// What does not fit kMaxStoredSamples is left out, and said so.
std::string standingOf(const RuleState& state);
std::string checkpointsOf(const RuleState& state);
StateText textOf(const RuleState& state);
/// nullopt: of an unknown version, or damaged. Of checkpoints only their order is looked at; a
/// state whose checkpoints are damaged has none.
std::optional<RuleState> decodeState(const StateText& text);
/// False: a store must be given the checkpoints of `state`, which was decoded from `text`, though
/// they have not changed: they were damaged, or written before the parts were apart.
bool hasCheckpointsApart(const StateText& text, const RuleState& state);

/// Both parts in one.
std::string encode(const RuleState& state);
std::optional<RuleState> decodeState(std::string_view text);
/// Without its checkpoints and what is unspoken.
std::string encodeAlone(const RuleState& state);

}  // namespace vardnav::rules
