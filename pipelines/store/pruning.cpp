// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/pruning.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;

constexpr std::chrono::days kRefusedLonger{365};

// What a capture must not be to be removed. Its time is by the hub's clock as corrected since.
constexpr const char* kCandidates =
    "SELECT c.id, c.key, c.chain,"
    " c.received_utc_ms + coalesce((SELECT p.correction_ms FROM clock_period p"
    "  WHERE p.id = c.clock_period), 0)"
    // The backend has never had what was refused: a later decoder may read it.
    " + CASE WHEN c.disposition = 'refused' AND c.reason IS NOT 'discarded' THEN ?4 ELSE 0 END"
    " < ?3,"
    " c.disposition <> 'quarantined'"
    " AND (c.clock_period IS NULL OR c.is_placed_anew)"
    // An id is never given twice.
    " AND c.id < (SELECT max(id) FROM capture)"
    // The cursor of a device's records.
    " AND (c.record_number IS NULL OR c.record_number < (SELECT max(m.record_number)"
    "  FROM capture m WHERE m.device = c.device AND m.characteristic = c.characteristic"
    "  AND m.record_number IS NOT NULL))"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.reading = c.key)"
    " AND NOT EXISTS (SELECT 1 FROM verdict_input i JOIN outbox o ON o.verdict = i.verdict"
    "  WHERE i.reading = c.key)"
    " FROM capture c WHERE c.id > ?1 ORDER BY c.id LIMIT ?2";

struct Candidate {
  std::int64_t id = 0;
  Bytes key;
  std::optional<Bytes> chain;
};

Bytes octetsAt(const sqlite::Statement& row, int column) {
  const ByteView octets = row.blob(column);
  return {octets.begin(), octets.end()};
}

/// First what makes room, then what takes some.
Result<void> remove(Database& database, const std::vector<Candidate>& captures) {
  for (const Candidate& capture : captures) {
    for (const char* sql :
         {"DELETE FROM decision WHERE capture = ?", "DELETE FROM observation WHERE reading = ?",
          "DELETE FROM capture WHERE key = ?"}) {
      auto done = database.prepare(sql).with(ByteView(capture.key)).run();
      if (!done) return done;
    }
  }
  auto keep = database.prepare("INSERT INTO pruned (key, id, chain) VALUES (?,?,?)");
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const Candidate& capture = captures[i];
    // A link is needed only before a capture that is still there.
    const bool isNextGone = i + 1 < captures.size() && captures[i + 1].id == capture.id + 1;
    keep.bind(1, ByteView(capture.key)).bind(2, capture.id).bind(3, nullptr);
    if (capture.chain && !isNextGone) keep.bind(3, ByteView(*capture.chain));
    if (auto done = keep.run(); !done) return done;
  }
  // Nor before the first of these.
  return database
      .prepare(
          "UPDATE pruned AS p SET chain = NULL WHERE chain IS NOT NULL AND id BETWEEN ? AND ?"
          " AND EXISTS (SELECT 1 FROM pruned n WHERE n.id = p.id + 1)")
      .with(captures.front().id - 1, captures.back().id)
      .run();
}

/// Verdicts of before then that nobody waits for; at most `limit` of them. How many.
Result<std::size_t> removeVerdicts(Database& database, UtcTime before, std::size_t limit) {
  std::vector<Bytes> old;
  auto rows = database.prepare(
      "SELECT key FROM verdict v WHERE told_utc_ms < ?"
      " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.verdict = v.key)"
      " ORDER BY told_utc_ms LIMIT ?");
  rows.with(millisecondsOf(before), limit);
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    old.push_back(octetsAt(rows, 0));
  }
  rows.reset();
  for (const Bytes& key : old) {
    for (const char* sql :
         {"DELETE FROM verdict_input WHERE verdict = ?", "DELETE FROM verdict WHERE key = ?"}) {
      auto done = database.prepare(sql).with(ByteView(key)).run();
      if (!done) return std::unexpected(done.error());
    }
  }
  return old.size();
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
    if (rows.int64(3) == 0) continue;
    pruned.isAll = false;
    if (rows.int64(4) == 0) continue;
    old.push_back({rows.int64(0), octetsAt(rows, 1), std::nullopt});
    if (!rows.isNull(2)) old.back().chain = octetsAt(rows, 2);
  }
  rows.reset();
  pruned.captures = old.size();
  if (!old.empty()) {
    if (auto done = remove(database, old); !done) return std::unexpected(done.error());
  }
  if (pruned.isAll) {
    const auto verdicts = removeVerdicts(database, before, limit);
    if (!verdicts) return std::unexpected(verdicts.error());
    pruned.isAll = *verdicts < limit;
  }
  return pruned;
}

Result<hub::Space> spaceOf(Database& database, std::uint64_t boundPages) {
  // What removing took beyond the bound is not the bound.
  auto row = database.prepare(
      "SELECT page_size * (page_count - freelist_count), page_size *"
      " iif(max_page_count <= ?1 + ?2, min(max_page_count, ?1), max_page_count)"
      " FROM pragma_page_size, pragma_page_count, pragma_freelist_count, pragma_max_page_count");
  row.with(boundPages, boundPages > 0 ? Roomier::kPages : 0);
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  return hub::Space{static_cast<std::uint64_t>(row.int64(0)),
                    static_cast<std::uint64_t>(row.int64(1))};
}

Result<std::uint64_t> setBound(Database& database, std::uint64_t octets) {
  auto size = database.prepare("PRAGMA page_size");
  if (const auto found = size.step(); !found) return std::unexpected(found.error());
  const auto pages = std::max<std::uint64_t>(octets / static_cast<std::uint64_t>(size.int64(0)), 1);
  size.reset();
  auto set = database.execute("PRAGMA max_page_count = " + std::to_string(pages));
  if (!set) return std::unexpected(set.error());
  return pages;
}

Roomier::Roomier(Database& database, std::uint64_t pages) : database_(database), pages_(pages) {
  if (pages_ > 0) set(pages_ + kPages);
}

Roomier::~Roomier() {
  if (pages_ > 0) set(pages_);
}

void Roomier::set(std::uint64_t pages) {
  (void)database_.execute("PRAGMA max_page_count = " + std::to_string(pages));
}

}  // namespace vardnav::store
