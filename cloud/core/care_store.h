// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the backend's durable memory: one transaction per message, act or timer run.
// cloud/store implements it. Core thread only: one thread owns the store for writing and for
// reading. Uniqueness (reading key, verdict key, one open episode per cause) is held by
// constraints of the store, not by searching first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/alerts/episode.h"
#include "cloud/core/care_plan.h"
#include "cloud/core/episode_id.h"
#include "cloud/core/person_rules.h"
#include "cloud/core/technical.h"
#include "cloud/routing/route.h"
#include "pipelines/model/error.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/verdict.h"
#include "pipelines/wire/messages.h"
#include "rules/engine/history.h"
#include "rules/engine/states.h"

namespace vardnav::cloud {

/// One life of one journalled stream of a hub.
struct StreamKey {
  HubId hub;
  EpochId epoch;
  wire::Stream stream = wire::Stream::kReading;
};

/// What was received and could not be used: kept as sent.
struct SetAsideItem {
  HubId hub;                              ///< by its topic
  std::optional<StreamKey> stream;        ///< nullopt: the message did not say
  std::optional<std::uint64_t> sequence;  ///< nullopt: the whole message
  std::string reason;                     ///< name of the reason: "foreign-person"
  std::string detail;                     ///< place and fault; no values
  std::string text;                       ///< as sent
};

/// By which kind of item a reading came.
enum class Bringer : std::uint8_t { kReadingItem, kAlertItem };

enum class ReadingInsert : std::uint8_t {
  kNew,
  kExpected,  ///< an alert brought it before; now its own item came
  kKnown,     ///< nothing new
  kConflict,  ///< known as another person's
};

enum class ObservationInsert : std::uint8_t {
  kNew,
  kKnown,
  kConflict,  ///< same reading, revision and code with another value, unit, person or time
};

struct StoredEpisode {
  EpisodeId id;
  PersonId person;
  RuleId rule;
  ConditionId condition;
  HubId hub;
  std::string ruleHash;
  Text title;
  Text why;
  alerts::Episode state;  ///< the fold of its events; read back by folding, never from columns
  std::vector<TeamId> audience;  ///< who may see it: all that it was given to, still lawful
  std::string nextTo;            ///< name of the team that the next action reaches
};

enum class Counter : std::uint8_t {
  kReadingsStored,
  kObservationsStored,
  kDuplicatesRefused,
  kSetAside,
  kAlertsReceived,
  kEpisodesRaised,
  kEpisodesRouted,
};
std::string_view nameOf(Counter counter);

enum class VerdictInsert : std::uint8_t {
  kNew,
  kAlsoSaid,  ///< the other side said it before, and an episode has it
  kWaited,    ///< the other side said it before, and no episode has it yet
  kKnown,     ///< this side said it before
};

/// Who told a verdict.
enum class Speaker : std::uint8_t { kHub, kBackend };

struct SaidVerdict {
  Verdict verdict;
  bool byHub = false;
  bool byBackend = false;
  std::optional<EpisodeId> episode;  ///< that has been told of it
  UtcTime storedAt{};                ///< by the backend's clock
};

class CareTransaction : public TechnicalBook,
                        public PauseBook,
                        public rules::History,
                        public rules::StateStore {
 public:
  /// Rolls back unless committed.
  ~CareTransaction() override = default;

  // Streams. Ranges are rising, disjoint and not adjacent.
  virtual Result<std::vector<wire::SequenceRange>> received(const StreamKey& stream) = 0;
  virtual Result<void> setReceived(const StreamKey& stream,
                                   std::span<const wire::SequenceRange> ranges) = 0;
  /// false: the same is there already.
  virtual Result<bool> setAside(const SetAsideItem& item, UtcTime now) = 0;
  /// It could be used after all: out of the receipts, and what was sent as `text` altogether.
  virtual Result<void> dropSetAside(const StreamKey& stream, std::uint64_t sequence,
                                    const std::string& text) = 0;
  /// Of the sequences from `first` to `last`, both included, in rising order.
  virtual Result<std::vector<wire::SetAside>> setAsideIn(const StreamKey& stream,
                                                         std::uint64_t first,
                                                         std::uint64_t last) = 0;
  /// A point inside the transaction; undoItem() returns to it, keepItem() forgets it.
  virtual Result<void> beginItem() = 0;
  virtual Result<void> keepItem() = 0;
  virtual Result<void> undoItem() = 0;

  /// Whether an item that came as its own has brought all of this reading.
  virtual Result<bool> holdsReading(std::span<const Observation> observations) = 0;
  /// Whether a hub has said it, with what it rests on.
  virtual Result<bool> holdsVerdict(const Verdict& verdict) = 0;

  // Hubs and the registry.
  virtual Result<void> heard(const HubId& hub, UtcTime now) = 0;
  virtual Result<void> setStatus(const wire::Status& status, UtcTime now) = 0;
  /// nullopt: the registry does not know this hub. No other process's transaction judges these
  /// persons until this one ends; they are rising, so that two hubs of one person do not stand in
  /// each other's way.
  virtual Result<std::optional<std::vector<PersonId>>> personsOf(const HubId& hub) = 0;
  /// All teams and care givers, and the person's enrolments.
  virtual Result<Directory> directory(const PersonId& person) = 0;

  // Readings.
  virtual Result<ReadingInsert> insertReading(const ReadingKey& key, const PersonId& person,
                                              const HubId& hub, Bringer bringer, UtcTime now) = 0;
  virtual Result<ObservationInsert> insertObservation(const Observation& observation) = 0;
  /// The same, of a reading that has none of this code and revision yet.
  virtual Result<void> insertNewObservation(const Observation& observation) = 0;

  // Verdicts.
  /// `observations` are those it was sent with, in that order, and are stored; the first one is
  /// taken to be of the rule's signal.
  virtual Result<VerdictInsert> insertVerdict(const Verdict& verdict,
                                              std::span<const Observation> observations,
                                              const HubId& hub, UtcTime now, Speaker speaker) = 0;
  /// Stored since then about the hub's persons, by person and rule, then told.
  virtual Result<std::vector<SaidVerdict>> verdictsOf(const HubId& hub, UtcTime storedSince) = 0;

  /// Of this event time, in the order they were told.
  virtual Result<std::vector<SaidVerdict>> verdictsAt(const PersonId& person, const RuleId& rule,
                                                      UtcTime at) = 0;
  /// Hubs of verdicts that the backend alone has told, stored from `from` until `until` (both
  /// included), that no episode has.
  virtual Result<std::vector<HubId>> hubsWithHeld(UtcTime from, UtcTime until) = 0;

  // The backend's own judging.
  virtual Result<PersonRules> rulesOf(const PersonId& person, UtcTime now) = 0;
  /// nullopt: nothing was judged yet.
  virtual Result<std::optional<UtcTime>> judgedUntil(const PersonId& person) = 0;
  virtual Result<void> setJudgedUntil(const PersonId& person, UtcTime at) = 0;
  /// Observations of the newest revision below `revision`.
  virtual Result<std::vector<Observation>> revisionBefore(const ReadingKey& reading,
                                                          const PersonId& person,
                                                          std::uint16_t revision) = 0;
  /// The newest revision of each reading, in the order given; unknown ones are left out.
  virtual Result<std::vector<Observation>> readingsOf(const PersonId& person,
                                                      std::span<const ReadingKey> readings) = 0;
  virtual Result<void> attachVerdict(const Verdict& verdict, const EpisodeId& episode) = 0;
  /// The hub's verdicts of the cause that belong to no episode, told at `toldFrom` or later, in
  /// rising (told, at, key).
  virtual Result<std::vector<Verdict>> unattachedVerdicts(const PersonId& person,
                                                          const RuleId& rule, UtcTime toldFrom) = 0;

  // Episodes.
  virtual Result<std::optional<StoredEpisode>> openEpisodeOf(const PersonId& person,
                                                             const RuleId& rule) = 0;
  /// No other process's transaction changes it until this one ends.
  virtual Result<std::optional<StoredEpisode>> episode(const EpisodeId& id) = 0;
  /// kConflict: the cause has an open episode already.
  virtual Result<void> insertEpisode(const StoredEpisode& episode) = 0;
  virtual Result<void> updateEpisode(const StoredEpisode& episode) = 0;
  virtual Result<void> appendEvent(const EpisodeId& id, const alerts::Event& event) = 0;
  virtual Result<std::vector<alerts::Event>> eventsOf(const EpisodeId& id) = 0;
  /// Decisions are appended; the newest is the route.
  virtual Result<void> appendRoute(const EpisodeId& id, const routing::Decision& decision) = 0;
  virtual Result<routing::Decision> routeOf(const EpisodeId& id) = 0;
  /// Open episodes whose next action is due at `now` or before, the longest overdue first; without
  /// those that another process is moving on.
  virtual Result<std::vector<EpisodeId>> due(UtcTime now, std::size_t limit) = 0;

  // What consoles are told.
  virtual Result<void> logEpisode(const EpisodeId& id, std::span<const TeamId> visibleTo,
                                  std::span<const TeamId> goneFrom, UtcTime now) = 0;
  virtual Result<void> logReading(const PersonId& person, const ReadingKey& reading,
                                  std::span<const TeamId> visibleTo, UtcTime now) = 0;

  virtual Result<void> count(Counter counter, std::uint64_t by) = 0;

  /// Durable when it returns a value (SQLite: WAL, synchronous=FULL; PostgreSQL: flushed by the
  /// server). After kUnavailable it may be there nevertheless; the same again changes nothing.
  virtual Result<void> commit() = 0;
};

class CareStore {
 public:
  virtual ~CareStore() = default;
  virtual Result<std::unique_ptr<CareTransaction>> begin() = 0;
  /// When the next action of any open episode is due; nullopt: nothing is open.
  virtual Result<std::optional<UtcTime>> nextDue() = 0;
  /// True once after another process has written to the database.
  virtual Result<bool> hasChangedOutside() = 0;
  /// Forgets console events from before `before`; returns how many.
  virtual Result<std::uint64_t> pruneEvents(UtcTime before) = 0;
};

}  // namespace vardnav::cloud
