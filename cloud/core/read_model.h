// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the API reads: views joined and ready to be written as JSON, and the port that gives them.
// cloud/store implements it. Core thread only (the thread that owns the store).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cloud/alerts/episode.h"
#include "cloud/core/care_plan.h"
#include "cloud/core/episode_id.h"
#include "cloud/core/person_rules.h"
#include "cloud/core/technical.h"
#include "cloud/routing/directory.h"
#include "cloud/routing/route.h"
#include "pipelines/model/error.h"
#include "pipelines/model/observation.h"

namespace vardnav::cloud {

struct TeamView {
  TeamId id;
  std::string name;
  std::string careGiver;  ///< its name; empty for the service owner's desk
  std::string kind;       ///< "region", "municipality", "private" or "service"
};

struct NextActionView {
  alerts::Due what = alerts::Due::kNothing;
  UtcTime at{};    ///< meaningless when what is kNothing
  std::string to;  ///< name of the team
};

struct EpisodeSummary {
  EpisodeId id;
  std::uint64_t version = 0;
  alerts::State state = alerts::State::kRaised;
  bool isEscalated = false;
  bool isCleared = false;
  Priority priority = Priority::kP3;
  ConditionId condition;
  RuleId rule;
  Text title;
  PatientView patient;
  UtcTime raisedAt{};    ///< event time of the first raise
  UtcTime measuredAt{};  ///< of the newest one, which reason, inputs, toldAt and isLate are of
  UtcTime toldAt{};
  UtcTime receivedAt{};  ///< of the first
  bool isLate = false;
  TeamView team;
  std::optional<alerts::Actor> owner;
  NextActionView nextAction;
  /// The newest stored observation of the alert's signal, whatever its flags.
  std::optional<Observation> latest;
};

struct EventView {
  UtcTime at{};
  alerts::EventKind kind = alerts::EventKind::kRaised;
  std::optional<alerts::Actor> by;
  Text text;
};

/// As decided; not touched by later changes of the registry.
struct RouteView {
  UtcTime decidedAt{};
  Text explanation;
  std::optional<EnrolmentView> enrolment;
  std::vector<routing::Step> steps;
};

struct TrendPoint {
  ReadingKey reading;
  UtcTime at{};
  Value value;  ///< in the trend's unit
  Flags flags;
};

/// The alert's signal, from 30 days before it was raised until now, rising in time.
struct Trend {
  Code code = Code::kGlucose;
  Unit unit = Unit::kOne;  ///< the product's unit of the code
  std::vector<TrendPoint> points;
};

struct EpisodeDetail {
  EpisodeSummary summary;
  Text why;
  std::string ruleHash;
  HubId hub;
  std::vector<Observation> inputs;  ///< of the newest firing, newest first
  std::vector<EventView> events;    ///< oldest first
  RouteView route;
  std::optional<Trend> trend;  ///< nullopt: the verdict had no observation
};

struct HubStatus {
  HubId hub;
  std::optional<UtcTime> lastHeardAt;  ///< any message; nullopt: never
  std::uint64_t readingBacklog = 0;    ///< by its newest heartbeat
  std::uint64_t alertBacklog = 0;
  bool isSilent = false;  ///< not heard for 3 minutes, or never
};

struct Counts {
  std::uint64_t readingsStored = 0;  ///< distinct reading keys
  std::uint64_t observationsStored = 0;
  std::uint64_t duplicatesRefused = 0;  ///< items that came again
  std::uint64_t setAside = 0;
  std::uint64_t alertsReceived = 0;  ///< distinct verdicts
  std::uint64_t episodesRaised = 0;
  std::uint64_t episodesRouted = 0;
  std::vector<HubStatus> hubs;  ///< all of the registry, by id
};

/// `summary` shows the episode as it stands when the event is read, not as it stood.
struct EpisodeChanged {
  EpisodeSummary summary;
  std::vector<TeamId> visibleTo;
  std::vector<TeamId> goneFrom;  ///< teams that saw it before and no longer do
};

struct ReadingStored {
  std::vector<Observation> observations;  ///< of one reading
  UtcTime storedAt{};
  std::vector<TeamId> visibleTo;  ///< teams the person was enrolled with then
};

struct ConsoleEvent {
  std::uint64_t id = 0;  ///< rises; survives restarts
  UtcTime at{};
  std::variant<EpisodeChanged, ReadingStored> what;
};

/// Technicians see no name: how many persons are exposed, and since when.
struct TechnicalView {
  TechnicalAlert alert;
  std::size_t exposedPersons = 0;
};

class ReadModel {
 public:
  virtual ~ReadModel() = default;

  /// One of the teams is technicians' or the service owner's desk.
  virtual Result<bool> areTechnicians(std::span<const TeamId> teams) const = 0;
  /// Open ones, exposed ones first, then the oldest; else cleared ones, the newest first.
  virtual Result<std::vector<TechnicalView>> technicalAlerts(bool isOpen,
                                                             std::size_t limit) const = 0;

  /// Open ones that any of the teams may see: P1 first, then unacknowledged before acknowledged,
  /// then the oldest.
  virtual Result<std::vector<EpisodeSummary>> openEpisodes(std::span<const TeamId> teams) const = 0;
  /// Closed ones, the newest closed first.
  virtual Result<std::vector<EpisodeSummary>> closedEpisodes(std::span<const TeamId> teams,
                                                             std::size_t limit) const = 0;
  /// nullopt: there is none, or none of the teams may see it.
  virtual Result<std::optional<EpisodeDetail>> episode(const EpisodeId& id,
                                                       std::span<const TeamId> teams) const = 0;

  /// True where a team is named by a valid enrolment of the person or may see an open episode.
  virtual Result<bool> maySeePatient(const PersonId& person, std::span<const TeamId> teams,
                                     UtcTime now) const = 0;
  /// nullopt: unknown person.
  virtual Result<std::optional<PatientView>> patient(const PersonId& person) const = 0;
  /// Rising in `at`; both ends included; the newest revision of each; nullopt code: all codes.
  virtual Result<std::vector<Observation>> observations(const PersonId& person,
                                                        std::optional<Code> code, UtcTime from,
                                                        UtcTime until) const = 0;
  /// Persons with a valid enrolment that names one of the teams, by name.
  virtual Result<std::vector<PersonId>> enrolledWith(std::span<const TeamId> teams,
                                                     UtcTime now) const = 0;
  /// nullopt: unknown person.
  virtual Result<std::optional<CarePlan>> carePlan(const PersonId& person, UtcTime now) const = 0;
  /// Every revision that is stored, in any order.
  virtual Result<std::vector<Observation>> revisions(const PersonId& person) const = 0;
  /// Of all time: pauses and enrolments that have ended are among them.
  virtual Result<PersonRules> rulesOfAllTime(const PersonId& person) const = 0;

  /// In the order given; unknown ids are left out.
  virtual Result<std::vector<TeamView>> teams(std::span<const TeamId> ids) const = 0;

  virtual Result<Counts> counts(UtcTime now) const = 0;

  /// 0 before the first.
  virtual Result<std::uint64_t> newestEvent() const = 0;
  /// At most `limit`, rising. nullopt: events after `after` have been pruned, or `after` is of
  /// another life of the database: the console must load anew.
  virtual Result<std::optional<std::vector<ConsoleEvent>>> eventsAfter(std::uint64_t after,
                                                                       std::size_t limit) const = 0;
};

}  // namespace vardnav::cloud
