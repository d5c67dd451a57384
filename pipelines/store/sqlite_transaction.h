// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One transaction on the hub's journal. After the first failure it can only be rolled back. Loop
// thread only.
#pragma once

#include <optional>
#include <string>

#include "hub/core/journal.h"
#include "pipelines/sqlite/sqlite.h"
#include "pipelines/store/journal_head.h"

namespace vardnav::store {

class SqliteTransaction final : public hub::JournalTransaction {
 public:
  SqliteTransaction(sqlite::Database& database, sqlite::Transaction transaction)
      : database_(database), transaction_(std::move(transaction)), head_(database) {}

  Result<bool> insertCapture(const hub::Capture& capture) override;
  Result<void> insertObservation(const Observation& observation) override;
  Result<bool> hasRival(const Observation& one, const std::string& characteristic) override;
  Result<std::uint64_t> nextCaptureCounter() override;
  Result<hub::AliasInsert> insertAlias(const ReadingKey& alias, const ReadingKey& capture) override;
  Result<void> insertHandover(const ReadingKey& copy, const ReadingKey& origin) override;
  Result<std::vector<ReadingKey>> kinOf(const ReadingKey& capture) override;
  Result<std::optional<hub::StoredCapture>> capture(const ReadingKey& key) override;
  Result<void> setDisposition(const ReadingKey& key, intake::Disposition disposition,
                              intake::Reason reason) override;
  Result<void> setDecision(const ReadingKey& key, const intake::Decision& decision,
                           UtcTime now) override;
  Result<std::int64_t> insertClockPeriod(const hub::ClockPeriod& period) override;
  Result<void> correctClockPeriod(std::int64_t period, Milliseconds correction) override;
  Result<std::vector<ReadingKey>> capturesToPlaceAnew(std::size_t limit) override;
  Result<void> setPlacedAnew(const ReadingKey& key) override;
  Result<void> setClockFloor(UtcTime floor) override;
  Result<std::optional<rules::StateText>> ruleState(const PersonId& person,
                                                    const RuleId& rule) override;
  Result<void> setRuleState(const PersonId& person, const RuleId& rule, const std::string& standing,
                            const std::optional<std::string>& checkpoints) override;
  Result<void> enqueueReading(const ReadingKey& reading, UtcTime now) override;
  Result<void> enqueueAlert(const Verdict& verdict, UtcTime now) override;
  Result<void> commit() override;
  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override;

 private:
  template <class T>
  Result<T> kept(Result<T> result) {
    if (!result && !fault_) fault_ = result.error();
    return result;
  }

  sqlite::Database& database_;
  sqlite::Transaction transaction_;
  JournalHead head_;
  std::optional<Error> fault_;
};

}  // namespace vardnav::store
