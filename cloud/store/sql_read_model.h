// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// ReadModel over an SQL database. Core thread only; sees what is committed, and inside a
// transaction of the same thread also what is not.
#pragma once

#include "cloud/core/read_model.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

class SqlReadModel final : public ReadModel {
 public:
  /// From openCareDatabase(); outlives the read model.
  explicit SqlReadModel(sql::Database& database) : database_(database) {}

  Result<bool> areTechnicians(std::span<const TeamId> teams) const override;
  Result<std::vector<TechnicalView>> technicalAlerts(bool isOpen, std::size_t limit) const override;
  Result<std::vector<EpisodeSummary>> openEpisodes(std::span<const TeamId> teams) const override;
  Result<std::vector<EpisodeSummary>> closedEpisodes(std::span<const TeamId> teams,
                                                     std::size_t limit) const override;
  Result<std::optional<EpisodeDetail>> episode(const EpisodeId& id,
                                               std::span<const TeamId> teams) const override;
  Result<bool> maySeePatient(const PersonId& person, std::span<const TeamId> teams,
                             UtcTime now) const override;
  Result<std::optional<PatientView>> patient(const PersonId& person) const override;
  Result<std::vector<Observation>> observations(const PersonId& person, std::optional<Code> code,
                                                UtcTime from, UtcTime until) const override;
  Result<std::vector<PersonId>> enrolledWith(std::span<const TeamId> teams,
                                             UtcTime now) const override;
  Result<std::optional<CarePlan>> carePlan(const PersonId& person, UtcTime now) const override;
  Result<std::vector<Observation>> revisions(const PersonId& person) const override;
  Result<PersonRules> rulesOfAllTime(const PersonId& person) const override;
  Result<std::vector<TeamView>> teams(std::span<const TeamId> ids) const override;
  Result<Counts> counts(UtcTime now) const override;
  Result<std::uint64_t> newestEvent() const override;
  Result<std::optional<std::vector<ConsoleEvent>>> eventsAfter(std::uint64_t after,
                                                               std::size_t limit) const override;

 private:
  sql::Database& database_;
};

}  // namespace vardnav::cloud::store
