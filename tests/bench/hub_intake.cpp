// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's intake to its durable commit against its floor of the same run: bare SQLite that
// inserts the very same rows into the same tables and indexes, in as many transactions, equally
// durable. Once with one reading a transaction, as three people measure; and once with twenty, as
// their meters give what they have held for hours. The hub also decodes, places, finds repeats,
// chains, judges by three shipped rules and keeps its counters and rule state. Prints one JSON
// object; exit 1 below a limit.
//
//   hub_intake FOLDER [READINGS [RUNS]]     FOLDER: on the disk that is measured; must be empty
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "hub/core/hub_core.h"
#include "pipelines/store/in_flight_file.h"
#include "pipelines/store/sqlite_journal.h"
#include "rules/document/document.h"

namespace vardnav::bench {
namespace {

using namespace std::chrono_literals;

/// Readings of a transaction, and the least share of the floor.
struct Batch {
  std::uint32_t size;
  double limit;
};
constexpr std::array kBatches = {Batch{1, 0.5}, Batch{20, 0.7}};
const std::array kMeters = {DeviceId("C0:FF:EE:00:00:01"), DeviceId("C0:FF:EE:00:00:02"),
                            DeviceId("C0:FF:EE:00:00:03")};
const std::array kPersons = {PersonId("p-7f3a"), PersonId("p-8b14"), PersonId("p-90c2")};
constexpr std::chrono::minutes kBetween{30};
const UtcTime kStart = parseRfc3339("2026-03-01T08:00:00Z").value();

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "hub_intake: %s\n", why.c_str());
  std::exit(2);
}

template <class T>
T need(Result<T> result) {
  if (!result) fail(result.error().context);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// What the readings took: until they were durable, and of the processor.
struct Taken {
  double seconds = 0;
  double cpu = 0;
};

class Stopwatch {
 public:
  Taken taken() const {
    const auto now = std::chrono::steady_clock::now();
    return {std::chrono::duration<double>(now - start_).count(), cpuNow() - cpu_};
  }

 private:
  static double cpuNow() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double cpu_ = cpuNow();
};

// --- the hub ---------------------------------------------------------------------------------

struct MovingClock final : Clock {
  UtcTime utcNow() const override { return now; }
  SteadyTime steadyNow() const override { return SteadyTime(now.time_since_epoch()); }
  UtcTime now = kStart;
};

hub::Household household() {
  hub::Household household;
  household.hub = HubId("hub-bench");
  std::vector<rules::Rule> rules;
  for (const char* name : {"glucose-low", "weight-gain", "fev1-fall"}) {
    std::ifstream file(std::string(VARDNAV_SOURCE_DIR "/rules/templates/") + name + ".json");
    std::ostringstream text;
    text << file.rdbuf();
    auto rule = rules::compile(text.str());
    if (!rule) fail(std::string("template ") + name);
    rules.push_back(*std::move(rule));
  }
  for (std::size_t i = 0; i < kPersons.size(); ++i) {
    household.bindings.push_back({kMeters[i], std::nullopt, kPersons[i], UtcTime{}, std::nullopt});
    hub::Patient patient;
    patient.context.person = kPersons[i];
    patient.rules = rules;
    household.patients.push_back(std::move(patient));
  }
  return household;
}

UtcTime measuredAt(std::uint32_t number) { return kStart + number * kBetween; }

/// Glucose Service 3.1, as a meter whose clock is right gives it at `received`: 72 to 199 mg/dL,
/// and one in two hundred below 54.
RawRecord reading(std::uint32_t number, UtcTime received) {
  const auto localOf = [](UtcTime time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()) + 1h;
  };
  const auto local = localOf(measuredAt(number));
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const std::chrono::hh_mm_ss time{local - day};
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  const unsigned value = number % 200 == 199 ? 45 : 72 + number * 37 % 128;
  const auto octet = [](auto part) { return static_cast<std::uint8_t>(part); };
  RawRecord record;
  record.device = kMeters[number % kMeters.size()];
  record.characteristic = "2A18";
  record.bytes = {0x02,
                  octet(number & 0xff),
                  octet(number >> 8U & 0xff),
                  octet(year & 0xff),
                  octet(year >> 8U),
                  octet(static_cast<unsigned>(date.month())),
                  octet(static_cast<unsigned>(date.day())),
                  octet(time.hours().count()),
                  octet(time.minutes().count()),
                  octet(time.seconds().count()),
                  octet(value),
                  0xB0,
                  0x11};
  record.recordNumber = number;
  record.isStored = true;
  record.receivedAt = received;
  record.clock = {
      {DeviceTime::Timeline::kLocal, LocalTime(localOf(received))}, received, Milliseconds{1000}};
  return record;
}

