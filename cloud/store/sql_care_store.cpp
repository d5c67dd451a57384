// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql_care_store.h"

#include <utility>

#include "cloud/store/registry_rows.h"
#include "cloud/store/rows.h"
#include "cloud/store/sql_care_transaction.h"
#include "pipelines/wire/codec.h"

namespace vardnav::cloud::store {
namespace {

std::string digestOf(const SetAsideItem& item) {
  DigestBuilder digest;
  digest.add(item.hub.value).add(item.reason).add(item.text);
  if (item.stream) digest.add(item.stream->epoch.value).add(wire::nameOf(item.stream->stream));
  if (item.sequence) digest.add(*item.sequence);
  return digest.key().toHex();
}

}  // namespace

Result<std::unique_ptr<CareTransaction>> SqlCareStore::begin() {
  auto transaction = sql::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  return std::make_unique<SqlCareTransaction>(database_, *std::move(transaction));
}

Result<std::optional<UtcTime>> SqlCareStore::nextDue() {
  auto next = database_.prepare("SELECT min(next_utc_ms) FROM episode WHERE next_what<>'none'");
  const auto row = next.step();
  if (!row) return std::unexpected(row.error());
  return maybeTime(next, 0);
}

Result<bool> SqlCareStore::hasChangedOutside() { return database_.hasChangedOutside(); }

Result<std::uint64_t> SqlCareStore::pruneEvents(UtcTime before) {
  auto transaction = sql::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto newest = database_.prepare("SELECT max(id) FROM console_event WHERE at_utc_ms<?");
  newest.with(ms(before));
  const auto row = newest.step();
  if (!row) return std::unexpected(row.error());
  if (newest.isNull(0)) return 0;
  // Up to an id and not by time: what remains is without holes even if the clock went back.
  const std::int64_t floor = newest.int64(0);
  newest.reset();
  for (const auto* sql :
       {"DELETE FROM console_event_team WHERE event<=?", "UPDATE console_event_floor SET id=?",
        "DELETE FROM console_event WHERE id<=?"}) {
    if (auto done = database_.prepare(sql).with(floor).run(); !done) {
      return std::unexpected(done.error());
    }
  }
  const auto pruned = static_cast<std::uint64_t>(database_.changes());
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return pruned;
}

Result<std::vector<wire::SequenceRange>> SqlCareTransaction::received(const StreamKey& stream) {
  auto rows = database_.prepare(
      "SELECT first, last FROM received_range WHERE hub=? AND epoch=? AND stream=? ORDER BY first");
  rows.with(stream.hub.value, stream.epoch.value, wire::nameOf(stream.stream));
  std::vector<wire::SequenceRange> ranges;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    ranges.push_back(
        {static_cast<std::uint64_t>(row.int64(0)), static_cast<std::uint64_t>(row.int64(1))});
  });
  if (!done) return std::unexpected(done.error());
  return ranges;
}

Result<void> SqlCareTransaction::setReceived(const StreamKey& stream,
                                             std::span<const wire::SequenceRange> ranges) {
  const auto name = wire::nameOf(stream.stream);
  auto forget =
      database_.prepare("DELETE FROM received_range WHERE hub=? AND epoch=? AND stream=?");
  if (auto done = forget.with(stream.hub.value, stream.epoch.value, name).run(); !done) {
    return done;
  }
  auto insert = database_.prepare("INSERT INTO received_range VALUES(?,?,?,?,?)");
  for (const wire::SequenceRange& range : ranges) {
    insert.with(stream.hub.value, stream.epoch.value, name, range.first, range.last);
    if (auto done = insert.run(); !done) return done;
  }
  return {};
}

Result<bool> SqlCareTransaction::setAside(const SetAsideItem& item, UtcTime now) {
  // The same thing again is one row: a hub that sends garbage for ever must not fill the disk.
  auto insert = database_.prepare(
      "INSERT INTO set_aside VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(digest) DO UPDATE"
      // It had left the receipts.
      " SET sequence=excluded.sequence WHERE set_aside.sequence IS NULL"
      " AND excluded.sequence IS NOT NULL");
  insert.with(digestOf(item), ms(now), item.hub.value);
  if (item.stream) {
    insert.bind(4, item.stream->epoch.value).bind(5, wire::nameOf(item.stream->stream));
  } else {
    insert.bind(4, nullptr).bind(5, nullptr);
  }
  insert.bind(6, item.sequence).bind(7, item.reason).bind(8, item.detail).bind(9, item.text);
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  return database_.changes() == 1;
}

Result<void> SqlCareTransaction::dropSetAside(const StreamKey& stream, std::uint64_t sequence,
                                              const std::string& text) {
  for (const char* sql :
       {"DELETE FROM set_aside WHERE hub=?1 AND epoch=?2 AND stream=?3 AND sequence=?4 AND body=?5",
        // Another item under that sequence stays, and in no receipt.
        "UPDATE set_aside SET sequence=NULL WHERE hub=?1 AND epoch=?2 AND stream=?3 AND sequence=?4"
        " AND body<>?5"}) {
    auto done =
        database_.prepare(sql)
            .with(stream.hub.value, stream.epoch.value, wire::nameOf(stream.stream), sequence, text)
            .run();
    if (!done) return done;
  }
  return {};
}

