// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/capture_rows.h"

#include <algorithm>
#include <array>
#include <string>

#include "pipelines/store/capture_chain.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;
using sqlite::Statement;

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

Result<bool> insertRow(Database& database, const hub::Capture& capture, Bytes& link) {
  // Not as a condition of the insertion: SQLite would then look for rows that refer to this one.
  auto known = database.prepare(
      "SELECT 1 FROM pruned WHERE key = ?1 UNION ALL SELECT 1 FROM alias WHERE key = ?1");
  const auto isKnown = known.with(octetsOf(capture.key)).step();
  if (!isKnown) return std::unexpected(isKnown.error());
  if (*isKnown) return false;

  const RawRecord& record = capture.record;
  Bytes next = linkAfter(link, capture);
  auto insert = database.prepare(
      "INSERT INTO capture (key, device, characteristic, bytes, context, record_number,"
      " received_utc_ms, is_stored, disposition, reason, clock_period, chain, clock_timeline,"
      " clock_device_time_s, clock_hub_utc_ms, clock_uncertainty_ms)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING");
  insert.with(octetsOf(capture.key), record.device.value, record.characteristic,
              ByteView(record.bytes), ByteView(record.context), record.recordNumber,
              millisecondsOf(record.receivedAt), record.isStored, wordOf(capture.disposition),
              wordOf(capture.reason), capture.clockPeriod, ByteView(next));
  if (const auto& clock = record.clock) {
    insert.bind(13, nameOf(clock->device.timeline)).bind(14, secondsOf(clock->device.at));
    insert.bind(15, millisecondsOf(clock->hub)).bind(16, clock->uncertainty.count());
  }
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  if (database.changes() == 0) return false;
  link = std::move(next);
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

}  // namespace vardnav::store
