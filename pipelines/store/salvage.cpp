// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/salvage.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pipelines/store/capture_chain.h"
#include "pipelines/store/capture_rows.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;

/// Of ranges tried for one table: one without a readable root ends here.
constexpr int kMostTries = 20'000;
/// Where the greatest number cannot be read.
constexpr std::int64_t kMostRows = 1 << 24;
/// More than a lost tail can have counted: a counter must never give a number twice.
constexpr std::int64_t kCounterLeap = 1'000'000;

/// Rows of a table with a number between ?1 and ?2, or a key from ?1 to before ?2.
struct Ranged {
  std::string_view table;
  std::string_view where;
  std::int64_t first;
  std::int64_t last;  ///< included
};
constexpr std::string_view kById = "id BETWEEN ?1 AND ?2";
constexpr std::string_view kByKey = "key >= ?1 AND key < ?2";
constexpr std::string_view kByVerdict = "verdict >= ?1 AND verdict < ?2";
constexpr std::string_view kByCapture = "capture >= ?1 AND capture < ?2";
constexpr std::string_view kAlways = "?1 <= ?2";
constexpr std::int64_t kLastPrefix = 0xfff;

/// Before all keys whose first twelve bits are `prefix`.
Bytes keyBound(std::int64_t prefix) {
  if (prefix > kLastPrefix) return Bytes(17, 0xff);
  return {static_cast<std::uint8_t>(prefix >> 4), static_cast<std::uint8_t>(prefix << 4)};
}

Result<std::vector<std::string>> columnsOf(Database& database, std::string_view table) {
  std::vector<std::string> names;
  auto rows = database.prepare("SELECT name FROM pragma_table_info(?)");
  rows.with(table);
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return names;
    names.emplace_back(rows.text(0));
  }
}

/// Two connections, because a database that is attached and damaged spoils the writing of the
/// other.
class Copier {
 public:
  Copier(Database& from, Database& to) : from_(from), to_(to) {}

  /// Halves a range that cannot be read until it is one number, which is lost.
  void copy(const Ranged& rows) {
    // The damaged one may be of an older schema.
    const auto theirs = columnsOf(from_, rows.table);
    const auto ours = columnsOf(to_, rows.table);
    std::string columns;
    std::string places;
    for (const std::string& name : ours.value_or(std::vector<std::string>())) {
      if (!theirs || std::ranges::count(*theirs, name) == 0) continue;
      columns += (columns.empty() ? "" : ",") + name;
      places += places.empty() ? "?" : ",?";
    }
    if (columns.empty()) {
      // Of an older schema that can be read nothing is missing.
      if (!theirs || !theirs->empty()) isWhole_ = false;
      return;
    }
    const std::string table(rows.table);
    select_ = "SELECT " + columns + " FROM " + table + " WHERE " + std::string(rows.where);
    insert_ = "INSERT OR IGNORE INTO " + table + " (" + columns + ") VALUES (" + places + ")";
    isOfKeys_ = rows.where == kByKey || rows.where == kByVerdict || rows.where == kByCapture;
    tries_ = 0;
    copyRange(rows.first, rows.last);
  }
  std::int64_t greatest(std::string_view query) {
    auto row = from_.prepare(query);
    const auto found = row.step();
    if (found && *found) return row.int64(0);
    isWhole_ = false;
    return kMostRows;
  }
  bool isWhole() const { return isWhole_; }
  /// The target's: a full disk.
  const std::optional<Error>& fault() const { return fault_; }

 private:
  void copyRange(std::int64_t first, std::int64_t last) {
    if (fault_ || ++tries_ > kMostTries) {
      isWhole_ = false;
      return;
    }
    if (copyRows(first, last)) return;
    isWhole_ = false;
    if (first >= last) return;
    const std::int64_t middle = first + (last - first) / 2;
    copyRange(first, middle);
    copyRange(middle + 1, last);
  }

  /// False: something in it cannot be read. What could be is there, and is not taken twice.
  bool copyRows(std::int64_t first, std::int64_t last) {
    auto rows = from_.prepare(select_);
    if (isOfKeys_) {
      rows.with(ByteView(keyBound(first)), ByteView(keyBound(last + 1)));
    } else {
      rows.with(first, last);
    }
    for (;;) {
      const auto row = rows.step();
      if (!row) return false;
      if (!*row) return true;
      if (auto done = to_.prepare(insert_).withRow(rows).run(); !done) fault_ = done.error();
    }
  }

