// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/rows.h"

#include <algorithm>

namespace vardnav::store {
namespace {

using sqlite::Database;
using sqlite::Statement;

// The order that readObservation() reads.
#define OBSERVATION_COLUMNS                                                                  \
  "o.reading, o.revision, o.code, o.value_kind, o.value_mantissa, o.value_exponent, o.unit," \
  " o.shown_mantissa, o.shown_exponent, o.shown_unit, o.person, o.device, o.slot,"           \
  " o.record_number, o.device_timeline, o.device_time_s, o.at_utc_ms, o.time_method,"        \
  " o.uncertainty_ms, o.received_utc_ms, o.flags"

std::string_view nameOf(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kNumber:
      return "number";
    case Value::Kind::kHigh:
      return "HI";
    case Value::Kind::kLow:
      return "LO";
    case Value::Kind::kNotANumber:
      return "NaN";
  }
  return "NaN";
}

std::optional<Value> valueFrom(std::string_view kind, const Decimal& number) {
  if (kind == nameOf(Value::Kind::kNumber)) return Value::of(number);
  return valueFromString(kind);
}

std::unexpected<Error> unreadable(const Database& database, std::string_view what) {
  return fail(ErrorCode::kStorage, database.path() + " holds an unknown " + std::string(what) +
                                       ": it was written by another version of Vardnav");
}

Decimal decimalAt(const Statement& row, int column) {
  return {row.int64(column), static_cast<int>(row.int64(column + 1))};
}

/// The columns that may be NULL.
Result<void> readOptional(const Database& database, const Statement& row,
                          Observation& observation) {
  if (!row.isNull(9)) {
    const auto unit = unitFromUcum(row.text(9));
    if (!unit) return unreadable(database, "unit");
    observation.shown = Quantity{decimalAt(row, 7), *unit};
  }
  if (!row.isNull(12)) observation.slot = static_cast<std::uint8_t>(row.int64(12));
  if (!row.isNull(13)) observation.recordNumber = static_cast<std::uint32_t>(row.int64(13));
  if (!row.isNull(14)) observation.deviceTime = deviceTimeOf(row.text(14), row.int64(15));
  return {};
}

Result<Observation> readObservation(const Database& database, const Statement& row) {
  Observation observation;
  observation.reading = keyFrom(row.blob(0));
  observation.revision = static_cast<std::uint16_t>(row.int64(1));
  const auto code = codeFromName(row.text(2));
  const auto value = valueFrom(row.text(3), decimalAt(row, 4));
  const auto unit = unitFromUcum(row.text(6));
  const auto method = timeMethodFromName(row.text(17));
  if (!code) return unreadable(database, "code");
  if (!value) return unreadable(database, "kind of value");
  if (!unit) return unreadable(database, "unit");
  if (!method) return unreadable(database, "time method");
  observation.code = *code;
  observation.value = *value;
  observation.unit = *unit;
  observation.person = PersonId(std::string(row.text(10)));
  observation.device = DeviceId(std::string(row.text(11)));
  observation.at = utcTimeOf(row.int64(16));
  observation.method = *method;
  observation.uncertainty = Milliseconds(row.int64(18));
  observation.receivedAt = utcTimeOf(row.int64(19));
  observation.flags = Flags::fromBits(static_cast<std::uint32_t>(row.int64(20)));
  if (auto read = readOptional(database, row, observation); !read) {
    return std::unexpected(read.error());
  }
  return observation;
}

Result<std::vector<Observation>> readAll(const Database& database, Statement& rows) {
  std::vector<Observation> observations;
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return observations;
    auto observation = readObservation(database, rows);
    if (!observation) return std::unexpected(observation.error());
    observations.push_back(*std::move(observation));
  }
}

}  // namespace

std::string_view nameOf(DeviceTime::Timeline timeline) {
  return timeline == DeviceTime::Timeline::kUtc ? "utc" : "local";
}

DeviceTime deviceTimeOf(std::string_view timeline, std::int64_t seconds) {
  using Timeline = DeviceTime::Timeline;
  return {timeline == nameOf(Timeline::kUtc) ? Timeline::kUtc : Timeline::kLocal,
          LocalTime(std::chrono::seconds(seconds))};
}

Key128 keyFrom(ByteView octets) {
  Key128 key;
  std::copy_n(octets.begin(), std::min(octets.size(), key.octets.size()), key.octets.begin());
  return key;
}

