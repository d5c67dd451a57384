// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/pruning.h"

#include <algorithm>
#include <vector>

#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;

constexpr std::chrono::days kRefusedLonger{365};

// What a capture must not be to be removed. Its time is by the hub's clock as corrected since.
constexpr const char* kCandidates =
    "SELECT c.id, c.key,"
    " c.received_utc_ms + coalesce((SELECT p.correction_ms FROM clock_period p"
    "  WHERE p.id = c.clock_period), 0)"
    // The backend has never had what was refused: a later decoder may read it.
    " + CASE WHEN c.disposition = 'refused' AND c.reason IS NOT 'discarded' THEN ?4 ELSE 0 END < ?3,"
    " c.disposition <> 'quarantined'"
    " AND (c.clock_period IS NULL OR c.is_placed_anew)"
    // An id is never given twice.
    " AND c.id < (SELECT max(id) FROM capture)"
    // The cursor of a device's records.
    " AND (c.record_number IS NULL OR c.record_number < (SELECT max(m.record_number)"
    "  FROM capture m WHERE m.device = c.device AND m.characteristic = c.characteristic"
    "  AND m.record_number IS NOT NULL))"
    " AND c.key NOT IN (SELECT reading FROM outbox WHERE reading IS NOT NULL)"
    " AND c.key NOT IN (SELECT i.reading FROM outbox o JOIN verdict_input i"
    "  ON i.verdict = o.verdict)"
    " FROM capture c WHERE c.id > ?1 ORDER BY c.id LIMIT ?2";

struct Candidate {
  std::int64_t id = 0;
  Bytes key;
};

Result<void> remove(Database& database, const Candidate& capture) {
  const ByteView key(capture.key);
  auto kept = database
                  .prepare(
                      "INSERT INTO pruned (key, id, chain)"
                      " SELECT key, id, chain FROM capture WHERE id = ?")
                  .with(capture.id)
                  .run();
  if (!kept) return kept;
  for (const char* sql :
       {"DELETE FROM decision WHERE capture = ?", "DELETE FROM observation WHERE reading = ?",
        "DELETE FROM capture WHERE key = ?"}) {
    if (auto done = database.prepare(sql).with(key).run(); !done) return done;
  }
  return {};
}

/// Verdicts of before then that nobody waits for.
Result<void> removeVerdicts(Database& database, UtcTime before) {
  constexpr const char* kOld =
      "(SELECT key FROM verdict WHERE told_utc_ms < ?"
      " AND key NOT IN (SELECT verdict FROM outbox WHERE verdict IS NOT NULL))";
  for (const char* sql :
       {"DELETE FROM verdict_input WHERE verdict IN ", "DELETE FROM verdict WHERE key IN "}) {
    auto done = database.prepare(std::string(sql) + kOld).with(millisecondsOf(before)).run();
    if (!done) return done;
  }
  return {};
}

}  // namespace

Result<hub::Pruned> pruneWithin(Database& database, UtcTime before, std::int64_t after,
                                std::size_t limit) {
  hub::Pruned pruned{0, after, true};
  std::vector<Candidate> old;
  auto rows = database.prepare(kCandidates);
  rows.with(after, limit, millisecondsOf(before),
            std::int64_t{std::chrono::duration_cast<Milliseconds>(kRefusedLonger).count()});
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    pruned.last = rows.int64(0);
    // In the order in which they came, but for a clock that was wrong: one newer one is no end.
    if (rows.int64(2) == 0) continue;
    pruned.isAll = false;
    if (rows.int64(3) == 0) continue;
    const ByteView key = rows.blob(1);
    old.push_back({rows.int64(0), Bytes(key.begin(), key.end())});
  }
  rows.reset();
  for (const Candidate& capture : old) {
    if (auto done = remove(database, capture); !done) return std::unexpected(done.error());
  }
  pruned.captures = old.size();
  if (!old.empty()) {
    // A link is needed only before a capture that is still there.
    auto done = database
                    .prepare(
                        "UPDATE pruned AS p SET chain = NULL WHERE chain IS NOT NULL"
                        " AND id BETWEEN ? AND ?"
                        " AND EXISTS (SELECT 1 FROM pruned n WHERE n.id = p.id + 1)")
                    .with(old.front().id - 1, old.back().id)
                    .run();
    if (!done) return std::unexpected(done.error());
  }
  if (pruned.isAll) {
    if (auto done = removeVerdicts(database, before); !done) return std::unexpected(done.error());
  }
  return pruned;
}

Result<hub::Space> spaceOf(Database& database) {
  auto row = database.prepare(
      "SELECT page_size * (page_count - freelist_count), page_size * max_page_count"
      " FROM pragma_page_size, pragma_page_count, pragma_freelist_count, pragma_max_page_count");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  return hub::Space{static_cast<std::uint64_t>(row.int64(0)),
                    static_cast<std::uint64_t>(row.int64(1))};
}

Result<void> setBound(Database& database, std::uint64_t octets) {
  auto size = database.prepare("PRAGMA page_size");
  if (const auto found = size.step(); !found) return std::unexpected(found.error());
  const auto pages = std::max<std::uint64_t>(octets / static_cast<std::uint64_t>(size.int64(0)), 1);
  size.reset();
  return database.execute("PRAGMA max_page_count = " + std::to_string(pages));
}

}  // namespace vardnav::store