  Database& from_;
  Database& to_;
  std::string select_;
  std::string insert_;
  bool isOfKeys_ = false;
  int tries_ = 0;
  bool isWhole_ = true;
  std::optional<Error> fault_;
};

struct Copied {
  bool isWhole = true;
  bool isOutboxKnown = true;  ///< what waited for a receipt
};

Result<Copied> copyTables(Database& from, Database& to) {
  Copier copier(from, to);
  copier.copy({"clock_period", kAlways, 0, 0});
  copier.copy({"configuration", kAlways, 0, 0});
  copier.copy({"rule_state", kAlways, 0, 0});
  copier.copy({"rule_checkpoints", kAlways, 0, 0});
  copier.copy({"pruned", kByKey, 0, kLastPrefix});
  copier.copy({"alias", kByKey, 0, kLastPrefix});
  copier.copy({"handover", kByKey, 0, kLastPrefix});
  copier.copy({"capture", kById, 1, copier.greatest("SELECT max(id) FROM capture")});
  copier.copy({"observation", kById, 1, copier.greatest("SELECT max(id) FROM observation")});
  copier.copy({"decision", kByCapture, 0, kLastPrefix});
  copier.copy({"verdict", kByKey, 0, kLastPrefix});
  copier.copy({"verdict_input", kByVerdict, 0, kLastPrefix});
  Copier outbox(from, to);
  outbox.copy({"outbox", "sequence BETWEEN ?1 AND ?2", 1,
               outbox.greatest("SELECT max(sequence) FROM outbox")});
  if (const auto& fault = copier.fault()) return std::unexpected(*fault);
  if (const auto& fault = outbox.fault()) return std::unexpected(*fault);
  return Copied{copier.isWhole() && outbox.isWhole(), outbox.isWhole()};
}

Result<std::vector<Key128>> keysOf(Database& database, std::string_view query) {
  std::vector<Key128> keys;
  auto rows = database.prepare(query);
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return keys;
    keys.push_back(keyFrom(rows.blob(0)));
  }
}

/// Out of the target whatever it could not read again, and what belongs to nothing.
Result<std::size_t> dropUnusable(Database& database) {
  const auto drop = [&](std::string_view sql, const Key128& key) {
    return database.prepare(sql).with(octetsOf(key)).run();
  };
  const auto untrue = dropFalseCaptures(database);
  if (!untrue) return untrue;
  const auto captures = keysOf(database, "SELECT key FROM capture");
  if (!captures) return std::unexpected(captures.error());
  std::size_t dropped = *untrue;
  for (const Key128& key : *captures) {
    if (!captureOf(database, key)) {
      if (auto done = drop("DELETE FROM capture WHERE key = ?", key); !done) {
        return std::unexpected(done.error());
      }
      ++dropped;
      continue;
    }
    const auto revision = newestRevision(database, key);
    if (revision && observationsOf(database, octetsOf(key), *revision)) continue;
    if (auto done = drop("DELETE FROM observation WHERE reading = ?", key); !done) {
      return std::unexpected(done.error());
    }
  }
  const auto verdicts = keysOf(database, "SELECT key FROM verdict");
  if (!verdicts) return std::unexpected(verdicts.error());
  for (const Key128& key : *verdicts) {
    if (verdictOf(database, octetsOf(key))) continue;
    if (auto done = drop("DELETE FROM verdict WHERE key = ?", key); !done) {
      return std::unexpected(done.error());
    }
  }
  auto done = database.execute(
      // A lent schema may have led elsewhere.
      "DELETE FROM rule_state WHERE typeof(person) <> 'text' OR typeof(rule) <> 'text'"
      " OR typeof(state) <> 'text';"
      "DELETE FROM rule_checkpoints WHERE typeof(checkpoints) <> 'text'"
      " OR NOT EXISTS (SELECT 1 FROM rule_state s WHERE s.person = rule_checkpoints.person"
      "  AND s.rule = rule_checkpoints.rule);"
      "DELETE FROM decision WHERE capture NOT IN (SELECT key FROM capture);"
      "DELETE FROM observation WHERE reading NOT IN (SELECT key FROM capture);"
      // What is lost is not known: it must be taken when its device gives it again.
      "DELETE FROM alias WHERE capture NOT IN (SELECT key FROM capture UNION SELECT key FROM "
      "pruned);"
      // Unless its copy is here.
      "INSERT OR IGNORE INTO alias SELECT origin, key FROM handover"
      " WHERE key IN (SELECT key FROM capture)"
      " AND origin NOT IN (SELECT key FROM capture UNION SELECT key FROM pruned);"
      "DELETE FROM verdict_input WHERE verdict NOT IN (SELECT key FROM verdict);"
      "DELETE FROM outbox WHERE reading NOT IN (SELECT key FROM capture)"
      " OR verdict NOT IN (SELECT key FROM verdict);"
      "UPDATE capture SET clock_period = NULL"
      " WHERE clock_period NOT IN (SELECT id FROM clock_period);");
  if (!done) return std::unexpected(done.error());
  return dropped;
}

