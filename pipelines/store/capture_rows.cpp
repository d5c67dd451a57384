// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/capture_rows.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include "pipelines/model/digest.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr const char* kContentColumns =
    "c.key, c.device, c.characteristic, c.bytes, c.context, c.record_number, c.received_utc_ms,"
    " c.is_stored, c.clock_timeline, c.clock_device_time_s, c.clock_hub_utc_ms,"
    " c.clock_uncertainty_ms, c.clock_period";
constexpr int kContentEnd = 13;

// The journal's own words: it knows intake's types, not its code.
struct ReasonWord {
  intake::Reason reason;
  std::string_view word;
};
constexpr std::array kReasons = {
    ReasonWord{intake::Reason::kNone, ""},
    ReasonWord{intake::Reason::kMalformed, "malformed"},
    ReasonWord{intake::Reason::kUnknownKind, "unknown-kind"},
    ReasonWord{intake::Reason::kNoValue, "no-value"},
    ReasonWord{intake::Reason::kUnboundDevice, "unbound-device"},
    ReasonWord{intake::Reason::kUnknownUser, "unknown-user"},
    ReasonWord{intake::Reason::kBeforeBinding, "before-binding"},
    ReasonWord{intake::Reason::kConflict, "conflict"},
    ReasonWord{intake::Reason::kControlSolution, "control-solution"},
    ReasonWord{intake::Reason::kUnfinished, "unfinished"},
    ReasonWord{intake::Reason::kDiscarded, "discarded"},
};

struct DispositionWord {
  intake::Disposition disposition;
  std::string_view word;
};
constexpr std::array kDispositions = {
    DispositionWord{intake::Disposition::kAccepted, "accepted"},
    DispositionWord{intake::Disposition::kQuarantined, "quarantined"},
    DispositionWord{intake::Disposition::kRefused, "refused"},
};

/// Over what was sent, field by field, as the row has it: numbers as SQLite writes them.
class ChainLink {
 public:
  explicit ChainLink(ByteView before) { digest_.add(before); }

