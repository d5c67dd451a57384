// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/routing/route.h"

#include <algorithm>
#include <array>

namespace vardnav::cloud::routing {
namespace {

struct Context {
  const Question& question;
  const Directory& directory;
  const Enrolment* enrolment;  ///< nullptr: none is valid
  Text noEnrolment;            ///< why, if none is
};

/// What one level says. Without a team, `outcome` tells why there is none.
struct Match {
  const Team* team = nullptr;
  Outcome outcome = Outcome::kNotNamed;
  Text reason;
};

struct Matcher {
  Level level;
  Match (*match)(const Context&);
};

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

Text conditionName(const ConditionId& condition) {
  if (condition.value == "diabetes") return {"diabetes", "diabetes"};
  if (condition.value == "copd") return {"KOL", "COPD"};
  if (condition.value == "heart-failure") return {"hjärtsvikt", "heart failure"};
  return {condition.value, condition.value};
}

const Team* teamOf(const Directory& directory, const TeamId& id) {
  const auto found = std::ranges::find(directory.teams, id, &Team::id);
  return found == directory.teams.end() ? nullptr : &*found;
}

std::string careGiverName(const Directory& directory, const CareGiverId& id) {
  const auto found = std::ranges::find(directory.careGivers, id, &CareGiver::id);
  return found == directory.careGivers.end() ? id.value : found->name;
}

/// The first by id, so that the same directory in another order decides the same.
const Team* firstTeam(const Directory& directory, Team::Role role, const CareGiverId& careGiver) {
  const Team* first = nullptr;
  for (const Team& team : directory.teams) {
    if (team.role != role || team.careGiver != careGiver) continue;
    if (first == nullptr || team.id < first->id) first = &team;
  }
  return first;
}

Match noEnrolment(const Context& context) {
  return {nullptr, Outcome::kNotApplicable, context.noEnrolment};
}

/// A team that an enrolment names may take it only if it is of the accountable care giver:
/// handing over to another one is disclosure, and needs a contract.
Match named(const Context& context, const TeamId& id, const Text& accepted) {
  const Team* team = teamOf(context.directory, id);
  if (team == nullptr) {
    return {nullptr,
            Outcome::kNotNamed,
            {"Inskrivningen anger " + quoted(id.value) + ", som inte finns i registret.",
             "The enrolment names " + quoted(id.value) + ", which the registry does not know."}};
  }
  if (team->careGiver != context.enrolment->careGiver) {
    const std::string name = careGiverName(context.directory, context.enrolment->careGiver);
    return {nullptr,
            Outcome::kNotApplicable,
            {team->name + " hör inte till den ansvariga vårdgivaren " + name + ".",
             team->name + " does not belong to the accountable care giver " + name + "."}};
  }
  return {team, Outcome::kNext, accepted};
}

Match matchTeam(const Context& context) {
  if (context.enrolment == nullptr) return noEnrolment(context);
  const Text condition = conditionName(context.question.condition);
  const std::string name = careGiverName(context.directory, context.enrolment->careGiver);
  return named(context, context.enrolment->team,
               {"Teamet i den gällande inskrivningen för " + condition.sv + " hos " + name + ".",
                "The team of the valid enrolment for " + condition.en + " with " + name + "."});
}

Match matchBackup(const Context& context) {
  if (context.enrolment == nullptr) return noEnrolment(context);
  if (!context.enrolment->backup) {
    return {nullptr,
            Outcome::kNotNamed,
            {"Inskrivningen anger ingen ersättare.", "The enrolment names no backup."}};
  }
  return named(context, *context.enrolment->backup,
               {"Ersättaren i inskrivningen.", "The enrolment's backup."});
}

Match matchDuty(const Context& context) {
  if (context.enrolment == nullptr) return noEnrolment(context);
  const CareGiverId& careGiver = context.enrolment->careGiver;
  const std::string name = careGiverName(context.directory, careGiver);
  const Team* team = firstTeam(context.directory, Team::Role::kDuty, careGiver);
  if (team == nullptr) {
    return {
        nullptr,
        Outcome::kNotNamed,
        {name + " har ingen journivå i registret.", name + " has no duty level in the registry."}};
  }
  return {team, Outcome::kNext, {"Journivån hos " + name + ".", "The duty level of " + name + "."}};
}

Match matchPartner(const Context& context) {
  if (context.enrolment == nullptr) return noEnrolment(context);
  const std::string name = careGiverName(context.directory, context.enrolment->careGiver);
  return {nullptr,
          Outcome::kNotNamed,
          {name + " har inget avtal med en annan utförare i registret.",
           name + " has no contract with a partner in the registry."}};
}

Match matchServiceOwner(const Context& context) {
  const Team* team = firstTeam(context.directory, Team::Role::kServiceOwner, {});
  return {team == nullptr ? &builtInDesk() : team,
          Outcome::kNext,
          {"Tjänsteägarens desk tar emot det som ingen annan nivå tar.",
           "The service owner's desk takes what no other level takes."}};
}

/// The route, in order. A further level, or a matcher that overrides one, is a row here.
const std::array<Matcher, 5>& matchers() {
  static const std::array<Matcher, 5> kMatchers = {{
      {Level::kTeam, matchTeam},
      {Level::kBackup, matchBackup},
      {Level::kDuty, matchDuty},
      {Level::kPartner, matchPartner},
      {Level::kServiceOwner, matchServiceOwner},
  }};
  return kMatchers;
}

bool isOf(const Enrolment& enrolment, const Question& question) {
  return enrolment.person == question.person && enrolment.condition == question.condition;
}

/// The one that began last; of two, the lower id.
const Enrolment* validEnrolment(const Question& question, const Directory& directory) {
  const Enrolment* best = nullptr;
  for (const Enrolment& enrolment : directory.enrolments) {
    if (!isOf(enrolment, question) || !enrolment.isValidAt(question.moment)) continue;
    if (best == nullptr || enrolment.from > best->from ||
        (enrolment.from == best->from && enrolment.id < best->id)) {
      best = &enrolment;
    }
  }
  return best;
}

Text whyNone(const Question& question, const Directory& directory) {
  const Text condition = conditionName(question.condition);
  bool hasEnded = false;
  bool hasOther = false;
  bool isComing = false;
  for (const Enrolment& enrolment : directory.enrolments) {
    if (enrolment.person != question.person) continue;
    if (enrolment.condition != question.condition)
      hasOther = true;
    else if (enrolment.from > question.moment)
      isComing = true;
    else
      hasEnded = true;
  }
  if (hasEnded) {
    return {"Inskrivningen för " + condition.sv + " har upphört.",
            "The enrolment for " + condition.en + " has ended."};
  }
  if (isComing) {
    return {"Inskrivningen för " + condition.sv + " har inte börjat gälla.",
            "The enrolment for " + condition.en + " has not begun."};
  }
  if (hasOther) {
    return {"Ingen inskrivning för " + condition.sv +
                "; andra inskrivningar ger inte rätt att ta emot detta.",
            "No enrolment for " + condition.en + "; other enrolments give no right to this."};
  }
  return {"Ingen inskrivning för " + condition.sv + ".", "No enrolment for " + condition.en + "."};
}

Text explain(const Decision& decision, const Context& context) {
  const Step& chosen = decision.chosen();
  if (context.enrolment == nullptr) {
    return {context.noEnrolment.sv + " Därför går larmet till " + chosen.name + ".",
            context.noEnrolment.en + " The alert therefore goes to " + chosen.name + "."};
  }
  const std::string id = context.enrolment->id.value;
  const Text condition = conditionName(context.question.condition);
  return {"Larmet går till " + chosen.name + " enligt inskrivning " + id + " för " + condition.sv +
              ". " + chosen.reason.sv,
          "The alert goes to " + chosen.name + " by enrolment " + id + " for " + condition.en +
              ". " + chosen.reason.en};
}

}  // namespace

const Step& Decision::chosen() const {
  return *std::ranges::find(steps, Outcome::kChosen, &Step::outcome);
}

std::vector<Step> Decision::recipients() const {
  std::vector<Step> taken;
  std::ranges::copy_if(steps, std::back_inserter(taken), [](const Step& step) {
    return step.outcome == Outcome::kChosen || step.outcome == Outcome::kNext;
  });
  return taken;
}

const Team& builtInDesk() {
  static const Team kDesk{
      TeamId("service-owner"), {}, "Service owner's desk", Team::Role::kServiceOwner};
  return kDesk;
}

Decision decide(const Question& question, const Directory& directory) {
  Context context{question, directory, validEnrolment(question, directory), {}};
  if (context.enrolment == nullptr) context.noEnrolment = whyNone(question, directory);
  Decision decision;
  decision.decidedAt = question.moment;
  if (context.enrolment != nullptr) decision.enrolment = *context.enrolment;
  bool isTaken = false;
  for (const Matcher& matcher : matchers()) {
    const Match match = matcher.match(context);
    Step step{matcher.level, match.outcome, {}, {}, match.reason};
    // A team that two levels name is told once.
    const bool isRepeated =
        match.team != nullptr && std::ranges::any_of(decision.steps, [&](const Step& earlier) {
          return earlier.team == match.team->id;
        });
    if (isRepeated) {
      step.outcome = Outcome::kNotApplicable;
      step.reason = {"Samma team som en tidigare nivå.", "The same team as an earlier level."};
    } else if (match.team != nullptr) {
      step.outcome = isTaken ? Outcome::kNext : Outcome::kChosen;
      step.team = match.team->id;
      step.name = match.team->name;
      isTaken = true;
    }
    decision.steps.push_back(std::move(step));
  }
  decision.explanation = explain(decision, context);
  return decision;
}

}  // namespace vardnav::cloud::routing
