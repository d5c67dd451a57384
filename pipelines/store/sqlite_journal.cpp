// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/sqlite_journal.h"

#include <algorithm>
#include <limits>

#include "pipelines/sqlite/migrate.h"
#include "pipelines/store/capture_chain.h"
#include "pipelines/store/pruning.h"
#include "pipelines/store/rows.h"
#include "pipelines/store/salvage.h"
#include "pipelines/store/schema.h"
#include "pipelines/store/sqlite_transaction.h"

namespace vardnav::store {
namespace {

using forward::OutboxItem;

constexpr const char* kOutboxColumns =
    "SELECT sequence, reading, revision, verdict, committed_utc_ms FROM outbox ";

std::int64_t signedOf(std::uint64_t number) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(number, kMost));
}

Result<EpochId> epochOf(sqlite::Database& database) {
  auto row = database.prepare("SELECT epoch FROM journal");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  if (!*found || row.text(0).empty()) {
    return fail(ErrorCode::kStorage, database.path() + " has lost its epoch: move it away");
  }
  return EpochId(std::string(row.text(0)));
}

Result<OutboxItem> itemOf(sqlite::Database& database, const sqlite::Statement& row) {
  OutboxItem item;
  item.item.sequence = static_cast<std::uint64_t>(row.int64(0));
  item.committedAt = utcTimeOf(row.int64(4));
  if (row.isNull(3)) {
    auto observations = observationsOf(database, row.blob(1), row.int64(2));
    if (!observations) return std::unexpected(observations.error());
    item.item.body = wire::ReadingItem{*std::move(observations)};
    return item;
  }
  auto verdict = verdictOf(database, row.blob(3));
  if (!verdict) return std::unexpected(verdict.error());
  auto observations = inputObservationsOf(database, row.blob(3));
  if (!observations) return std::unexpected(observations.error());
  item.item.body = wire::AlertItem{*std::move(verdict), *std::move(observations)};
  return item;
}

/// Received is every sequence up to `through` that is in no gap, and what was set aside.
std::vector<wire::SequenceRange> receivedRanges(const wire::Receipt& receipt) {
  auto gaps = receipt.gaps;
  std::ranges::sort(gaps, {}, &wire::SequenceRange::first);
  std::vector<wire::SequenceRange> received;
  std::uint64_t next = 1;
  for (const auto& gap : gaps) {
    if (gap.first > receipt.through) break;
    if (gap.first > next) received.push_back({next, gap.first - 1});
    next = std::max(
        next, gap.last == std::numeric_limits<std::uint64_t>::max() ? gap.last : gap.last + 1);
  }
  if (next <= receipt.through) received.push_back({next, receipt.through});
  for (const auto& item : receipt.setAside) received.push_back({item.sequence, item.sequence});
  return received;
}

}  // namespace

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::string& path) {
  auto database = sqlite::Database::open(path, sqlite::Check::kWhole);
  if (!database) return std::unexpected(database.error());
  if (auto migrated = sqlite::migrate(*database, journalSchema()); !migrated) {
    return std::unexpected(migrated.error());
  }
  auto epoch = epochOf(*database);
  if (!epoch) return std::unexpected(epoch.error());
  return std::unique_ptr<SqliteJournal>(new SqliteJournal(*std::move(database), *std::move(epoch)));
}

Result<std::unique_ptr<hub::JournalTransaction>> SqliteJournal::begin() {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  return std::make_unique<SqliteTransaction>(database_, *std::move(transaction));
}

Result<std::optional<std::uint32_t>> SqliteJournal::lastRecordNumber(
    const DeviceId& device, const std::string& characteristic) {
  auto row = database_.prepare(
      "SELECT max(record_number) FROM capture"
      " WHERE device = ? AND characteristic = ? AND record_number IS NOT NULL");
  const auto found = row.with(device.value, characteristic).step();
  if (!found) return std::unexpected(found.error());
  if (!*found || row.isNull(0)) return std::nullopt;
  return static_cast<std::uint32_t>(row.int64(0));
}

Result<hub::ClockMemory> SqliteJournal::clockMemory() {
  hub::ClockMemory memory;
  auto floor = database_.prepare("SELECT clock_floor_utc_ms FROM journal");
  const auto found = floor.step();
  if (!found) return std::unexpected(found.error());
  if (!floor.isNull(0)) memory.floor = utcTimeOf(floor.int64(0));
  auto rows = database_.prepare(
      "SELECT id, boot, base_utc_ms, start_steady_ms FROM clock_period p"
      " WHERE correction_ms IS NULL AND EXISTS"
      " (SELECT 1 FROM capture c WHERE c.clock_period = p.id AND NOT c.is_placed_anew)"
      " ORDER BY id");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return memory;
    memory.uncorrected.push_back({rows.int64(0), std::string(rows.text(1)),
                                  utcTimeOf(rows.int64(2)), SteadyTime(Milliseconds(rows.int64(3))),
                                  false});
  }
}

Result<hub::CapturePage> SqliteJournal::page(std::string_view query, std::int64_t after,
                                             std::size_t limit) {
  hub::CapturePage page{{}, after};
  auto rows = database_.prepare(query);
  rows.with(after, signedOf(limit));
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return page;
    page.keys.push_back(keyFrom(rows.blob(0)));
    page.last = rows.int64(1);
  }
}

Result<hub::CapturePage> SqliteJournal::captures(std::int64_t after, std::size_t limit) {
  return page("SELECT key, id FROM capture WHERE id > ? ORDER BY id LIMIT ?", after, limit);
}