  ChainLink& add(std::nullptr_t) { return field(1, {}); }
  ChainLink& add(ByteView octets) { return field(0, octets); }
  ChainLink& add(std::string_view text) {
    return field(0, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  template <std::integral T>
  ChainLink& add(T number) {
    return add(std::string_view(std::to_string(number)));
  }
  template <class T>
  ChainLink& add(const std::optional<T>& field) {
    return field ? add(*field) : add(nullptr);
  }
  template <class... Fields>
  ChainLink& with(const Fields&... fields) {
    return (add(fields), ...);
  }

  Bytes finish() {
    const auto octets = digest_.sha256();
    return {octets.begin(), octets.end()};
  }

 private:
  ChainLink& field(std::uint64_t isNull, ByteView octets) {
    digest_.add(isNull).add(octets);
    return *this;
  }

  DigestBuilder digest_;
};

Bytes chainAfter(ByteView before, const Statement& row) {
  ChainLink link(before);
  for (int column = 0; column < kContentEnd; ++column) {
    row.isNull(column) ? link.add(nullptr) : link.add(row.blob(column));
  }
  return link.finish();
}

Result<Bytes> headOf(Database& database) {
  auto row = database.prepare("SELECT chain_head FROM journal");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  const ByteView octets = row.blob(0);
  return Bytes(octets.begin(), octets.end());
}

Result<void> setHead(Database& database, ByteView link) {
  return database.prepare("UPDATE journal SET chain_head = ?").with(link).run();
}

/// Of a row that is there.
Result<void> chain(Database& database, std::int64_t id) {
  const auto head = headOf(database);
  if (!head) return std::unexpected(head.error());
  auto row =
      database.prepare(std::string("SELECT ") + kContentColumns + " FROM capture c WHERE c.id = ?");
  const auto found = row.with(id).step();
  if (!found) return std::unexpected(found.error());
  const Bytes link = chainAfter(*head, row);
  row.reset();
  auto done =
      database.prepare("UPDATE capture SET chain = ? WHERE id = ?").with(ByteView(link), id).run();
  if (!done) return done;
  return setHead(database, link);
}

/// Of a row that is not there yet: the columns of kContentColumns.
Bytes linkAfter(ByteView before, const hub::Capture& capture) {
  const RawRecord& record = capture.record;
  ChainLink link(before);
  link.with(octetsOf(capture.key), std::string_view(record.device.value),
            std::string_view(record.characteristic), ByteView(record.bytes),
            ByteView(record.context), record.recordNumber, millisecondsOf(record.receivedAt),
            static_cast<int>(record.isStored));
  if (const auto& clock = record.clock) {
    link.with(nameOf(clock->device.timeline), secondsOf(clock->device.at),
              millisecondsOf(clock->hub), clock->uncertainty.count());
  } else {
    link.with(nullptr, nullptr, nullptr, nullptr);
  }
  link.add(capture.clockPeriod);
  return link.finish();
}

/// The link of the last capture between two that was pruned; nullopt: none was, or none is kept.
/// Behind it there may be ids that were lost with a damaged journal, and chained over since.
Result<std::optional<Bytes>> prunedLink(Database& database, std::int64_t after,
                                        std::int64_t before) {
  auto row = database.prepare(
      "SELECT chain FROM pruned WHERE id > ? AND id < ? AND chain IS NOT NULL"
      " ORDER BY id DESC LIMIT 1");
  const auto found = row.with(after, before).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  const ByteView octets = row.blob(0);
  return Bytes(octets.begin(), octets.end());
}

RawRecord recordOf(const Statement& row, Milliseconds correction) {
  const auto bytesAt = [&row](int column) {
    const ByteView octets = row.blob(column);
    return Bytes(octets.begin(), octets.end());
  };
  RawRecord record;
  record.device = DeviceId(std::string(row.text(1)));
  record.characteristic = std::string(row.text(2));
  record.bytes = bytesAt(3);
  record.context = bytesAt(4);
  if (!row.isNull(5)) record.recordNumber = static_cast<std::uint32_t>(row.int64(5));
  record.receivedAt = utcTimeOf(row.int64(6)) + correction;
  record.isStored = row.int64(7) != 0;
  if (!row.isNull(8)) {
    record.clock = ClockReading{deviceTimeOf(row.text(8), row.int64(9)),
                                utcTimeOf(row.int64(10)) + correction, Milliseconds(row.int64(11))};
  }
  return record;
}

}  // namespace

std::string_view wordOf(intake::Disposition disposition) {
  const auto found = std::ranges::find(kDispositions, disposition, &DispositionWord::disposition);
  return found == kDispositions.end() ? "refused" : found->word;
}

std::string_view wordOf(intake::Reason reason) {
  const auto found = std::ranges::find(kReasons, reason, &ReasonWord::reason);
  return found == kReasons.end() ? "" : found->word;
}

Result<bool> insertRow(Database& database, const hub::Capture& capture) {
  // Not as a condition of the insertion: SQLite would then look for rows that refer to this one.
  auto known = database.prepare(
      "SELECT 1 FROM pruned WHERE key = ?1 UNION ALL SELECT 1 FROM alias WHERE key = ?1");
  const auto isKnown = known.with(octetsOf(capture.key)).step();
  if (!isKnown) return std::unexpected(isKnown.error());
  if (*isKnown) return false;
  const auto head = headOf(database);
  if (!head) return std::unexpected(head.error());

  const RawRecord& record = capture.record;
  const Bytes link = linkAfter(*head, capture);
  auto insert = database.prepare(
      "INSERT INTO capture (key, device, characteristic, bytes, context, record_number,"
      " received_utc_ms, is_stored, disposition, reason, clock_period, chain, clock_timeline,"
      " clock_device_time_s, clock_hub_utc_ms, clock_uncertainty_ms)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING");
  insert.with(octetsOf(capture.key), record.device.value, record.characteristic,
              ByteView(record.bytes), ByteView(record.context), record.recordNumber,
              millisecondsOf(record.receivedAt), record.isStored, wordOf(capture.disposition),
              wordOf(capture.reason), capture.clockPeriod, ByteView(link));
  if (const auto& clock = record.clock) {
    insert.bind(13, nameOf(clock->device.timeline)).bind(14, secondsOf(clock->device.at));
    insert.bind(15, millisecondsOf(clock->hub)).bind(16, clock->uncertainty.count());
  }
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  if (database.changes() == 0) return false;
  if (auto done = setHead(database, link); !done) return std::unexpected(done.error());
  return true;
}

Result<hub::AliasInsert> insertAlias(Database& database, const ReadingKey& alias,
                                     const ReadingKey& capture) {
  // By one constraint for all three: the alias's own.
  auto insert = database.prepare(
      "INSERT INTO alias SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM capture WHERE key = ?1)"
      " AND NOT EXISTS (SELECT 1 FROM pruned WHERE key = ?1) ON CONFLICT (key) DO NOTHING");
  if (auto done = insert.with(octetsOf(alias), octetsOf(capture)).run(); !done) {
    return std::unexpected(done.error());
  }
  if (database.changes() == 1) return hub::AliasInsert::kNew;
  auto row = database.prepare("SELECT 1 FROM alias WHERE key = ? AND capture = ?");
  const auto isOwn = row.with(octetsOf(alias), octetsOf(capture)).step();
  if (!isOwn) return std::unexpected(isOwn.error());
  return *isOwn ? hub::AliasInsert::kKnown : hub::AliasInsert::kAnothers;
}

Result<std::vector<ReadingKey>> kinOf(Database& database, const ReadingKey& capture) {
  std::vector<ReadingKey> kin{capture};
  auto row = database.prepare("SELECT origin FROM handover WHERE key = ?");
  const auto found = row.with(octetsOf(capture)).step();
  if (!found) return std::unexpected(found.error());
  if (*found) kin.front() = keyFrom(row.blob(0));
  auto copies = database.prepare("SELECT key FROM handover WHERE origin = ? ORDER BY key");
  copies.with(octetsOf(kin.front()));
  for (;;) {
    const auto copy = copies.step();
    if (!copy) return std::unexpected(copy.error());
    if (!*copy) return kin;
    kin.push_back(keyFrom(copies.blob(0)));
  }
}

Result<std::optional<hub::Capture>> captureOf(Database& database, const ReadingKey& key) {
  auto row = database.prepare(
      std::string("SELECT ") + kContentColumns +
      ", c.disposition, c.reason, p.correction_ms, d.capture, d.person FROM capture c"
      " LEFT JOIN clock_period p ON p.id = c.clock_period"
      " LEFT JOIN decision d ON d.capture = c.key WHERE c.key = ?");
  const auto found = row.with(octetsOf(key)).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  const auto disposition =
      std::ranges::find(kDispositions, row.text(kContentEnd), &DispositionWord::word);
  const auto reason = std::ranges::find(kReasons, row.text(kContentEnd + 1), &ReasonWord::word);
  if (disposition == kDispositions.end() || reason == kReasons.end()) {
    return fail(ErrorCode::kStorage, database.path() + " holds an unknown disposition: it was" +
                                         " written by another version of Vardnav");
  }
  const bool isCorrected = !row.isNull(kContentEnd + 2);
  hub::Capture capture;
  capture.key = key;
  capture.record = recordOf(row, Milliseconds(row.int64(kContentEnd + 2)));
  if (!row.isNull(12)) capture.clockPeriod = row.int64(12);
  capture.record.isHubClockTrusted = !capture.clockPeriod || isCorrected;
  capture.disposition = disposition->disposition;
  capture.reason = reason->reason;
  if (!row.isNull(kContentEnd + 3)) {
    auto& decision = capture.decision.emplace();
    if (!row.isNull(kContentEnd + 4))
      decision.person.emplace(std::string(row.text(kContentEnd + 4)));
  }
  return capture;
}

Result<std::vector<ReadingKey>> capturesToPlaceAnew(Database& database, std::size_t limit) {
  auto rows = database.prepare(
      "SELECT c.key FROM capture c JOIN clock_period p ON p.id = c.clock_period"
      " WHERE c.clock_period IS NOT NULL AND NOT c.is_placed_anew AND p.correction_ms IS NOT NULL"
      " ORDER BY c.id LIMIT ?");
  rows.with(limit);
  std::vector<ReadingKey> keys;
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return keys;
    keys.push_back(keyFrom(rows.blob(0)));
  }
}