Result<void> insertRow(Database& database, const Observation& observation) {
  auto insert = database.prepare(
      "INSERT INTO observation (reading, revision, code, value_kind, value_mantissa,"
      " value_exponent, unit, person, device, slot, record_number, at_utc_ms, time_method,"
      " uncertainty_ms, received_utc_ms, flags, shown_mantissa, shown_exponent, shown_unit,"
      " device_timeline, device_time_s) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.with(octetsOf(observation.reading), observation.revision,
              vardnav::nameOf(observation.code), nameOf(observation.value.kind),
              observation.value.number.mantissa(), observation.value.number.exponent(),
              ucumOf(observation.unit), observation.person.value, observation.device.value,
              observation.slot, observation.recordNumber, millisecondsOf(observation.at),
              vardnav::nameOf(observation.method), observation.uncertainty.count(),
              millisecondsOf(observation.receivedAt), observation.flags.bits());
  if (const auto& shown = observation.shown) {
    insert.bind(17, shown->value.mantissa()).bind(18, shown->value.exponent());
    insert.bind(19, ucumOf(shown->unit));
  }
  if (const auto& time = observation.deviceTime) {
    insert.bind(20, nameOf(time->timeline)).bind(21, secondsOf(time->at));
  }
  return insert.run();
}

Result<bool> hasRival(Database& database, const Observation& one,
                      const std::string& characteristic) {
  auto row = database.prepare(
      "SELECT 1 FROM capture c JOIN observation o ON o.reading = c.key"
      " WHERE c.device = ? AND c.characteristic = ? AND c.record_number = ? AND c.key <> ?"
      " AND c.disposition <> 'refused'"
      " AND o.device_timeline = ? AND o.device_time_s = ? AND o.slot IS ? LIMIT 1");
  row.with(one.device.value, characteristic, one.recordNumber, octetsOf(one.reading),
           nameOf(one.deviceTime->timeline), secondsOf(one.deviceTime->at), one.slot);
  return row.step();
}

namespace {

constexpr std::string_view kTruthLetters = "uft";  // in the order of Truth

std::string lettersOf(const std::vector<Truth>& truths) {
  std::string letters;
  for (const Truth truth : truths) letters += kTruthLetters[static_cast<std::size_t>(truth)];
  return letters;
}

std::vector<Truth> truthsFrom(std::string_view letters) {
  std::vector<Truth> truths;
  for (const char letter : letters) {
    const auto index = kTruthLetters.find(letter);
    truths.push_back(index == std::string_view::npos ? Truth::kUnknown : static_cast<Truth>(index));
  }
  return truths;
}

/// What most verdicts do not have.
Result<void> putConfirmation(Database& database, const Verdict& verdict) {
  if (!verdict.isConfirmed && !verdict.withdraws) return {};
  auto update =
      database.prepare("UPDATE verdict SET is_confirmed = ?, withdraws = ? WHERE key = ?");
  if (verdict.isConfirmed) {
    update.bind(1, *verdict.isConfirmed);
  } else {
    update.bind(1, nullptr);
  }
  if (verdict.withdraws) {
    update.bind(2, vardnav::nameOf(*verdict.withdraws));
  } else {
    update.bind(2, nullptr);
  }
  return update.bind(3, octetsOf(verdict.key)).run();
}

}  // namespace

Result<bool> insertRow(Database& database, const Verdict& verdict) {
  auto insert = database.prepare(
      "INSERT INTO verdict (key, person, condition, rule, rule_hash, title_sv, title_en, why_sv,"
      " why_en, transition, priority, at_utc_ms, told_utc_ms, is_late, engine_version,"
      " context_version, truths) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT (key) DO NOTHING");
  insert.with(octetsOf(verdict.key), verdict.person.value, verdict.condition.value,
              verdict.rule.value, verdict.ruleHash, verdict.title.sv, verdict.title.en,
              verdict.why.sv, verdict.why.en, vardnav::nameOf(verdict.transition),
              vardnav::nameOf(verdict.priority), millisecondsOf(verdict.at),
              millisecondsOf(verdict.told), verdict.isLate, verdict.engineVersion,
              verdict.contextVersion, lettersOf(verdict.truths));
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  if (database.changes() == 0) return false;
  if (auto done = putConfirmation(database, verdict); !done) return std::unexpected(done.error());
  std::int64_t position = 0;
  for (const ReadingKey& reading : verdict.inputs) {
    const auto revision = newestRevision(database, reading);
    if (!revision) return std::unexpected(revision.error());
    auto done = database.prepare("INSERT INTO verdict_input VALUES (?,?,?,?)")
                    .with(octetsOf(verdict.key), position++, octetsOf(reading), *revision)
                    .run();
    if (!done) return std::unexpected(done.error());
  }
  return true;
}

