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

}  // namespace

void PostgresDatabase::Free::operator()(pg_conn* connection) const { PQfinish(connection); }
void PostgresDatabase::Free::operator()(pg_result* result) const { PQclear(result); }

PostgresDatabase::~PostgresDatabase() = default;

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