Taken takeIn(const std::string& folder, std::uint32_t readings, std::uint32_t size) {
  const auto journal = need(store::SqliteJournal::open(folder + "/hub.db"));
  const auto note = need(store::InFlightFile::open(folder + "/in-flight"));
  const hub::Household home = household();
  MovingClock clock;
  hub::DropBook drops;
  hub::HubCore core(*journal, home, clock, *note, drops);
  const Stopwatch watch;
  for (std::uint32_t first = 1; first <= readings; first += size) {
    const std::uint32_t last = std::min(first + size - 1, readings);
    clock.now = measuredAt(last) + 60s;
    std::vector<RawRecord> records;
    for (std::uint32_t n = first; n <= last; ++n) records.push_back(reading(n, clock.now));
    for (auto& answer : core.accept(std::move(records))) {
      const auto accepted = need(std::move(answer));
      if (accepted.disposition != intake::Disposition::kAccepted || accepted.isDuplicate) {
        fail("a reading was not accepted");
      }
    }
  }
  return watch.taken();
}

// --- the floor -------------------------------------------------------------------------------

struct Database {
  sqlite3* handle = nullptr;
  explicit Database(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle) != SQLITE_OK) fail(path);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { sqlite3_close_v2(handle); }
  void run(const char* sql) const {
    char* why = nullptr;
    if (sqlite3_exec(handle, sql, nullptr, nullptr, &why) != SQLITE_OK) fail(why);
  }
};

struct Statement {
  sqlite3_stmt* handle = nullptr;
  Statement(const Database& database, const std::string& sql) {
    if (sqlite3_prepare_v2(database.handle, sql.c_str(), -1, &handle, nullptr) != SQLITE_OK) {
      fail(sqlite3_errmsg(database.handle));
    }
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle); }
};

struct Released {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Row = std::vector<std::unique_ptr<sqlite3_value, Released>>;

/// A table's rows by the reading that brought them, and how one is inserted.
struct Table {
  const char* name;
  const char* query;  ///< the reading's key, then every column
  std::map<std::string, std::vector<Row>> rows{};
  int columns = 0;
};

void load(const Database& from, Table& table) {
  const Statement rows(from, table.query);
  table.columns = sqlite3_column_count(rows.handle) - 1;
  while (sqlite3_step(rows.handle) == SQLITE_ROW) {
    Row row;
    for (int i = 1; i <= table.columns; ++i) {
      row.emplace_back(sqlite3_value_dup(sqlite3_column_value(rows.handle, i)));
    }
    table.rows[reinterpret_cast<const char*>(sqlite3_column_text(rows.handle, 0))].push_back(
        std::move(row));
  }
}

std::string insertInto(const Table& table) {
  std::string sql = std::string("INSERT INTO ") + table.name + " VALUES (?";
  for (int i = 1; i < table.columns; ++i) sql += ",?";
  return sql + ")";
}

void insert(const Statement& statement, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      sqlite3_bind_value(statement.handle, static_cast<int>(i) + 1, row[i].get());
    }
    if (sqlite3_step(statement.handle) != SQLITE_DONE) fail("a row was not inserted");
    sqlite3_reset(statement.handle);
  }
}

