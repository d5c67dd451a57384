// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/episode_desk.h"

#include <algorithm>

#include "cloud/core/judging.h"

namespace vardnav::cloud {
namespace {

/// Opaque and never reused: a verdict opens at most one episode.
EpisodeId idFor(const Verdict& verdict) {
  const Key128 key = DigestBuilder()
                         .add("episode")
                         .add(verdict.person.value)
                         .add(ByteView(verdict.key.octets))
                         .key();
  return EpisodeId(key.toHex());
}

void describe(StoredEpisode& episode, const Verdict& verdict, const HubId& hub) {
  episode.condition = verdict.condition;
  episode.hub = hub;
  episode.ruleHash = verdict.ruleHash;
  episode.title = verdict.title;
  episode.why = verdict.why;
}

/// Of a withdrawal the ground is gone; only a human closes what was raised, as after a clear.
bool isClearing(const Verdict& verdict) {
  return verdict.transition == Transition::kCleared || verdict.transition == Transition::kWithdrawn;
}

bool contains(const std::vector<TeamId>& teams, const TeamId& team) {
  return std::ranges::find(teams, team) != teams.end();
}

/// Calls the routed level (again), which another level may have had until now.
bool isLadderAnew(const alerts::Episode& before, const alerts::Episode& after) {
  return after.calledAt != before.calledAt || after.priority != before.priority;
}

}  // namespace

Result<void> EpisodeDesk::tell(const Verdict& verdict, const HubId& hub) {
  // A clear that is taken back leaves the alert as it was before; nobody is told less by that.
  if (verdict.withdraws == Transition::kCleared) return {};
  auto current = transaction_.openEpisodeOf(verdict.person, verdict.rule);
  if (!current) return std::unexpected(current.error());
  if (!*current) {
    if (isClearing(verdict)) return {};
    return open(verdict, hub);
  }
  StoredEpisode& episode = **current;
  const auto audience = episode.audience;
  const bool isNewest = episode.state.newestRaise.verdict != verdict.key;
  if (auto done = add(episode, verdict); !done) return done;
  if (isNewest && episode.state.newestRaise.verdict == verdict.key) {
    describe(episode, verdict, hub);
  }
  if (auto done = absorbWaiting(episode, verdict); !done) return done;
  return save(episode, audience);
}

Result<void> EpisodeDesk::tellHeld(const HubId& hub) {
  const auto said = transaction_.verdictsOf(hub, now_ - kComparedBack);
  if (!said) return std::unexpected(said.error());
  for (const auto part : byRule(*said)) {
    for (const Verdict& verdict : heldOf(part)) {
      if (auto done = tell(verdict, hub); !done) return done;
    }
  }
  return {};
}

Result<void> EpisodeDesk::open(const Verdict& verdict, const HubId& hub) {
  StoredEpisode episode;
  episode.id = idFor(verdict);
  episode.person = verdict.person;
  episode.rule = verdict.rule;
  describe(episode, verdict, hub);
  const alerts::Event raised = alerts::raise(verdict, now_);
  alerts::apply(episode.state, raised);
  auto decision = decide(episode);
  if (!decision) return std::unexpected(decision.error());
  if (auto done = transaction_.insertEpisode(episode); !done) return done;
  if (auto done = transaction_.appendEvent(episode.id, raised); !done) return done;
  if (auto done = transaction_.attachVerdict(verdict, episode.id); !done) return done;
  if (auto done = route(episode, *decision); !done) return done;
  if (auto done = transaction_.count(Counter::kEpisodesRaised, 1); !done) return done;
  if (auto done = transaction_.count(Counter::kEpisodesRouted, 1); !done) return done;
  if (auto done = absorbWaiting(episode, verdict); !done) return done;
  return save(episode, {});
}

Result<void> EpisodeDesk::add(StoredEpisode& episode, const Verdict& verdict) {
  const alerts::Episode before = episode.state;
  if (auto done = record(episode, alerts::tell(before, verdict, now_)); !done) return done;
  if (auto done = transaction_.attachVerdict(verdict, episode.id); !done) return done;
  if (!isLadderAnew(before, episode.state)) return {};
  auto decision = decide(episode);
  if (!decision) return std::unexpected(decision.error());
  return route(episode, *decision);
}

Result<void> EpisodeDesk::absorbWaiting(StoredEpisode& episode, const Verdict& verdict) {
  if (isClearing(verdict)) return {};
  auto waiting = transaction_.unattachedVerdicts(episode.person, episode.rule, verdict.told);
  if (!waiting) return std::unexpected(waiting.error());
  for (const Verdict& one : *waiting) {
    if (auto done = add(episode, one); !done) return done;
  }
  return {};
}

Result<routing::Decision> EpisodeDesk::decide(const StoredEpisode& episode) {
  auto directory = transaction_.directory(episode.person);
  if (!directory) return std::unexpected(directory.error());
  return routing::decide({episode.person, episode.condition, episode.state.priority, now_},
                         *directory);
}

Result<void> EpisodeDesk::route(StoredEpisode& episode, const routing::Decision& decision) {
  if (auto done = transaction_.appendRoute(episode.id, decision); !done) return done;
  // Who was given it and is no longer on the route must not see it any more.
  const auto recipients = decision.recipients();
  std::erase_if(episode.audience, [&](const TeamId& team) {
    return std::ranges::find(recipients, team, &routing::Step::team) == recipients.end();
  });
  return record(episode, alerts::routed(decision, now_));
}

Result<void> EpisodeDesk::record(StoredEpisode& episode, const alerts::Event& event) {
  alerts::apply(episode.state, event);
  if (!episode.state.team.isEmpty() && !contains(episode.audience, episode.state.team)) {
    episode.audience.push_back(episode.state.team);
  }
  return transaction_.appendEvent(episode.id, event);
}

Result<void> EpisodeDesk::append(StoredEpisode& episode, const alerts::Event& event) {
  const auto audience = episode.audience;
  if (auto done = record(episode, event); !done) return done;
  return save(episode, audience);
}

Result<bool> EpisodeDesk::advance(StoredEpisode& episode) {
  if (episode.state.due == alerts::Due::kNothing || now_ < episode.state.dueAt) return false;
  const auto audience = episode.audience;
  if (alerts::isRoutedAnew(episode.state)) {
    auto decision = decide(episode);
    if (!decision) return std::unexpected(decision.error());
    if (auto done = route(episode, *decision); !done) return std::unexpected(done.error());
  }
  auto route = transaction_.routeOf(episode.id);
  if (!route) return std::unexpected(route.error());
  const auto event = alerts::advance(episode.state, *route, now_);
  if (!event) return false;
  if (auto done = record(episode, *event); !done) return std::unexpected(done.error());
  if (auto done = save(episode, audience); !done) return std::unexpected(done.error());
  return true;
}

Result<void> EpisodeDesk::save(StoredEpisode& episode, const std::vector<TeamId>& audienceBefore) {
  auto route = transaction_.routeOf(episode.id);
  if (!route) return std::unexpected(route.error());
  const alerts::Episode& state = episode.state;
  episode.nextTo.clear();
  if (state.due == alerts::Due::kEscalate) {
    episode.nextTo = alerts::nextRecipient(state, *route).name;
  } else if (state.due == alerts::Due::kRemind) {
    for (const routing::Step& step : route->steps) {
      if (step.team == state.team) episode.nextTo = step.name;
    }
  }
  if (auto done = transaction_.updateEpisode(episode); !done) return done;
  std::vector<TeamId> gone;
  std::ranges::copy_if(audienceBefore, std::back_inserter(gone),
                       [&](const TeamId& team) { return !contains(episode.audience, team); });
  hasLogged_ = true;
  return transaction_.logEpisode(episode.id, episode.audience, gone, now_);
}

}  // namespace vardnav::cloud
