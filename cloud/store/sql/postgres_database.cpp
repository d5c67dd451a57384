// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql/postgres_database.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "cloud/store/sql/placeholders.h"
#include "cloud/store/sql/sql_state.h"

namespace vardnav::cloud::sql {
namespace {

constexpr int kOldestServer = 150000;
/// Advisory lock of the one process that serves a database ("VCAR").
constexpr const char* kServing = "1447247186";

SteadyTime now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::steady_clock::now());
}

std::string oneLine(const char* text) {
  std::string line(text != nullptr ? text : "");
  while (!line.empty() && line.back() == '\n') line.pop_back();
  std::ranges::replace(line, '\n', ' ');
  return line;
}

/// From PostgreSQL's binary format: network byte order, as wide as its type; bool is one octet.
std::int64_t binaryInteger(std::string_view octets) {
  std::uint64_t value = 0;
  for (const char octet : octets) value = value << 8 | static_cast<std::uint8_t>(octet);
  const auto unused = 64 - 8 * static_cast<int>(std::clamp<std::size_t>(octets.size(), 1, 8));
  return static_cast<std::int64_t>(value << unused) >> unused;
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Result<void> checkParameters(const std::string& parameters) {
  char* fault = nullptr;
  const Options options(PQconninfoParse(parameters.c_str(), &fault));
  const std::string why = oneLine(fault);
  PQfreemem(fault);
  if (options == nullptr) {
    return fail(ErrorCode::kInvalidInput, "database is no PostgreSQL connection string: " + why);
  }
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) != "password" || option->val == nullptr) continue;
    return fail(ErrorCode::kInvalidInput,
                "database must not hold a password: put it in a file that only this user reads, "
                "and name that one with passfile=");
  }
  return {};
}

pg_conn* openConnection(const std::string& parameters) {
  // The later of two counts, so that what the operator writes stands. A server that went away
  // without a word is found out within half a minute.
  const char* keywords[] = {"application_name",
                            "connect_timeout",
                            "keepalives_idle",
                            "keepalives_interval",
                            "keepalives_count",
                            "tcp_user_timeout",
                            "dbname",
                            "client_encoding",
                            nullptr};
  const char* values[] = {"vardnav-care",     "5",    "10",   "5", "3", "20000",
                          parameters.c_str(), "UTF8", nullptr};
  return PQconnectdbParams(keywords, values, 1);
}

}  // namespace

void PostgresDatabase::Free::operator()(pg_conn* connection) const { PQfinish(connection); }
void PostgresDatabase::Free::operator()(pg_result* result) const { PQclear(result); }

PostgresDatabase::~PostgresDatabase() = default;

Result<std::unique_ptr<PostgresDatabase>> PostgresDatabase::open(const std::string& connection,
                                                                 bool mustKeep) {
  if (auto sound = checkParameters(connection); !sound) return std::unexpected(sound.error());
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(connection, mustKeep));
  if (auto connected = database->connectNow(); !connected) {
    return std::unexpected(connected.error());
  }
  return database;
}

Result<void> PostgresDatabase::connect() {
  if (notBefore_ && now() < *notBefore_) {
    return fail(ErrorCode::kUnavailable, name_ + " is away");
  }
  auto connected = connectNow();
  if (connected) {
    notBefore_.reset();
    pause_ = kFirstPause;
  } else {
    notBefore_ = now() + pause_;
    pause_ = std::min(2 * pause_, kLongestPause);
  }
  return connected;
}

