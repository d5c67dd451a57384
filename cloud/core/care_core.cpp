// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/care_core.h"

#include <algorithm>

#include "cloud/core/episode_desk.h"
#include "cloud/core/ingest.h"

namespace vardnav::cloud {
namespace {

/// Timers taken up in one run; the rest follows in the next, which is due at once.
constexpr std::size_t kDueAtOnce = 256;

ActOutcome outcomeOf(alerts::Refusal refusal) {
  switch (refusal) {
    case alerts::Refusal::kVersionMoved:
      return ActOutcome::kVersionMoved;
    case alerts::Refusal::kAlreadyAcknowledged:
      return ActOutcome::kAlreadyAcknowledged;
    case alerts::Refusal::kNotAcknowledged:
      return ActOutcome::kNotAcknowledged;
    case alerts::Refusal::kClosed:
      return ActOutcome::kClosed;
  }
  return ActOutcome::kVersionMoved;
}

bool isSeenBy(const StoredEpisode& episode, std::span<const TeamId> teams) {
  return std::ranges::any_of(teams, [&](const TeamId& team) {
    return std::ranges::find(episode.audience, team) != episode.audience.end();
  });
}

}  // namespace

Result<Ingested> CareCore::ingest(const HubId& hub, std::string_view channel,
                                  std::string_view payload, UtcTime now) {
  const Inbound message{hub, channel, payload};
  auto all = ingestTogether({&message, 1}, now);
  if (!all) return std::unexpected(all.error());
  return std::move(all->front());
}

std::vector<Result<Ingested>> CareCore::ingestAll(std::span<const Inbound> messages, UtcTime now) {
  std::vector<Result<Ingested>> outcomes;
  if (auto all = ingestTogether(messages, now)) {
    for (Ingested& one : *all) outcomes.emplace_back(std::move(one));
    return outcomes;
  } else if (messages.size() == 1) {
    outcomes.emplace_back(std::unexpected(all.error()));
    return outcomes;
  }
  for (const Inbound& one : messages) {
    outcomes.push_back(ingest(one.hub, one.channel, one.payload, now));
  }
  return outcomes;
}

Result<std::vector<Ingested>> CareCore::ingestTogether(std::span<const Inbound> messages,
                                                       UtcTime now) {
  // An exception passes by: it ends the process as well, and is to be laid to what is at work.
  auto all = commitTogether(messages, now);
  if (!all) inHand_.gaveUp();
  return all;
}

Result<std::vector<Ingested>> CareCore::commitTogether(std::span<const Inbound> messages,
                                                       UtcTime now) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  watches_.lookAgain();
  std::vector<Ingested> all;
  bool hasLogged = false;
  for (const Inbound& one : messages) {
    Ingest ingest(**transaction, watches_, inHand_, one.hub, now);
    if (auto done = ingest.take(one.channel, one.payload); !done) {
      return std::unexpected(done.error());
    }
    hasLogged = hasLogged || ingest.hasLogged();
    all.push_back(std::move(ingest.outcome()));
  }
  inHand_.end();
  if (auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  inHand_.done();
  if (hasLogged) sink_.eventsStored();
  return all;
}

Result<ActOutcome> CareCore::act(const EpisodeId& id, std::span<const TeamId> teams, UtcTime now,
                                 const Act& decide) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  auto episode = (*transaction)->episode(id);
  if (!episode) return std::unexpected(episode.error());
  if (!*episode || !isSeenBy(**episode, teams)) return ActOutcome::kNotFound;
  const alerts::Step step = decide((*episode)->state);
  if (!step) return outcomeOf(step.error());
  EpisodeDesk desk(**transaction, now);
  if (auto done = desk.append(**episode, *step); !done) return std::unexpected(done.error());
  if (auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  sink_.eventsStored();
  return ActOutcome::kDone;
}

Result<ActOutcome> CareCore::acknowledge(const EpisodeId& id, std::span<const TeamId> teams,
                                         std::uint64_t version, const alerts::Actor& by,
                                         UtcTime now) {
  return act(id, teams, now, [&](const alerts::Episode& episode) {
    return alerts::acknowledge(episode, version, by, now);
  });
}

Result<ActOutcome> CareCore::begin(const EpisodeId& id, std::span<const TeamId> teams,
                                   std::uint64_t version, const alerts::Actor& by, UtcTime now) {
  return act(id, teams, now, [&](const alerts::Episode& episode) {
    return alerts::begin(episode, version, by, now);
  });
}

Result<ActOutcome> CareCore::close(const EpisodeId& id, std::span<const TeamId> teams,
                                   std::uint64_t version, const alerts::Actor& by,
                                   alerts::CloseReason reason, std::string_view note, UtcTime now) {
  return act(id, teams, now, [&](const alerts::Episode& episode) {
    return alerts::close(episode, version, by, reason, note, now);
  });
}

Result<void> CareCore::noteShown(std::span<const EpisodeId> ids, const alerts::Actor& by,
                                 UtcTime now) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  EpisodeDesk desk(**transaction, now);
  for (const EpisodeId& id : ids) {
    auto episode = (*transaction)->episode(id);
    if (!episode) return std::unexpected(episode.error());
    if (!*episode) continue;
    const auto event = alerts::notified((*episode)->state, by, now);
    if (!event) continue;
    if (auto done = desk.append(**episode, *event); !done) return done;
  }
  if (!desk.hasLogged()) return {};
  if (auto done = (*transaction)->commit(); !done) return done;
  sink_.eventsStored();
  return {};
}