Result<hub::ChainCheck> checkChain(Database& database, const hub::ChainCheck& before,
                                   std::size_t limit) {
  hub::ChainCheck check{before.last, before.link, false, std::nullopt};
  auto rows = database.prepare(std::string("SELECT ") + kContentColumns +
                               ", c.chain, c.id FROM capture c WHERE c.chain IS NOT NULL"
                               " AND c.id > ? ORDER BY c.id LIMIT ?");
  rows.with(before.last, limit);
  for (std::size_t seen = 0; seen < limit; ++seen) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) {
      const auto head = headOf(database);
      if (!head) return std::unexpected(head.error());
      check.isWhole = *head == check.link;
      if (!check.isWhole) check.brokenAt = 0;
      return check;
    }
    const std::int64_t id = rows.int64(kContentEnd + 1);
    if (id != check.last + 1) {
      const auto link = prunedLink(database, check.last, id);
      if (!link) return std::unexpected(link.error());
      if (*link) check.link = **link;
    }
    check.last = id;
    check.link = chainAfter(check.link, rows);
    if (!std::ranges::equal(check.link, rows.blob(kContentEnd))) {
      check.brokenAt = id;
      return check;
    }
  }
  return check;
}

Result<std::size_t> dropFalseCaptures(Database& database) {
  struct Link {
    std::int64_t id;
    Bytes chain;
    bool follows;  ///< from the row before, or there is none to tell
  };
  std::vector<Link> links;
  auto rows = database.prepare(std::string("SELECT ") + kContentColumns +
                               ", c.chain, c.id FROM capture c WHERE c.chain IS NOT NULL"
                               " ORDER BY c.id");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const ByteView chain = rows.blob(kContentEnd);
    const std::int64_t id = rows.int64(kContentEnd + 1);
    const bool isAfterGap = links.empty() ? id != 1 : links.back().id != id - 1;
    const Bytes before = links.empty() ? Bytes() : links.back().chain;
    links.push_back({id, Bytes(chain.begin(), chain.end()),
                     isAfterGap || std::ranges::equal(chainAfter(before, rows), chain)});
  }
  rows.reset();
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i].follows) continue;
    if (i + 1 < links.size() && !links[i + 1].follows) {
      ++i;  // two in a row: the first one's chain was hit, not its content
      continue;
    }
    auto done = database.prepare("DELETE FROM capture WHERE id = ?").with(links[i].id).run();
    if (!done) return std::unexpected(done.error());
    ++dropped;
  }
  return dropped;
}

Result<void> chainAnew(Database& database) {
  std::vector<std::int64_t> ids;
  auto rows = database.prepare("SELECT id FROM capture ORDER BY id");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    ids.push_back(rows.int64(0));
  }
  auto done = database.execute(
      "UPDATE main.journal SET chain_head = x''; UPDATE main.pruned SET chain = NULL");
  if (!done) return done;
  for (const std::int64_t id : ids) {
    if (done = chain(database, id); !done) return done;
  }
  return {};
}

Result<std::string> chainHead(Database& database) {
  const auto head = headOf(database);
  if (!head) return std::unexpected(head.error());
  return toHex(*head);
}

}  // namespace vardnav::store
