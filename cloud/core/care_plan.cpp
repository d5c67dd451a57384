// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/care_plan.h"

#include <algorithm>

#include "pipelines/model/digest.h"

namespace vardnav::cloud {
namespace {

bool isOneOf(std::span<const TeamId> teams, std::span<const TeamId> wanted) {
  return std::ranges::find_first_of(teams, wanted) != teams.end();
}

/// nullopt: it may.
std::optional<PauseRefusal> refusalOf(const CarePlan& plan, const RuleId& rule,
                                      std::span<const TeamId> teams) {
  bool isKnown = false;
  bool isOwn = false;
  for (const PlannedEnrolment& enrolment : plan.enrolments) {
    for (const PlannedRule& one : enrolment.rules) {
      if (one.rule != rule) continue;
      if (one.isFloor) return PauseRefusal::kFloor;
      isKnown = true;
      isOwn = isOwn || isOneOf(enrolment.teams, teams);
    }
  }
  if (!isKnown) return PauseRefusal::kUnknown;
  if (!isOwn) return PauseRefusal::kOtherTeam;
  return std::nullopt;
}

rules::FloorCover coverOf(const PlannedEnrolment& enrolment, UtcTime now) {
  rules::FloorCover cover;
  for (const PlannedRule* rule : inForce(enrolment, now)) {
    if (rule->lack) continue;
    cover.asked |= rule->cover.asked;
    cover.told |= rule->cover.told;
  }
  return cover;
}

/// The condition's floor goes to the condition's team; that of what else is read, to any.
bool hasFloor(const CarePlan& plan, const PlannedEnrolment& enrolment, UtcTime now) {
  const rules::FloorCover own = coverOf(enrolment, now);
  rules::FloorSet toldAtAll;
  for (const PlannedEnrolment& one : plan.enrolments) toldAtAll |= coverOf(one, now).told;
  return (rules::floorsOf(enrolment.view.condition) & ~own.told).none() &&
         (own.asked & ~toldAtAll).none();
}

bool isBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string_view nameOf(Gap gap) {
  switch (gap) {
    case Gap::kNoRules:
      return "no-rules";
    case Gap::kRulesIdle:
      return "rules-idle";
    case Gap::kNoFloor:
      return "no-floor";
    case Gap::kNoHub:
      return "no-hub";
    case Gap::kNoDevice:
      return "no-device";
    case Gap::kNeverHeard:
      return "hub-never-heard";
    case Gap::kHubAway:
      return "hub-away";
  }
  return "no-rules";
}

std::string_view nameOf(PauseRefusal refusal) {
  switch (refusal) {
    case PauseRefusal::kUnknown:
      return "unknown";
    case PauseRefusal::kOtherTeam:
      return "other-team";
    case PauseRefusal::kFloor:
      return "floor";
    case PauseRefusal::kPaused:
      return "paused";
    case PauseRefusal::kEnded:
      return "ended";
    case PauseRefusal::kExpiry:
      return "expiry";
    case PauseRefusal::kReason:
      return "reason";
  }
  return "unknown";
}

std::vector<const PlannedRule*> inForce(const PlannedEnrolment& enrolment, UtcTime now) {
  std::vector<const PlannedRule*> rules;
  for (const PlannedRule& one : enrolment.rules) {
    if (one.from > now) continue;
    const auto older = std::ranges::find(rules, one.rule, &PlannedRule::rule);
    if (older == rules.end()) {
      rules.push_back(&one);
    } else if ((*older)->from <= one.from) {
      *older = &one;
    }
  }
  return rules;
}

std::vector<Gap> gapsOf(const CarePlan& plan, const PlannedEnrolment& enrolment, UtcTime now) {
  std::vector<Gap> gaps;
  const auto rules = inForce(enrolment, now);
  const auto isIdle = [](const PlannedRule* rule) { return rule->lack.has_value(); };
  if (rules.empty()) {
    gaps.push_back(Gap::kNoRules);
  } else if (std::ranges::all_of(rules, isIdle)) {
    gaps.push_back(Gap::kRulesIdle);
  } else if (!hasFloor(plan, enrolment, now)) {
    gaps.push_back(Gap::kNoFloor);
  }
  if (plan.hubs.empty()) {
    gaps.push_back(Gap::kNoHub);
    return gaps;
  }
  const auto isEquipped = [](const PlannedHub& hub) { return hub.devices > 0; };
  const auto works = [&](const PlannedHub& hub) {
    return isEquipped(hub) && hub.heardAt && !hub.exposedSince;
  };
  if (std::ranges::any_of(plan.hubs, works)) return gaps;
  if (std::ranges::none_of(plan.hubs, isEquipped)) gaps.push_back(Gap::kNoDevice);
  const auto isHeard = [](const PlannedHub& hub) { return hub.heardAt.has_value(); };
  const auto isAway = [](const PlannedHub& hub) { return hub.exposedSince.has_value(); };
  if (std::ranges::none_of(plan.hubs, isHeard)) {
    gaps.push_back(Gap::kNeverHeard);
  } else if (std::ranges::any_of(plan.hubs, isAway)) {
    gaps.push_back(Gap::kHubAway);
  }
  return gaps;
}

bool isMonitored(const CarePlan& plan, UtcTime now) {
  const auto isWatched = [&](const PlannedEnrolment& enrolment) {
    return gapsOf(plan, enrolment, now).empty();
  };
  return !plan.enrolments.empty() && std::ranges::all_of(plan.enrolments, isWatched);
}

std::expected<Pause, PauseRefusal> pauseOf(const CarePlan& plan, const PauseWish& wish,
                                           std::span<const TeamId> teams, const alerts::Actor& by,
                                           UtcTime now) {
  if (const auto refusal = refusalOf(plan, wish.rule, teams)) return std::unexpected(*refusal);
  Pause pause;
  pause.person = plan.patient.id;
  pause.rule = wish.rule;
  pause.from = now + kPauseTakesEffect;
  pause.until = wish.until;
  pause.reason = wish.reason;
  pause.by = by;
  if (pause.until <= pause.from || pause.until > now + kLongestPause) {
    return std::unexpected(PauseRefusal::kExpiry);
  }
  if (isBlank(wish.reason) || wish.reason.size() > kLongestPauseReason) {
    return std::unexpected(PauseRefusal::kReason);
  }
  for (const Pause& other : plan.pauses) {
    if (other.rule == wish.rule && other.end() > pause.from) {
      return std::unexpected(PauseRefusal::kPaused);
    }
  }
  pause.id = DigestBuilder()
                 .add("pause")
                 .add(pause.person.value)
                 .add(pause.rule.value)
                 .add(toRfc3339(pause.from))
                 .key()
                 .toHex();
  return pause;
}

std::expected<Pause, PauseRefusal> endedPauseOf(const CarePlan& plan, const std::string& id,
                                                std::span<const TeamId> teams,
                                                const alerts::Actor& by, UtcTime now) {
  const auto found = std::ranges::find(plan.pauses, id, &Pause::id);
  if (found == plan.pauses.end()) return std::unexpected(PauseRefusal::kUnknown);
  // Who may set it may end it; and who watches the person at all, once its rule no longer does.
  const auto refusal = refusalOf(plan, found->rule, teams);
  if (refusal == PauseRefusal::kOtherTeam) return std::unexpected(*refusal);
  if (found->endedAt || found->until <= now) return std::unexpected(PauseRefusal::kEnded);
  Pause ended = *found;
  ended.endedAt = std::min(now + kPauseTakesEffect, ended.until);
  ended.endedBy = by;
  return ended;
}

}  // namespace vardnav::cloud