Result<bool> CareCore::advance(const EpisodeId& id, UtcTime now) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  auto episode = (*transaction)->episode(id);
  if (!episode) return std::unexpected(episode.error());
  if (!*episode) return false;
  EpisodeDesk desk(**transaction, now);
  auto moved = desk.advance(**episode);
  if (!moved || !*moved) return moved;
  if (auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  return true;
}

Result<void> CareCore::tellHeld(UtcTime now) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  const auto hubs = (*transaction)->hubsWithHeld(now - kComparedBack, now - kHeldAtMost);
  if (!hubs) return std::unexpected(hubs.error());
  EpisodeDesk desk(**transaction, now);
  for (const HubId& hub : *hubs) {
    if (auto done = desk.tellHeld(hub); !done) return done;
  }
  if (!desk.hasLogged()) return {};
  if (auto done = (*transaction)->commit(); !done) return done;
  sink_.eventsStored();
  return {};
}

Result<void> CareCore::watchHubs(UtcTime now) {
  if (!listeningSince_ || now - *listeningSince_ < TechnicalDesk::kSilentAfter) return {};
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done = TechnicalDesk(**transaction, now).watchSilence(); !done) return done;
  return (*transaction)->commit();
}

Result<bool> CareCore::acknowledgeTechnical(const std::string& id, const alerts::Actor& by,
                                            UtcTime now) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  const auto isDone = (*transaction)->acknowledgeTechnical(id, by, now);
  if (!isDone || !*isDone) return isDone;
  if (auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  return true;
}

Result<bool> CareCore::keepPause(const Pause& pause) {
  auto transaction = store_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  if (pause.endedAt) {
    const auto isDone = (*transaction)->endPause(pause);
    if (!isDone || !*isDone) return isDone;
  } else if (auto done = (*transaction)->insertPause(pause); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  return true;
}

Result<std::optional<UtcTime>> CareCore::runDue(UtcTime now) {
  std::vector<EpisodeId> due;
  {
    auto transaction = store_.begin();
    if (!transaction) return std::unexpected(transaction.error());
    auto ids = (*transaction)->due(now, kDueAtOnce);
    if (!ids) return std::unexpected(ids.error());
    due = *std::move(ids);
  }
  // Each in a transaction of its own: one that cannot be moved on holds up no other.
  std::optional<Error> failure;
  bool hasMoved = false;
  for (const EpisodeId& id : due) {
    const auto moved = advance(id, now);
    if (!moved && !failure) failure = moved.error();
    hasMoved = hasMoved || (moved && *moved);
  }
  if (hasMoved) sink_.eventsStored();
  if (failure) return std::unexpected(*failure);
  return store_.nextDue();
}

}  // namespace vardnav::cloud