Result<void> PostgresDatabase::connectNow() {
  connection_.reset(openConnection(parameters_));
  prepared_.clear();
  if (connection_ == nullptr) return fail(ErrorCode::kStorage, "out of memory");
  const auto text = [](const char* found) { return std::string(found != nullptr ? found : ""); };
  name_ = "PostgreSQL database " + text(PQdb(connection_.get())) + " at " +
          text(PQhost(connection_.get()));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    const std::string why = oneLine(PQerrorMessage(connection_.get()));
    connection_.reset();
    return fail(ErrorCode::kUnavailable, name_ + " cannot be used (" + why +
                                             "): start the server, or correct database in the "
                                             "configuration");
  }
  auto ready = makeReady();
  if (ready && servesAlone_) ready = holdServing();
  if (!ready) connection_.reset();
  if (ready) backend_ = PQbackendPID(connection_.get());
  return ready;
}

Result<void> PostgresDatabase::makeReady() {
  if (PQserverVersion(connection_.get()) < kOldestServer) {
    return fail(ErrorCode::kUnavailable,
                name_ + " is served by PostgreSQL " +
                    std::to_string(PQserverVersion(connection_.get()) / 10000) +
                    ": 15 or newer is needed");
  }
  const auto refuse = [&](const char* what) {
    return fail(ErrorCode::kUnavailable, name_ + " " + what);
  };
  const auto encoding = askOne("SHOW server_encoding");
  if (!encoding) return std::unexpected(encoding.error());
  if (*encoding != "UTF8") return refuse("does not hold UTF-8: create it with ENCODING 'UTF8'");
  const auto sync = askOne("SHOW fsync");
  if (!sync) return std::unexpected(sync.error());
  if (mustKeep_ && *sync != "on")
    return refuse("would lose readings: set fsync=on in postgresql.conf");
  const auto writable = askOne("SHOW transaction_read_only");
  if (!writable) return std::unexpected(writable.error());
  if (*writable != "off") {
    return refuse(
        "is a standby or read-only: name the primary, or add "
        "target_session_attrs=read-write");
  }
  const auto commit = askOne("SHOW synchronous_commit");
  if (!commit) return std::unexpected(commit.error());
  std::string settings =
      "SET statement_timeout=25000; SET lock_timeout=5000;"
      " SET idle_in_transaction_session_timeout=60000; SET plan_cache_mode=force_generic_plan;"
      " SET bytea_output=hex; LISTEN vardnav_care;";
  if (*commit == "off") settings += " SET synchronous_commit=on;";
  hasChanged_ = true;
  const auto done = askScript(settings);
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<void> PostgresDatabase::serveAlone() {
  servesAlone_ = true;
  return holdServing();
}

Result<void> PostgresDatabase::holdServing() {
  const std::string lock = kServing;
  const auto held = askOne("SELECT pg_try_advisory_lock(" + lock + ")");
  if (!held) return std::unexpected(held.error());
  if (*held == "t") return {};
  if (backend_ != 0) {
    // Our own session before this one, whose end the server has not noticed yet.
    const auto ended = askOne(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
        " WHERE locktype='advisory' AND objid=" +
        lock + " AND pid=" + std::to_string(backend_));
    if (!ended) return std::unexpected(ended.error());
  }
  return fail(ErrorCode::kUnavailable,
              name_ + " is served by another vardnav-care: stop that one first");
}

Error PostgresDatabase::lost(const std::string& why) {
  connection_.reset();
  return {ErrorCode::kUnavailable, name_ + " was lost: " + why};
}

Error PostgresDatabase::errorOf(const pg_result* answer) const {
  // Not its detail, which may hold values.
  const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
  return {codeOfSqlState(state != nullptr ? state : "08000"), name_ + ": " + oneLine(message)};
}

Result<PostgresDatabase::Answer> PostgresDatabase::await() {
  const SteadyTime deadline = now() + kPatience;
  Answer answer;
  for (;;) {
    while (PQisBusy(connection_.get()) != 0) {
      pollfd waiting{PQsocket(connection_.get()), POLLIN, 0};
      const auto left = (deadline - now()).count();
      if (left <= 0) {
        connection_.reset();
        return fail(ErrorCode::kTimeout, name_ + " does not answer");
      }
      ::poll(&waiting, 1, static_cast<int>(left));
      if (PQconsumeInput(connection_.get()) == 0) {
        return std::unexpected(lost(oneLine(PQerrorMessage(connection_.get()))));
      }
    }
    Answer next(PQgetResult(connection_.get()));
    if (next == nullptr) break;
    // Of a script, the first failure or else the last success.
    if (answer == nullptr || PQresultStatus(answer.get()) != PGRES_FATAL_ERROR) {
      answer = std::move(next);
    }
  }
  if (answer == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) {
    return std::unexpected(lost(oneLine(PQerrorMessage(connection_.get()))));
  }
  if (PQresultStatus(answer.get()) == PGRES_FATAL_ERROR) {
    const char* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    if (state == nullptr || endsConnection(state)) {
      return std::unexpected(lost(errorOf(answer.get()).context));
    }
    return std::unexpected(errorOf(answer.get()));
  }
  return answer;
}

template <class Send>
Result<PostgresDatabase::Answer> PostgresDatabase::ask(Send send) {
  if (send(connection_.get()) == 0) {
    return std::unexpected(lost(oneLine(PQerrorMessage(connection_.get()))));
  }
  return await();
}

Result<PostgresDatabase::Answer> PostgresDatabase::askScript(const std::string& script) {
  return ask([&](pg_conn* connection) { return PQsendQuery(connection, script.c_str()); });
}

Result<std::string> PostgresDatabase::askOne(const std::string& query) {
  const auto answer = askScript(query);
  if (!answer) return std::unexpected(answer.error());
  if (PQntuples(answer->get()) == 0) return std::string();
  return std::string(PQgetvalue(answer->get(), 0, 0));
}

Result<std::string> PostgresDatabase::preparedName(const std::string& sql) {
  if (const auto known = prepared_.find(sql); known != prepared_.end()) return known->second;
  std::string name = "s" + std::to_string(prepared_.size() + 1);
  const auto answer = ask([&](pg_conn* connection) {
    return PQsendPrepare(connection, name.c_str(), sql.c_str(), 0, nullptr);
  });
  if (!answer) return std::unexpected(answer.error());
  return prepared_.emplace(sql, std::move(name)).first->second;
}

// A statement and the rows that its last execution gave, all of them.
class PostgresDatabase::Run final : public Cursor {
 public:
  Run(PostgresDatabase& database, NumberedSql sql)
      : database_(database),
        sql_(std::move(sql.text)),
        values_(static_cast<std::size_t>(sql.parameters)),
        formats_(values_.size(), kText) {}

  void bind(int index, std::int64_t value) override { put(index, std::to_string(value), kText); }
  // In binary form, in which PostgreSQL takes text and octets as they are.
  void bind(int index, std::string_view value) override { put(index, std::string(value), kBinary); }
  void bind(int index, ByteView value) override {
    put(index, std::string(value.begin(), value.end()), kBinary);
  }
  void bind(int index, std::nullptr_t) override { put(index, std::nullopt, kText); }

  Result<bool> step() override {
    if (rows_ == nullptr) {
      auto answer = execute();
      if (!answer) return std::unexpected(answer.error());
      rows_ = *std::move(answer);
      row_ = -1;
    }
    return ++row_ < PQntuples(rows_.get());
  }
  void reset() override { rows_.reset(); }

  bool isNull(int column) const override {
    return rows_ == nullptr || row_ >= PQntuples(rows_.get()) ||
           PQgetisnull(rows_.get(), row_, column) != 0;
  }
  std::int64_t int64(int column) const override {
    if (isNull(column)) return 0;
    return binaryInteger(text(column));
  }
  std::string_view text(int column) const override {
    if (isNull(column)) return {};
    return {PQgetvalue(rows_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
  }

 private:
  static constexpr int kText = 0;
  static constexpr int kBinary = 1;

  void put(int index, std::optional<std::string> value, int format) {
    values_.at(static_cast<std::size_t>(index) - 1) = std::move(value);
    formats_.at(static_cast<std::size_t>(index) - 1) = format;
  }

  Result<Answer> execute() {
    auto answer = executeOnce();
    // Nothing was written yet: the server may have been started anew since the last statement.
    const bool isRead = sql_.starts_with("SELECT");
    if (answer || !isRead || database_.inTransaction_ || database_.connection_ != nullptr) {
      return answer;
    }
    return executeOnce();
  }

  Result<Answer> executeOnce() {
    if (database_.connection_ == nullptr) {
      if (database_.inTransaction_) {
        return fail(ErrorCode::kUnavailable, database_.name_ + " was lost in a transaction");
      }
      if (auto connected = database_.connect(); !connected) {
        return std::unexpected(connected.error());
      }
    }
    const auto name = database_.preparedName(sql_);
    if (!name) return std::unexpected(name.error());
    std::vector<const char*> pointers;
    std::vector<int> lengths;
    for (const auto& value : values_) {
      pointers.push_back(value ? value->c_str() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
    auto answer = database_.ask([&](pg_conn* connection) {
      return PQsendQueryPrepared(connection, name->c_str(), static_cast<int>(pointers.size()),
                                 pointers.data(), lengths.data(), formats_.data(), kBinary);
    });
    if (answer) {
      const std::string_view changed = PQcmdTuples(answer->get());
      database_.changes_ = 0;
      std::from_chars(changed.data(), changed.data() + changed.size(), database_.changes_);
    }
    return answer;
  }

  PostgresDatabase& database_;
  std::string sql_;
  std::vector<std::optional<std::string>> values_;
  std::vector<int> formats_;
  Answer rows_;
  int row_ = -1;
};

Statement PostgresDatabase::prepare(std::string_view sql) {
  return Statement(std::make_unique<Run>(*this, numberedPlaceholders(sql)));
}

Result<void> PostgresDatabase::execute(const std::string& script) {
  if (connection_ == nullptr) {
    if (inTransaction_) return fail(ErrorCode::kUnavailable, name_ + " was lost in a transaction");
    if (auto connected = connect(); !connected) return connected;
  }
  const auto answer = askScript(script);
  if (!answer) return std::unexpected(answer.error());
  return {};
}

Result<bool> PostgresDatabase::hasChangedOutside() {
  if (connection_ != nullptr && PQconsumeInput(connection_.get()) == 0) {
    const Error ended = lost(oneLine(PQerrorMessage(connection_.get())));
    return std::unexpected(ended);
  }
  if (connection_ != nullptr) {
    for (;;) {
      PGnotify* note = PQnotifies(connection_.get());
      if (note == nullptr) break;
      hasChanged_ = hasChanged_ || note->be_pid != PQbackendPID(connection_.get());
      PQfreemem(note);
    }
  }
  return std::exchange(hasChanged_, false);
}

Result<void> PostgresDatabase::begin() {
  auto begun = execute("BEGIN");
  // The server may have been started anew since the last statement.
  if (!begun && connection_ == nullptr) begun = execute("BEGIN");
  if (begun) inTransaction_ = true;
  return begun;
}

Result<void> PostgresDatabase::commit() {
  if (connection_ == nullptr) {
    return fail(ErrorCode::kUnavailable, name_ + " was lost in a transaction");
  }
  const auto answer = askScript("COMMIT");
  if (!answer) return std::unexpected(answer.error());
  // A transaction that had failed is rolled back by COMMIT, without an error.
  if (std::string_view(PQcmdStatus(answer->get())) != "COMMIT") {
    return fail(ErrorCode::kStorage, name_ + ": the transaction was rolled back");
  }
  inTransaction_ = false;
  return {};
}

void PostgresDatabase::rollBack() {
  inTransaction_ = false;
  if (connection_ == nullptr) return;
  if (PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
  if (!askScript("ROLLBACK")) connection_.reset();
}

}  // namespace vardnav::cloud::sql