/// What is not a row of its own: numbers that must not go back.
Result<void> carryMarks(Database& from, Database& to, UtcTime now) {
  const auto mark = [&](const char* query) -> std::optional<std::int64_t> {
    auto row = from.prepare(query);
    const auto found = row.step();
    if (!found || !*found || row.isNull(0)) return std::nullopt;
    return row.int64(0);
  };
  const auto counted = mark("SELECT value FROM counter WHERE name = 'capture'");
  const std::int64_t next = std::max(counted.value_or(0) + kCounterLeap, millisecondsOf(now));
  auto done = to.prepare("UPDATE counter SET value = ? WHERE name = 'capture'").with(next).run();
  if (!done) return done;
  const auto floor = mark("SELECT clock_floor_utc_ms FROM journal");
  return to.prepare("UPDATE journal SET clock_floor_utc_ms = ?").with(floor).run();
}

Result<Salvaged> salvageWithin(Database& from, Database& to, UtcTime now) {
  const auto copied = copyTables(from, to);
  if (!copied) return std::unexpected(copied.error());
  const auto dropped = dropUnusable(to);
  if (!dropped) return std::unexpected(dropped.error());
  if (auto done = queueAgain(to, copied->isOutboxKnown); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = carryMarks(from, to, now); !done) return std::unexpected(done.error());
  if (auto done = chainAnew(to); !done) return std::unexpected(done.error());
  auto counts = to.prepare(
      "SELECT (SELECT count(*) FROM capture), count(*) FILTER (WHERE stream = 'reading'),"
      " count(*) FILTER (WHERE stream = 'alert') FROM outbox");
  if (const auto row = counts.step(); !row) return std::unexpected(row.error());
  const auto count = [&](int column) { return static_cast<std::size_t>(counts.int64(column)); };
  return Salvaged{count(0), count(1), count(2), *dropped, copied->isWhole};
}

}  // namespace

Result<void> queueAgain(Database& database, bool isOutboxKnown) {
  auto done = database.execute(
      "CREATE TEMP TABLE waiting AS SELECT * FROM outbox;"
      "DELETE FROM outbox;");
  if (!done) return done;
  done =
      database
          .prepare(
              "INSERT INTO outbox SELECT 'reading', row_number() OVER (ORDER BY c.id), c.key,"
              " o.revision, NULL, coalesce((SELECT max(w.committed_utc_ms) FROM waiting w"
              " WHERE w.reading = c.key), c.received_utc_ms) FROM capture c JOIN (SELECT reading,"
              " max(revision) AS revision FROM observation GROUP BY reading) o"
              " ON o.reading = c.key WHERE c.disposition = 'accepted'")
          .run();
  if (!done) return done;
  done =
      database
          .prepare(
              "INSERT INTO outbox SELECT 'alert', row_number() OVER (ORDER BY v.told_utc_ms,"
              " v.key), NULL, 0, v.key, coalesce(w.committed_utc_ms, v.told_utc_ms) FROM verdict v"
              " LEFT JOIN waiting w ON w.verdict = v.key WHERE ?1 = 0 OR w.verdict NOTNULL")
          .with(isOutboxKnown)
          .run();
  if (!done) return done;
  return database.execute(
      "UPDATE counter SET value = (SELECT count(*) FROM outbox WHERE stream = name)"
      " WHERE name IN ('reading', 'alert'); DROP TABLE waiting;");
}

Result<Salvaged> salvage(const std::string& source, Database& target, UtcTime now) {
  auto from = Database::openReadOnly(source);
  if (!from) return Salvaged{.isWhole = false};
  // Rows come in an order that the references do not hold in; what is left without one is dropped.
  if (auto done = target.execute("PRAGMA foreign_keys=OFF"); !done) {
    return std::unexpected(done.error());
  }
  auto transaction = sqlite::Transaction::begin(target);
  if (!transaction) return std::unexpected(transaction.error());
  auto salvaged = salvageWithin(*from, target, now);
  if (!salvaged) return salvaged;
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return salvaged;
}

}  // namespace vardnav::store