Result<std::vector<wire::SetAside>> SqlCareTransaction::setAsideIn(const StreamKey& stream,
                                                                   std::uint64_t first,
                                                                   std::uint64_t last) {
  auto rows = database_.prepare(
      "SELECT sequence, reason FROM set_aside WHERE hub=? AND epoch=? AND stream=?"
      " AND sequence BETWEEN ? AND ? ORDER BY sequence");
  rows.with(stream.hub.value, stream.epoch.value, wire::nameOf(stream.stream), first, last);
  std::vector<wire::SetAside> items;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    items.push_back({static_cast<std::uint64_t>(row.int64(0)), text(row, 1)});
  });
  if (!done) return std::unexpected(done.error());
  return items;
}

Result<void> SqlCareTransaction::beginItem() { return database_.prepare("SAVEPOINT item").run(); }

Result<void> SqlCareTransaction::keepItem() { return database_.prepare("RELEASE item").run(); }

Result<void> SqlCareTransaction::undoItem() {
  if (auto done = database_.prepare("ROLLBACK TO item").run(); !done) return done;
  return keepItem();
}

Result<void> SqlCareTransaction::heard(const HubId& hub, UtcTime now) {
  return database_
      .prepare(
          "INSERT INTO hub_state(hub, heard_utc_ms) VALUES(?,?)"
          " ON CONFLICT(hub) DO UPDATE SET heard_utc_ms=excluded.heard_utc_ms")
      .with(hub.value, ms(now))
      .run();
}

Result<void> SqlCareTransaction::setStatus(const wire::Status& status, UtcTime now) {
  // Heartbeats may overtake each other: the newest by the hub's own clock counts.
  return database_
      .prepare(
          "INSERT INTO hub_state VALUES(?,?,?,?,?,?) ON CONFLICT(hub) DO UPDATE SET"
          " status_utc_ms=excluded.status_utc_ms, reading_backlog=excluded.reading_backlog,"
          " alert_backlog=excluded.alert_backlog, body=excluded.body"
          " WHERE hub_state.status_utc_ms IS NULL"
          " OR hub_state.status_utc_ms<=excluded.status_utc_ms")
      .with(status.hub.value, ms(now), ms(status.at), status.readingBacklog, status.alertBacklog,
            wire::encode(status))
      .run();
}

Result<std::optional<std::vector<PersonId>>> SqlCareTransaction::personsOf(const HubId& hub) {
  auto known = database_.prepare("SELECT 1 FROM hub WHERE id=?");
  known.with(hub.value);
  const auto row = known.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  auto rows = database_.prepare(
      "SELECT p.person FROM hub_person h JOIN patient p ON p.person=h.person WHERE h.hub=?"
      " ORDER BY p.person" +
      std::string(database_.holdRows()));
  rows.with(hub.value);
  std::vector<PersonId> persons;
  auto done =
      forEach(rows, [&](const sql::Statement& found) { persons.emplace_back(text(found, 0)); });
  if (!done) return std::unexpected(done.error());
  return persons;
}

Result<Directory> SqlCareTransaction::directory(const PersonId& person) {
  return readDirectory(database_, person);
}

Result<void> SqlCareTransaction::logTeams(std::int64_t event, std::span<const TeamId> teams,
                                          bool isGone) {
  auto insert = database_.prepare("INSERT INTO console_event_team VALUES(?,?,?)");
  for (const TeamId& team : teams) {
    if (auto done = insert.with(event, team.value, isGone).run(); !done) return done;
  }
  return {};
}

Result<void> SqlCareTransaction::logEpisode(const EpisodeId& id, std::span<const TeamId> visibleTo,
                                            std::span<const TeamId> goneFrom, UtcTime now) {
  const auto person = personWith(id);
  if (!person) return std::unexpected(person.error());
  auto insert = database_.prepare(
      "INSERT INTO console_event(at_utc_ms, person, episode) VALUES(?,?,?) RETURNING id");
  const auto row = insert.with(ms(now), person->value, id.value).step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t event = insert.int64(0);
  insert.reset();
  if (auto done = logTeams(event, visibleTo, false); !done) return done;
  return logTeams(event, goneFrom, true);
}

Result<void> SqlCareTransaction::logReading(const PersonId& person, const ReadingKey& reading,
                                            std::span<const TeamId> visibleTo, UtcTime now) {
  auto insert = database_.prepare(
      "INSERT INTO console_event(at_utc_ms, person, reading_key) VALUES(?,?,?) RETURNING id");
  const auto row = insert.with(ms(now), person.value, octets(reading)).step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t event = insert.int64(0);
  insert.reset();
  return logTeams(event, visibleTo, false);
}

Result<void> SqlCareTransaction::count(Counter counter, std::uint64_t by) {
  return database_
      .prepare(
          "INSERT INTO counter VALUES(?,?)"
          " ON CONFLICT(name) DO UPDATE SET value=counter.value+excluded.value")
      .with(nameOf(counter), by)
      .run();
}

Result<void> SqlCareTransaction::commit() { return transaction_.commit(); }

}  // namespace vardnav::cloud::store
