// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's durable memory in one SQLite file: captures, observations, rule state and what waits
// for a receipt. Loop thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/core/capture_archive.h"
#include "hub/core/configuration_store.h"
#include "hub/core/journal.h"
#include "hub/core/journal_space.h"
#include "pipelines/forward/outbox.h"
#include "pipelines/sqlite/sqlite.h"
#include "pipelines/store/journal_summary.h"

namespace vardnav::store {

class SqliteJournal final : public hub::Journal,
                            public forward::Outbox,
                            public hub::ConfigurationStore,
                            public hub::CaptureArchive,
                            public hub::JournalSpace {
 public:
  /// Opens, checks and migrates; a new file begins a new, random epoch. kStorage with one line
  /// that says what to change: missing or read-only directory, no database, damaged, written by a
  /// newer version, disk full.
  static Result<std::unique_ptr<SqliteJournal>> open(const std::string& path);

  /// One at a time; the transaction must end before the journal does.
  Result<std::unique_ptr<hub::JournalTransaction>> begin() override;
  Result<std::optional<std::uint32_t>> lastRecordNumber(const DeviceId& device,
                                                        const std::string& characteristic) override;
  Result<hub::ClockMemory> clockMemory() override;
  Result<std::uint64_t> captureCounter() override;

  Result<std::optional<hub::StoredConfiguration>> configuration() override;
  Result<void> setConfiguration(const hub::StoredConfiguration& configuration) override;

  Result<hub::CapturePage> captures(std::int64_t after, std::size_t limit) override;
  Result<hub::CapturePage> quarantined(std::int64_t after, std::size_t limit) override;
  Result<std::map<DeviceId, std::uint64_t>> waitingForAPerson() override;

  Result<hub::ChainCheck> checkChain(const hub::ChainCheck& before, std::size_t limit) override;

  /// The hub must start anew, now: the file was found damaged (openJournal() sees to it), or it has
  /// gone back to an older state, and began a new epoch in which everything is sent again.
  bool mustReopen() const { return isRenewed_ || database_.isDamaged(); }

  Result<hub::Space> space() override;
  Result<hub::Pruned> prune(UtcTime before, std::int64_t after, std::size_t limit) override;
  Result<void> probe() override;
  /// Octets that the file may grow to, until it is closed; at first there is no bound. Where a
  /// transaction would need more, it fails as on a full disk.
  Result<void> setBound(std::uint64_t octets);

  Result<JournalSummary> summary() { return summaryOf(database_); }

  EpochId epoch() const override { return epoch_; }
  Result<std::vector<forward::OutboxItem>> pending(wire::Stream stream, std::uint64_t after,
                                                   std::size_t limit) override;
  Result<std::vector<forward::OutboxItem>> newest(wire::Stream stream, std::uint64_t after,
                                                  std::size_t limit) override;
  /// A receipt of another epoch names nothing here. One for what was never committed shows that the
  /// file is older than what was sent from it: see mustReopen().
  Result<void> forget(const wire::Receipt& receipt) override;
  Result<forward::Backlog> backlog(wire::Stream stream) override;

 private:
  SqliteJournal(sqlite::Database database, EpochId epoch)
      : database_(std::move(database)), epoch_(std::move(epoch)) {}

  Result<std::vector<forward::OutboxItem>> items(sqlite::Statement rows);

  Result<hub::CapturePage> page(std::string_view query, std::int64_t after, std::size_t limit);

  Result<void> renew();

  sqlite::Database database_;
  EpochId epoch_;
  bool isRenewed_ = false;
  std::uint64_t boundPages_ = 0;  ///< 0: none
};

}  // namespace vardnav::store
