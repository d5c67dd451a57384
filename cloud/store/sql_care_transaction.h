// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One transaction of SqlCareStore. Core thread only.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cloud/core/care_store.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

class SqlCareTransaction final : public CareTransaction {
 public:
  SqlCareTransaction(sql::Database& database, sql::Transaction transaction)
      : database_(database), transaction_(std::move(transaction)) {}

  Result<std::vector<wire::SequenceRange>> received(const StreamKey& stream) override;
  Result<void> setReceived(const StreamKey& stream,
                           std::span<const wire::SequenceRange> ranges) override;
  Result<bool> setAside(const SetAsideItem& item, UtcTime now) override;
  Result<void> dropSetAside(const StreamKey& stream, std::uint64_t sequence,
                            const std::string& text) override;
  Result<std::vector<wire::SetAside>> setAsideIn(const StreamKey& stream, std::uint64_t first,
                                                 std::uint64_t last) override;
  Result<void> beginItem() override;
  Result<void> keepItem() override;
  Result<void> undoItem() override;

  Result<std::vector<TechnicalAlert>> openTechnicalAlerts(const HubId& hub) override;
  Result<bool> openTechnical(const TechnicalAlert& alert) override;
  Result<void> clearTechnical(const TechnicalCause& cause, UtcTime now) override;
  Result<bool> acknowledgeTechnical(const std::string& id, const alerts::Actor& by,
                                    UtcTime now) override;
  Result<std::vector<SilentHub>> hubsNotHeardSince(UtcTime before) override;
  Result<std::optional<Issued>> newestIssued(const HubId& hub) override;

  Result<void> heard(const HubId& hub, UtcTime now) override;
  Result<void> setStatus(const wire::Status& status, UtcTime now) override;
  Result<std::optional<std::vector<PersonId>>> personsOf(const HubId& hub) override;
  Result<Directory> directory(const PersonId& person) override;

  Result<ReadingInsert> insertReading(const ReadingKey& key, const PersonId& person,
                                      const HubId& hub, Bringer bringer, UtcTime now) override;
  Result<bool> holdsReading(std::span<const Observation> observations) override;
  Result<bool> holdsVerdict(const Verdict& verdict) override;
  Result<ObservationInsert> insertObservation(const Observation& observation) override;
  Result<void> insertNewObservation(const Observation& observation) override;

  Result<VerdictInsert> insertVerdict(const Verdict& verdict,
                                      std::span<const Observation> observations, const HubId& hub,
                                      UtcTime now, Speaker speaker) override;
  Result<std::vector<SaidVerdict>> verdictsAt(const PersonId& person, const RuleId& rule,
                                              UtcTime at) override;
  Result<std::vector<HubId>> hubsWithHeld(UtcTime from, UtcTime until) override;
  Result<std::vector<SaidVerdict>> verdictsOf(const HubId& hub, UtcTime storedSince) override;

  Result<PersonRules> rulesOf(const PersonId& person, UtcTime now) override;
  Result<std::optional<UtcTime>> judgedUntil(const PersonId& person) override;
  Result<void> setJudgedUntil(const PersonId& person, UtcTime at) override;
  Result<std::vector<Observation>> revisionBefore(const ReadingKey& reading, const PersonId& person,
                                                  std::uint16_t revision) override;
  Result<std::vector<Observation>> readingsOf(const PersonId& person,
                                              std::span<const ReadingKey> readings) override;
  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override;
  Result<std::optional<rules::StateText>> ruleState(const PersonId& person,
                                                    const RuleId& rule) override;
  Result<void> setRuleState(const PersonId& person, const RuleId& rule, const std::string& standing,
                            const std::optional<std::string>& checkpoints) override;
  Result<void> attachVerdict(const Verdict& verdict, const EpisodeId& episode) override;
  Result<std::vector<Verdict>> unattachedVerdicts(const PersonId& person, const RuleId& rule,
                                                  UtcTime toldFrom) override;

  Result<std::optional<StoredEpisode>> openEpisodeOf(const PersonId& person,
                                                     const RuleId& rule) override;
  Result<std::optional<StoredEpisode>> episode(const EpisodeId& id) override;
  Result<void> insertEpisode(const StoredEpisode& episode) override;
  Result<void> updateEpisode(const StoredEpisode& episode) override;
  Result<void> appendEvent(const EpisodeId& id, const alerts::Event& event) override;
  Result<std::vector<alerts::Event>> eventsOf(const EpisodeId& id) override;
  Result<void> appendRoute(const EpisodeId& id, const routing::Decision& decision) override;
  Result<routing::Decision> routeOf(const EpisodeId& id) override;
  Result<std::vector<EpisodeId>> due(UtcTime now, std::size_t limit) override;

  Result<void> logEpisode(const EpisodeId& id, std::span<const TeamId> visibleTo,
                          std::span<const TeamId> goneFrom, UtcTime now) override;
  Result<void> logReading(const PersonId& person, const ReadingKey& reading,
                          std::span<const TeamId> visibleTo, UtcTime now) override;

  Result<void> insertPause(const Pause& pause) override;
  Result<bool> endPause(const Pause& pause) override;

  Result<void> count(Counter counter, std::uint64_t by) override;
  Result<void> commit() override;

 private:
  Result<PersonId> personWith(const EpisodeId& id);
  Result<void> logTeams(std::int64_t event, std::span<const TeamId> teams, bool isGone);

  sql::Database& database_;
  sql::Transaction transaction_;
};

}  // namespace vardnav::cloud::store