Taken insertSame(const std::string& folder, std::uint32_t size) {
  need(store::SqliteJournal::open(folder + "/floor.db"));  // makes the tables
  std::vector<Table> tables;
  tables.push_back({"capture", "SELECT hex(key), * FROM capture"});
  tables.push_back({"observation", "SELECT hex(reading), * FROM observation ORDER BY id"});
  tables.push_back({"verdict",
                    "SELECT hex((SELECT reading FROM verdict_input WHERE verdict = key AND"
                    " position = 0)), * FROM verdict"});
  tables.push_back({"verdict_input",
                    "SELECT hex((SELECT n.reading FROM verdict_input n WHERE n.verdict = v.verdict"
                    " AND n.position = 0)), v.* FROM verdict_input v"});
  tables.push_back({"outbox",
                    "SELECT hex(coalesce(reading, (SELECT n.reading FROM verdict_input n WHERE"
                    " n.verdict = o.verdict AND n.position = 0))), o.* FROM outbox o"});
  const Database from(folder + "/hub.db");
  for (Table& table : tables) load(from, table);
  std::vector<std::string> order;
  const Statement keys(from, "SELECT hex(key) FROM capture ORDER BY id");
  while (sqlite3_step(keys.handle) == SQLITE_ROW) {
    order.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(keys.handle, 0)));
  }

  const Database to(folder + "/floor.db");
  to.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
  std::vector<std::unique_ptr<Statement>> inserts;
  for (const Table& table : tables) {
    inserts.push_back(std::make_unique<Statement>(to, insertInto(table)));
  }
  const Statement begin(to, "BEGIN IMMEDIATE");
  const Statement commit(to, "COMMIT");
  const auto run = [](const Statement& statement) {
    if (sqlite3_step(statement.handle) != SQLITE_DONE) fail("no transaction");
    sqlite3_reset(statement.handle);
  };
  const Stopwatch watch;
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (n % size == 0) run(begin);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const auto rows = tables[i].rows.find(order[n]);
      if (rows != tables[i].rows.end()) insert(*inserts[i], rows->second);
    }
    if ((n + 1) % size == 0 || n + 1 == order.size()) run(commit);
  }
  return watch.taken();
}

/// One JSON object; false: below its limit.
bool measure(const std::string& folder, const Batch& batch, std::uint32_t readings, int runs) {
  std::vector<double> shares;
  std::string each;
  for (int i = 0; i < runs; ++i) {
    const std::string place = folder + "/" + std::to_string(i);
    std::filesystem::create_directories(place);
    const Taken hub = takeIn(place, readings, batch.size);
    const Taken floor = insertSame(place, batch.size);
    std::filesystem::remove_all(place);
    shares.push_back(floor.seconds / hub.seconds);
    char line[240];
    std::snprintf(line, sizeof line,
                  "%s{\"hub_per_s\":%.0f,\"floor_per_s\":%.0f,\"share\":%.3f,"
                  "\"hub_cpu_us_each\":%.0f,\"floor_cpu_us_each\":%.0f}",
                  i == 0 ? "" : ",", readings / hub.seconds, readings / floor.seconds,
                  shares.back(), hub.cpu / readings * 1e6, floor.cpu / readings * 1e6);
    each += line;
  }
  std::ranges::sort(shares);
  const double median = shares[shares.size() / 2];
  std::printf(
      "{\"a_transaction\":%u,\"limit\":%.2f,"
      "\"share\":{\"min\":%.3f,\"median\":%.3f,\"max\":%.3f},\"runs\":[%s]}",
      batch.size, batch.limit, shares.front(), median, shares.back(), each.c_str());
  return median >= batch.limit;
}

int mainOf(const std::string& folder, std::uint32_t readings, int runs) {
  bool holds = true;
  std::printf("{\"command\":\"./dev bench\",\"readings\":%u,\"batches\":[", readings);
  for (const Batch& batch : kBatches) {
    if (&batch != kBatches.begin()) std::printf(",\n");
    holds = measure(folder, batch, readings, runs) && holds;
  }
  std::printf("]}\n");
  return holds ? 0 : 1;
}

}  // namespace
}  // namespace vardnav::bench

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "hub_intake FOLDER [READINGS [RUNS]]\n");
    return 2;
  }
  const auto number = [&](int index, unsigned long otherwise) {
    return argc > index ? std::strtoul(argv[index], nullptr, 10) : otherwise;
  };
  return vardnav::bench::mainOf(argv[1], static_cast<std::uint32_t>(number(2, 5000)),
                                static_cast<int>(number(3, 3)));
}