Result<hub::CapturePage> SqliteJournal::quarantined(std::int64_t after, std::size_t limit) {
  return page(
      "SELECT key, id FROM capture WHERE disposition = 'quarantined' AND id > ?"
      " ORDER BY id LIMIT ?",
      after, limit);
}

Result<std::map<DeviceId, std::uint64_t>> SqliteJournal::waitingForAPerson() {
  std::map<DeviceId, std::uint64_t> waiting;
  auto rows = database_.prepare(
      "SELECT device, count(*) FROM capture WHERE disposition = 'quarantined'"
      " AND reason IN ('unbound-device', 'unknown-user', 'before-binding') GROUP BY device");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return waiting;
    waiting[DeviceId(std::string(rows.text(0)))] = static_cast<std::uint64_t>(rows.int64(1));
  }
}

Result<hub::ChainCheck> SqliteJournal::checkChain(const hub::ChainCheck& before,
                                                  std::size_t limit) {
  return store::checkChain(database_, before, limit);
}

Result<std::uint64_t> SqliteJournal::captureCounter() {
  auto row = database_.prepare("SELECT value FROM counter WHERE name = 'capture'");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  return static_cast<std::uint64_t>(row.int64(0));
}

Result<std::optional<hub::StoredConfiguration>> SqliteJournal::configuration() {
  auto row = database_.prepare("SELECT serial, envelope FROM configuration");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return hub::StoredConfiguration{static_cast<std::uint64_t>(row.int64(0)),
                                  std::string(row.text(1))};
}

Result<void> SqliteJournal::setConfiguration(const hub::StoredConfiguration& configuration) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto put = database_.prepare(
      "INSERT INTO configuration VALUES (1,?,?) ON CONFLICT (id)"
      " DO UPDATE SET serial = excluded.serial, envelope = excluded.envelope");
  put.with(signedOf(configuration.serial), configuration.envelope);
  if (auto done = put.run(); !done) return done;
  return transaction->commit();
}

Result<std::vector<OutboxItem>> SqliteJournal::items(sqlite::Statement rows) {
  std::vector<OutboxItem> items;
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return items;
    auto item = itemOf(database_, rows);
    if (!item) return std::unexpected(item.error());
    items.push_back(*std::move(item));
  }
}

Result<std::vector<OutboxItem>> SqliteJournal::pending(wire::Stream stream, std::uint64_t after,
                                                       std::size_t limit) {
  auto rows = database_.prepare(std::string(kOutboxColumns) +
                                "WHERE stream = ? AND sequence > ? ORDER BY sequence LIMIT ?");
  rows.with(wire::nameOf(stream), signedOf(after), signedOf(limit));
  return items(std::move(rows));
}

Result<std::vector<OutboxItem>> SqliteJournal::newest(wire::Stream stream, std::uint64_t after,
                                                      std::size_t limit) {
  auto rows = database_.prepare(std::string(kOutboxColumns) +
                                "WHERE stream = ? AND sequence > ? ORDER BY sequence DESC LIMIT ?");
  rows.with(wire::nameOf(stream), signedOf(after), signedOf(limit));
  auto newestFirst = items(std::move(rows));
  if (newestFirst) std::ranges::reverse(*newestFirst);
  return newestFirst;
}

Result<void> SqliteJournal::forget(const wire::Receipt& receipt) {
  if (receipt.epoch != epoch_) return {};
  auto last = database_.prepare("SELECT value FROM counter WHERE name = ?");
  const auto found = last.with(wire::nameOf(receipt.stream)).step();
  if (!found) return std::unexpected(found.error());
  const bool isOlder = signedOf(receipt.through) > last.int64(0);
  last.reset();  // a row that stands open would hold its table against renew()
  if (isOlder) return renew();
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  for (const auto& range : receivedRanges(receipt)) {
    auto done =
        database_.prepare("DELETE FROM outbox WHERE stream = ? AND sequence BETWEEN ? AND ?")
            .with(wire::nameOf(receipt.stream), signedOf(range.first), signedOf(range.last))
            .run();
    if (!done) return done;
  }
  return transaction->commit();
}

Result<void> SqliteJournal::renew() {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto done = database_.execute(
      "UPDATE journal SET epoch = lower(hex(randomblob(16)));"
      // What was counted and is gone must not be counted again.
      "UPDATE counter SET value = value + 1000000 WHERE name = 'capture'");
  if (!done) return done;
  if (done = queueAgain(database_, false); !done) return done;
  if (done = transaction->commit(); !done) return done;
  isRenewed_ = true;
  return fail(ErrorCode::kStorage, database_.path() + " is older than what was sent from it: a" +
                                       " new epoch begins, and everything is sent again");
}

Result<hub::Space> SqliteJournal::space() { return spaceOf(database_, boundPages_); }

Result<hub::Pruned> SqliteJournal::prune(UtcTime before, std::int64_t after, std::size_t limit) {
  const Roomier roomier(database_, boundPages_);
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto pruned = pruneWithin(database_, before, after, limit);
  if (!pruned) return pruned;
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return pruned;
}

Result<void> SqliteJournal::probe() {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done = database_.execute("UPDATE journal SET epoch = epoch"); !done) return done;
  return transaction->commit();
}

Result<void> SqliteJournal::setBound(std::uint64_t octets) {
  const auto pages = store::setBound(database_, octets);
  if (!pages) return std::unexpected(pages.error());
  boundPages_ = *pages;
  return {};
}

Result<forward::Backlog> SqliteJournal::backlog(wire::Stream stream) {
  return backlogOf(database_, stream);
}

}  // namespace vardnav::store
