// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's unit of work: what a hub sends, what an operator does and what falls due, each in
// one transaction. Core thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/alerts/life_cycle.h"
#include "cloud/core/care_store.h"
#include "cloud/core/event_sink.h"
#include "cloud/core/in_hand.h"
#include "cloud/core/judging.h"

namespace vardnav::cloud {

enum class SetAsideReason : std::uint8_t {
  kMalformed,       // malformed
  kUnknownVersion,  // unknown-version
  kUnknownHub,      // unknown-hub: not in the registry
  kForeignHub,      // foreign-hub: the message names another hub than its topic
  kForeignPerson,   // foreign-person: not one of the hub's
  kInconsistent,    // inconsistent: parts of one item contradict each other
  kConflict,        // conflict: another value under a key that is known
  kNotStorable,     // not-storable: the store refused it for good
  kPoison,          // poison: the process has ended at it more than once
};
std::string_view nameOf(SetAsideReason reason);
/// To technicians: what was set aside, and what to do.
std::string_view adviceOn(SetAsideReason reason);

/// For the log: what was set aside, without its content.
struct SetAsideNote {
  SetAsideReason reason = SetAsideReason::kMalformed;
  std::string detail;
};

struct Ingested {
  /// To be published now; everything they name is durable. None for a status, nor for a message
  /// whose stream could not be read.
  std::vector<wire::Receipt> receipts;
  std::vector<SetAsideNote> setAside;
  std::optional<wire::Status> status;  ///< of a heartbeat that was understood
};

/// What a hub sent. Hub and channel ("alert", "reading", "status") are those of the topic: what the
/// broker has authenticated.
struct Inbound {
  const HubId& hub;
  std::string_view channel;
  std::string_view payload;
};

enum class ActOutcome : std::uint8_t {
  kDone,
  kNotFound,      ///< none, or none of the teams may see it
  kVersionMoved,  ///< somebody or something was first: look again
  kAlreadyAcknowledged,
  kNotAcknowledged,  ///< close needs an owner first
  kClosed,
};

class CareCore {
 public:
  /// All outlive the core.
  CareCore(CareStore& store, EventSink& sink, InHandNote& inHand)
      : store_(store), sink_(sink), inHand_(inHand) {}
  /// Notes nothing: what ends the process may end it again.
  CareCore(CareStore& store, EventSink& sink) : CareCore(store, sink, none_) {}
  CareCore(const CareCore&) = delete;
  CareCore& operator=(const CareCore&) = delete;

  /// An error means that nothing of the message is stored and no receipt may go out: the hub sends
  /// again. Bad input is no error: it is set aside and receipted.
  Result<Ingested> ingest(const HubId& hub, std::string_view channel, std::string_view payload,
                          UtcTime now);
  /// Each as ingest() takes it, in the order given, in one transaction: the disk is waited for
  /// once. Where that cannot be, in one each, so that one message holds up no other.
  std::vector<Result<Ingested>> ingestAll(std::span<const Inbound> messages, UtcTime now);

  /// `version` is the one the operator saw; `teams` are his.
  Result<ActOutcome> acknowledge(const EpisodeId& id, std::span<const TeamId> teams,
                                 std::uint64_t version, const alerts::Actor& by, UtcTime now);
  /// The owner has begun to act (first contact made).
  Result<ActOutcome> begin(const EpisodeId& id, std::span<const TeamId> teams,
                           std::uint64_t version, const alerts::Actor& by, UtcTime now);
  Result<ActOutcome> close(const EpisodeId& id, std::span<const TeamId> teams,
                           std::uint64_t version, const alerts::Actor& by,
                           alerts::CloseReason reason, std::string_view note, UtcTime now);
  /// These episodes are on `by`'s screen: raised ones become notified. Call it when a worklist,
  /// an episode or its event is delivered; costs one read where nothing changes.
  Result<void> noteShown(std::span<const EpisodeId> ids, const alerts::Actor& by, UtcTime now);

  /// The broker is there, and hubs can be heard, since then; nullopt: it is away. Until this has
  /// been said no hub counts as silent: a backend that was down has heard nobody.
  void setListening(std::optional<UtcTime> since) { listeningSince_ = since; }
  /// Tells of what the backend has found in readings of hubs whose others have not come within
  /// kHeldAtMost. About once a minute.
  Result<void> tellHeld(UtcTime now);
  /// Opens technical alerts of hubs that say nothing. About once a minute.
  Result<void> watchHubs(UtcTime now);
  /// false: it is not there, cleared, or somebody was first.
  Result<bool> acknowledgeTechnical(const std::string& id, const alerts::Actor& by, UtcTime now);

  /// A new pause, or the end of one (pauseOf(), endedPauseOf()). false: it was ended before.
  Result<bool> keepPause(const Pause& pause);

  /// Escalates and reminds what is due. Returns when it must be called next; nullopt: nothing is
  /// open. Call it at start, at that time, and after every ingest and act (or once a second).
  Result<std::optional<UtcTime>> runDue(UtcTime now);

 private:
  Result<std::vector<Ingested>> ingestTogether(std::span<const Inbound> messages, UtcTime now);
  Result<std::vector<Ingested>> commitTogether(std::span<const Inbound> messages, UtcTime now);
  using Act = std::function<alerts::Step(const alerts::Episode&)>;
  Result<ActOutcome> act(const EpisodeId& id, std::span<const TeamId> teams, UtcTime now,
                         const Act& decide);
  Result<bool> advance(const EpisodeId& id, UtcTime now);

  CareStore& store_;
  EventSink& sink_;
  NoInHandNote none_;
  InHandNote& inHand_;
  std::optional<UtcTime> listeningSince_;
  WatchBook watches_;
};

}  // namespace vardnav::cloud