Result<std::vector<Observation>> historyOf(Database& database, const PersonId& person, Code code,
                                           UtcTime from, UtcTime until) {
  auto rows = database.prepare(
      "SELECT " OBSERVATION_COLUMNS
      " FROM observation o JOIN capture c ON c.key = o.reading"
      " WHERE o.person = ? AND o.code = ? AND o.at_utc_ms BETWEEN ? AND ?"
      " AND c.disposition = 'accepted' AND NOT EXISTS (SELECT 1 FROM observation newer"
      " WHERE newer.reading = o.reading AND newer.revision > o.revision)"
      " ORDER BY o.at_utc_ms, o.id");
  rows.with(person.value, vardnav::nameOf(code), millisecondsOf(from), millisecondsOf(until));
  return readAll(database, rows);
}

Result<void> forEachObservation(Database& database, const std::optional<PersonId>& person,
                                const std::function<void(const Observation&)>& visit) {
  auto rows =
      database.prepare("SELECT " OBSERVATION_COLUMNS
                       " FROM observation o JOIN capture c ON c.key = o.reading"
                       " WHERE c.disposition = 'accepted' AND o.person = coalesce(?, o.person)"
                       " ORDER BY o.id");
  if (person) {
    rows.bind(1, person->value);
  } else {
    rows.bind(1, nullptr);
  }
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    const auto observation = readObservation(database, rows);
    if (!observation) return std::unexpected(observation.error());
    visit(*observation);
  }
}

Result<std::vector<Observation>> observationsOf(Database& database, ByteView reading,
                                                std::int64_t revision) {
  auto rows = database.prepare("SELECT " OBSERVATION_COLUMNS
                               " FROM observation o WHERE o.reading = ? AND o.revision = ?"
                               " ORDER BY o.id");
  rows.with(reading, revision);
  return readAll(database, rows);
}

Result<std::vector<Observation>> inputObservationsOf(Database& database, ByteView verdict) {
  auto rows = database.prepare("SELECT " OBSERVATION_COLUMNS
                               " FROM verdict_input i JOIN observation o"
                               " ON o.reading = i.reading AND o.revision = i.revision"
                               " WHERE i.verdict = ? ORDER BY i.position, o.id");
  rows.with(verdict);
  return readAll(database, rows);
}

Result<Verdict> verdictOf(Database& database, ByteView key) {
  auto row = database.prepare(
      "SELECT person, condition, rule, rule_hash, title_sv, title_en, why_sv, why_en, transition,"
      " priority, at_utc_ms, told_utc_ms, is_late, is_confirmed, withdraws, engine_version,"
      " context_version, truths FROM verdict WHERE key = ?");
  const auto found = row.with(key).step();
  if (!found) return std::unexpected(found.error());
  const auto transition = transitionFromName(*found ? row.text(8) : "");
  const auto priority = priorityFromName(*found ? row.text(9) : "");
  if (!transition || !priority) return unreadable(database, "verdict");
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  Verdict verdict;
  verdict.key = keyFrom(key);
  verdict.person = PersonId(text(0));
  verdict.condition = ConditionId(text(1));
  verdict.rule = RuleId(text(2));
  verdict.ruleHash = text(3);
  verdict.title = {text(4), text(5)};
  verdict.why = {text(6), text(7)};
  verdict.transition = *transition;
  verdict.priority = *priority;
  verdict.at = utcTimeOf(row.int64(10));
  verdict.told = utcTimeOf(row.int64(11));
  verdict.isLate = row.int64(12) != 0;
  if (!row.isNull(13)) verdict.isConfirmed = row.int64(13) != 0;
  if (!row.isNull(14)) verdict.withdraws = transitionFromName(row.text(14));
  verdict.engineVersion = static_cast<std::uint32_t>(row.int64(15));
  verdict.contextVersion = text(16);
  verdict.truths = truthsFrom(row.text(17));
  auto inputs =
      database.prepare("SELECT reading FROM verdict_input WHERE verdict = ? ORDER BY position");
  inputs.with(key);
  for (;;) {
    const auto input = inputs.step();
    if (!input) return std::unexpected(input.error());
    if (!*input) return verdict;
    verdict.inputs.push_back(keyFrom(inputs.blob(0)));
  }
}

Result<std::int64_t> newestRevision(Database& database, const ReadingKey& reading) {
  auto row = database.prepare("SELECT max(revision) FROM observation WHERE reading = ?");
  const auto found = row.with(octetsOf(reading)).step();
  if (!found) return std::unexpected(found.error());
  return row.int64(0);
}

}  // namespace vardnav::store
