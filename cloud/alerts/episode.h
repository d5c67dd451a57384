// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An episode: one alert from raised to closed, as an append-only list of events and the fold over
// them. Clinical facts (priority, cleared, when raised) are those of the verdicts' own order
// (told, at, key), whatever the order of arrival; timers run from arrival. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "cloud/routing/directory.h"
#include "pipelines/model/digest.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::cloud::alerts {

/// A person who acts.
struct Actor {
  std::string username;
  std::string name;
  friend bool operator==(const Actor&, const Actor&) = default;
};

enum class State : std::uint8_t {
  kRaised,        // raised: nobody has seen it since it was last raised
  kNotified,      // notified: somebody who may act has it on a screen
  kAcknowledged,  // acknowledged: it has an owner
  kInProgress,    // in_progress: the owner has begun to act
  kClosed,        // closed
};
std::string_view nameOf(State state);
std::optional<State> stateFromName(std::string_view name);

enum class EventKind : std::uint8_t {
  kRaised,        // raised
  kWorsened,      // worsened: a higher priority
  kRepeated,      // repeated: fired again while open
  kRouted,        // routed
  kNotified,      // notified
  kAcknowledged,  // acknowledged
  kBegun,         // begun
  kReminded,      // reminded
  kEscalated,     // escalated
  kCleared,       // cleared: the condition no longer holds; never closes
  kClosed,        // closed
};
std::string_view nameOf(EventKind kind);
std::optional<EventKind> eventKindFromName(std::string_view name);

enum class CloseReason : std::uint8_t {
  kContactedAdvice,  // contacted-advice
  kPlanChanged,      // plan-changed
  kVisitBooked,      // visit-booked
  kEmergency,        // emergency
  kTechniqueError,   // technique-error
  kWrongPerson,      // wrong-person
  kExpected,         // expected
  kRuleUnsuitable,   // rule-unsuitable
  kDuplicate,        // duplicate
};
std::string_view nameOf(CloseReason reason);
std::optional<CloseReason> closeReasonFromName(std::string_view name);

/// What a verdict brings to an episode.
struct Firing {
  Key128 verdict;
  Transition transition = Transition::kRaised;
  Priority priority = Priority::kP3;
  UtcTime at{};
  UtcTime told{};
  bool isLate = false;

  /// The order of what the rules said, whatever the order of arrival.
  bool isAfter(const Firing& other) const {
    return std::tie(told, at, verdict) > std::tie(other.told, other.at, other.verdict);
  }
};

struct Event {
  EventKind kind = EventKind::kRaised;
  UtcTime at{};                       ///< when the backend knew
  std::optional<Actor> by;            ///< nullopt: the backend itself
  std::optional<Firing> firing;       ///< raised, worsened, repeated, cleared
  TeamId team;                        ///< routed, escalated, reminded: to whom
  std::optional<CloseReason> reason;  ///< closed
  std::string note;                   ///< closed
  Text text;
};

enum class Due : std::uint8_t {
  kNothing,   // none: closed
  kEscalate,  // escalate
  kRemind,    // remind
};
std::string_view nameOf(Due due);
std::optional<Due> dueFromName(std::string_view name);

/// The fold. Every open episode has a `due` other than kNothing.
struct Episode {
  /// Events that an operator decides upon: all but notified.
  std::uint64_t version = 0;
  State state = State::kRaised;
  bool isEscalated = false;
  bool isCleared = false;
  Priority priority = Priority::kP3;  ///< the highest of the episode: it never eases
  Firing earliest;                    ///< of the raises: its `at` is when the alert was raised
  UtcTime receivedAt{};               ///< by the backend, of the first firing to arrive
  Firing newest;                      ///< of all firings, clears too
  Firing newestRaise;                 ///< what title, reason and inputs are taken from
  UtcTime calledAt{};                 ///< when the ladder began for the last time
  UtcTime changedAt{};                ///< of the newest event
  std::optional<Actor> owner;         ///< stays when the alert repeats
  TeamId team;                        ///< who has it now
  std::uint32_t rung = 0;             ///< of the ladder: 0 is the routed level
  bool isContactOverdue = false;      ///< acknowledged, reminded, still open
  Due due = Due::kNothing;
  UtcTime dueAt{};  ///< meaningless when due is kNothing
};

void apply(Episode& episode, const Event& event);
Episode fold(std::span<const Event> events);

}  // namespace vardnav::cloud::alerts
