// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the registry plans for one person: enrolments, the rules that watch, the hub and its
// devices, and pauses; and what is missing for anybody to watch at all. Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/alerts/episode.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "rules/document/floor.h"

namespace vardnav::cloud {

struct PatientView {
  PersonId id;
  std::string name;
  std::optional<int> birthYear;
};

struct EnrolmentView {
  EnrolmentId id;
  ConditionId condition;
  std::string careGiver;  ///< its name
  std::string team;       ///< its name
  UtcTime from{};
  std::optional<UtcTime> until;
  std::string consentBasis;
  std::string prescriber;
};

struct PlannedRule {
  RuleId rule;
  std::uint32_t version = 0;
  std::string hash;
  std::string document;
  bool isFloor = false;
  UtcTime from{};  ///< judges what was measured from then on
  // By RuleShelf::judge():
  std::optional<std::string> lack = std::nullopt;  ///< why it never runs
  rules::FloorCover cover{};
};

struct PlannedEnrolment {
  EnrolmentView view;
  std::vector<TeamId> teams;       ///< its team, and its backup
  std::vector<PlannedRule> rules;  ///< by rule, then from; those to come are among them
};

struct PlannedHub {
  HubId hub;
  std::size_t devices = 0;  ///< bound to the person now
  std::optional<UtcTime> heardAt;
  std::optional<UtcTime> exposedSince;  ///< a technical alert says that nobody watches through it
};

/// Nothing is told of the rule from `from` until `until`, or until it was ended. Floor rules are
/// never paused.
struct Pause {
  std::string id;
  PersonId person;
  RuleId rule;
  UtcTime from{};   ///< included
  UtcTime until{};  ///< excluded
  std::string reason;
  alerts::Actor by;
  std::optional<UtcTime> endedAt;  ///< before its time
  std::optional<alerts::Actor> endedBy;

  UtcTime end() const { return endedAt ? *endedAt : until; }
};

struct CarePlan {
  PatientView patient;
  std::string context = R"({"format":1})";   ///< facts and prescribed values, as rules reads them
  std::vector<PlannedEnrolment> enrolments;  ///< valid now
  std::vector<PlannedHub> hubs;
  std::vector<Pause> pauses;  ///< by from; of all time
};

/// Why nobody watches.
enum class Gap : std::uint8_t {
  kNoRules,    // no-rules: none in force
  kRulesIdle,  // rules-idle: none in force can run, for want of a fact or a prescribed value
  kNoFloor,  // no-floor: a reading of the floor (rules/document/floor.h) would wait, or not be told
  kNoHub,    // no-hub: the person has none
  kNoDevice,    // no-device: none is bound to the person
  kNeverHeard,  // hub-never-heard
  kHubAway,     // hub-away: silent, or it says itself that it cannot collect
};
std::string_view nameOf(Gap gap);

/// Empty: rules watch, the floor of the enrolment's condition and of what they read among them, a
/// device is bound and its hub works. One of several hubs is enough.
std::vector<Gap> gapsOf(const CarePlan& plan, const PlannedEnrolment& enrolment, UtcTime now);

/// Every enrolment that is valid now is without gaps, and there is one.
bool isMonitored(const CarePlan& plan, UtcTime now);

/// The newest version of each that is in force.
std::vector<const PlannedRule*> inForce(const PlannedEnrolment& enrolment, UtcTime now);

struct PauseWish {
  RuleId rule;
  UtcTime until{};
  std::string reason;
};

enum class PauseRefusal : std::uint8_t {
  kUnknown,    // unknown: no such rule watches the person; no such pause
  kOtherTeam,  // other-team: it watches for other teams' enrolments
  kFloor,      // floor
  kPaused,     // paused: already
  kEnded,      // ended: already
  kExpiry,     // expiry: none, too near or too far
  kReason,     // reason: none, or too long
};
std::string_view nameOf(PauseRefusal refusal);

/// Hub and backend judge by the same pause, so both must have it when it begins or ends.
inline constexpr Milliseconds kPauseTakesEffect = std::chrono::minutes{1};
inline constexpr Milliseconds kLongestPause = std::chrono::days{30};
inline constexpr std::size_t kLongestPauseReason = 500;  ///< octets

/// The pause that `by`, of these teams, may set. Its id is new.
std::expected<Pause, PauseRefusal> pauseOf(const CarePlan& plan, const PauseWish& wish,
                                           std::span<const TeamId> teams, const alerts::Actor& by,
                                           UtcTime now);
/// The same pause, ended.
std::expected<Pause, PauseRefusal> endedPauseOf(const CarePlan& plan, const std::string& id,
                                                std::span<const TeamId> teams,
                                                const alerts::Actor& by, UtcTime now);

/// What a transaction keeps of them.
class PauseBook {
 public:
  virtual ~PauseBook() = default;
  /// kConflict: its id is there.
  virtual Result<void> insertPause(const Pause& pause) = 0;
  /// Only its end is new. false: there is none, or it was ended before.
  virtual Result<bool> endPause(const Pause& pause) = 0;
};

}  // namespace vardnav::cloud
