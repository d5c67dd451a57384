// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/alerts/episode.h"

#include <algorithm>

#include "cloud/alerts/timers.h"
#include "cloud/alerts/working_day.h"

namespace vardnav::cloud::alerts {
namespace {

bool isClearing(Transition transition) {
  return transition == Transition::kCleared || transition == Transition::kWithdrawn;
}

bool isAccepted(const Episode& episode) {
  return episode.state == State::kAcknowledged || episode.state == State::kInProgress;
}

/// Calls the routed level (again). What was due sooner stays due then.
void restartLadder(Episode& episode, UtcTime now, UtcTime dueAt) {
  if (!isAccepted(episode) && episode.due == Due::kEscalate) {
    dueAt = std::min(dueAt, episode.dueAt);
  }
  episode.state = State::kRaised;
  episode.rung = 0;
  episode.isContactOverdue = false;
  episode.calledAt = now;
  episode.due = episode.priority == Priority::kP3 ? Due::kRemind : Due::kEscalate;
  episode.dueAt = dueAt;
}

void note(Episode& episode, const Firing& firing) {
  if (firing.isAfter(episode.newest)) episode.newest = firing;
  episode.isCleared = isClearing(episode.newest.transition);
  if (isClearing(firing.transition)) return;
  if (episode.earliest.isAfter(firing)) episode.earliest = firing;
  if (firing.isAfter(episode.newestRaise)) episode.newestRaise = firing;
  episode.priority = std::min(episode.priority, firing.priority);
}

void applyRaised(Episode& episode, const Event& event) {
  const Firing& firing = *event.firing;
  episode.earliest = episode.newest = episode.newestRaise = firing;
  episode.priority = firing.priority;
  episode.receivedAt = event.at;
  restartLadder(episode, event.at, firstDue(firing.priority, event.at));
}

void applyWorsened(Episode& episode, const Event& event) {
  note(episode, *event.firing);
  const UtcTime dueAt = episode.priority == Priority::kP1 ? event.at + kCalledAgain
                                                          : firstDue(episode.priority, event.at);
  restartLadder(episode, event.at, dueAt);
}

void applyRepeated(Episode& episode, const Event& event) {
  const Firing& firing = *event.firing;
  const bool isNews = firing.isAfter(episode.newest);
  const bool wasCleared = episode.isCleared;
  note(episode, firing);
  if (!isNews) return;
  if (firing.priority == Priority::kP1) {
    if (isAccepted(episode) || wasCleared) {
      restartLadder(episode, event.at, event.at + kCalledAgain);
    } else {
      episode.state = State::kRaised;
      episode.dueAt = std::min(episode.dueAt, event.at + kCalledAgain);
    }
  } else if (wasCleared) {
    restartLadder(episode, event.at, firstDue(episode.priority, event.at));
  }
}

void applyAcknowledged(Episode& episode, const Event& event) {
  episode.state = State::kAcknowledged;
  episode.owner = event.by;
  episode.rung = 0;
  episode.isContactOverdue = false;
  episode.due = Due::kRemind;
  episode.dueAt = contactDue(episode.priority, episode.calledAt, event.at);
}

void applyReminded(Episode& episode, const Event& event) {
  if (episode.state == State::kAcknowledged && episode.priority != Priority::kP3) {
    episode.isContactOverdue = true;
    episode.due = Due::kEscalate;
    episode.dueAt = event.at + rungOf(episode.priority);
  } else {
    episode.dueAt = nextWorkingMorning(event.at);
  }
}

void applyEscalated(Episode& episode, const Event& event) {
  episode.isEscalated = true;
  episode.state = State::kRaised;
  episode.team = event.team;
  ++episode.rung;
  episode.due = Due::kEscalate;
  episode.dueAt = event.at + rungOf(episode.priority);
}

}  // namespace

void apply(Episode& episode, const Event& event) {
  if (event.kind != EventKind::kNotified) ++episode.version;
  episode.changedAt = event.at;
  switch (event.kind) {
    case EventKind::kRaised:
      applyRaised(episode, event);
      break;
    case EventKind::kWorsened:
      applyWorsened(episode, event);
      break;
    case EventKind::kRepeated:
      applyRepeated(episode, event);
      break;
    case EventKind::kCleared:
      note(episode, *event.firing);
      break;
    case EventKind::kRouted:
      episode.team = event.team;
      break;
    case EventKind::kNotified:
      if (episode.state == State::kRaised) episode.state = State::kNotified;
      break;
    case EventKind::kAcknowledged:
      applyAcknowledged(episode, event);
      break;
    case EventKind::kBegun:
      episode.state = State::kInProgress;
      episode.isContactOverdue = false;
      episode.due = Due::kRemind;
      episode.dueAt = nextWorkingMorning(event.at);
      break;
    case EventKind::kReminded:
      applyReminded(episode, event);
      break;
    case EventKind::kEscalated:
      applyEscalated(episode, event);
      break;
    case EventKind::kClosed:
      episode.state = State::kClosed;
      episode.due = Due::kNothing;
      break;
  }
}

Episode fold(std::span<const Event> events) {
  Episode episode;
  for (const Event& event : events) apply(episode, event);
  return episode;
}

}  // namespace vardnav::cloud::alerts
