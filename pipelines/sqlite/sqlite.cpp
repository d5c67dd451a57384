// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/sqlite/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

namespace vardnav::sqlite {

struct Connection {
  sqlite3* db = nullptr;
  std::string path;
  bool inTransaction = false;
  mutable bool isDamaged = false;  // sticky
  std::map<std::string, sqlite3_stmt*, std::less<>> idle;

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    for (const auto& [sql, statement] : idle) sqlite3_finalize(statement);
    sqlite3_close_v2(db);
  }
};

namespace {

constexpr int kBusyTimeoutMs = 5000;

std::string systemReason(const Connection& connection) {
  const int number = connection.db != nullptr ? sqlite3_system_errno(connection.db) : 0;
  return number != 0 ? std::strerror(number) : "no reason given";
}

std::string oneLine(std::string_view text) {
  std::string line(text);
  std::ranges::replace(line, '\n', ' ');
  return line;
}

Error errorOf(const Connection& connection, int result) {
  const std::string& path = connection.path;
  const auto message = oneLine(connection.db != nullptr ? sqlite3_errmsg(connection.db) : "");
  if ((result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB) {
    connection.isDamaged = true;
  }
  switch (result & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::kStorage, "the disk is full, or " + path +
                                       " has reached its bound: free space there, or raise it"};
    case SQLITE_READONLY:
      return {ErrorCode::kStorage, path + " cannot be written: give this user write access to it" +
                                       " and its directory, on a disk mounted writable"};
    case SQLITE_CANTOPEN:
      return {ErrorCode::kStorage, path + " cannot be opened (" + systemReason(connection) +
                                       "): its directory must exist and be writable for this user"};
    case SQLITE_NOTADB:
      return {ErrorCode::kStorage,
              path + " is not a database: correct the path, or move the file away"};
    case SQLITE_CORRUPT:
      return {ErrorCode::kStorage,
              path + " is damaged (" + message + "): move it away, and keep it for recovery"};
    case SQLITE_IOERR:
      return {ErrorCode::kStorage, path + " cannot be read or written (" +
                                       systemReason(connection) + "): check the disk"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kUnavailable, path + " is held by another process: stop that one"};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::kConflict, path + ": " + message};
    case SQLITE_NOMEM:
      return {ErrorCode::kStorage, path + ": out of memory"};
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return {ErrorCode::kInvalidInput, path + ": " + message};
    default:  // never the value's fault
      return {ErrorCode::kStorage, path + ": " + message};
  }
}

Result<void> executeOn(const Connection& connection, const char* sql) {
  const int result = sqlite3_exec(connection.db, sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return std::unexpected(errorOf(connection, result));
  return {};
}

/// An empty file for its owner only; SQLite gives its companions the same mode.
Result<void> createPrivately(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  return fail(ErrorCode::kStorage, path + " cannot be opened for writing (" + std::strerror(errno) +
                                       "): its directory must exist and be writable for this user");
}

Result<void> configure(Database& database) {
  {
    auto mode = database.prepare("PRAGMA journal_mode=WAL");
    const auto row = mode.step();
    if (!row) return std::unexpected(row.error());
    if (!*row || mode.text(0) != "wal") {
      return fail(ErrorCode::kStorage,
                  database.path() + " cannot keep a write-ahead log: put it on a local disk");
    }
  }
  // What a savepoint may have to undo stays in memory: as a file it costs two writes a row.
  if (auto done = database.execute(
          "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;");
      !done) {
    return done;
  }
  // Finds out now, not at the first reading, that nothing can be written.
  return database.execute("BEGIN IMMEDIATE; ROLLBACK;");
}

/// What a process wrote and had not synced when it was killed is read as committed by the next one,
/// and no disk may have it: nothing must be told or built on it before it is durable.
Result<void> syncLog(const Connection& connection) {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection.db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return {};
  if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK) return {};
  return fail(ErrorCode::kStorage, connection.path + "-wal cannot be made durable (" +
                                       std::strerror(errno) + "): check the disk");
}

Result<void> checkFile(Database& database, Check check) {
  auto pragma = database.prepare(check == Check::kWhole ? "PRAGMA integrity_check(1)"
                                                        : "PRAGMA quick_check(1)");
  const auto row = pragma.step();
  if (!row) return std::unexpected(row.error());
  if (*row && pragma.text(0) == "ok") return {};
  return fail(ErrorCode::kStorage, database.path() + " is damaged (" + oneLine(pragma.text(0)) +
                                       "): move it away, and keep it for recovery");
}

}  // namespace

struct Statement::Lease {
  Connection* connection = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::string sql;
  std::optional<Error> fault;

  Lease() = default;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() {
    if (statement == nullptr) return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (!connection->idle.emplace(std::move(sql), statement).second) sqlite3_finalize(statement);
  }

  void note(int result) {
    if (result != SQLITE_OK && !fault) fault = errorOf(*connection, result);
  }
};

Statement::Statement(std::unique_ptr<Lease> lease) : lease_(std::move(lease)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement::~Statement() = default;

Statement& Statement::bind(int index, std::int64_t value) {
  lease_->note(sqlite3_bind_int64(lease_->statement, index, value));
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  lease_->note(sqlite3_bind_text64(lease_->statement, index, value.data() ? value.data() : "",
                                   value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int index, ByteView value) {
  const void* octets = value.empty() ? static_cast<const void*>("") : value.data();
  lease_->note(
      sqlite3_bind_blob64(lease_->statement, index, octets, value.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind(int index, std::nullptr_t) {
  lease_->note(sqlite3_bind_null(lease_->statement, index));
  return *this;
}

Statement& Statement::withRow(const Statement& other) {
  const int columns = sqlite3_column_count(other.lease_->statement);
  for (int i = 0; i < columns; ++i) {
    lease_->note(sqlite3_bind_value(lease_->statement, i + 1,
                                    sqlite3_column_value(other.lease_->statement, i)));
  }
  return *this;
}

Result<bool> Statement::step() {
  if (lease_->fault) return std::unexpected(*lease_->fault);
  const Connection& connection = *lease_->connection;
  if (connection.inTransaction && sqlite3_get_autocommit(connection.db) != 0) {
    return fail(ErrorCode::kStorage, connection.path + ": the transaction was rolled back");
  }
  const int result = sqlite3_step(lease_->statement);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  Error error = errorOf(connection, result);
  sqlite3_reset(lease_->statement);
  return std::unexpected(std::move(error));
}

Result<void> Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  if (lease_->statement != nullptr) sqlite3_reset(lease_->statement);
}

bool Statement::isNull(int column) const {
  return sqlite3_column_type(lease_->statement, column) == SQLITE_NULL;
}

std::int64_t Statement::int64(int column) const {
  return sqlite3_column_int64(lease_->statement, column);
}

std::string_view Statement::text(int column) const {
  const ByteView octets = blob(column);
  return {static_cast<const char*>(static_cast<const void*>(octets.data())), octets.size()};
}

ByteView Statement::blob(int column) const {
  const void* octets = sqlite3_column_blob(lease_->statement, column);
  const int size = sqlite3_column_bytes(lease_->statement, column);
  return {static_cast<const std::uint8_t*>(octets), static_cast<std::size_t>(size)};
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::openAgain(const std::string& path) {
  if (auto created = createPrivately(path); !created) return std::unexpected(created.error());
  auto connection = std::make_unique<Connection>();
  connection->path = path;
  const int result =
      sqlite3_open_v2(path.c_str(), &connection->db,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (result != SQLITE_OK) return std::unexpected(errorOf(*connection, result));
  sqlite3_busy_timeout(connection->db, kBusyTimeoutMs);
  Database database(std::move(connection));
  if (auto configured = configure(database); !configured) {
    return std::unexpected(configured.error());
  }
  return database;
}

Result<Database> Database::open(const std::string& path, Check check) {
  auto database = openAgain(path);
  if (!database) return database;
  if (auto synced = syncLog(*database->connection_); !synced) {
    return std::unexpected(synced.error());
  }
  if (auto checked = checkFile(*database, check); !checked) return std::unexpected(checked.error());
  return database;
}

Result<Database> Database::openReadOnly(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) {
    return fail(ErrorCode::kNotFound, path + " is not there: correct the path");
  }
  auto connection = std::make_unique<Connection>();
  connection->path = path;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int result = sqlite3_open_v2(path.c_str(), &connection->db, flags, nullptr);
  if (result == SQLITE_OK) {
    sqlite3_busy_timeout(connection->db, kBusyTimeoutMs);
    // The file is not looked at before the first read.
    result = sqlite3_exec(connection->db, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr,
                          nullptr);
  }
  const int primary = result & 0xff;
  if (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY) {
    return fail(ErrorCode::kStorage, path +
                                         " cannot be read here: copy it, with its -wal file if " +
                                         "there is one, to a directory that you can write");
  }
  if (result != SQLITE_OK) return std::unexpected(errorOf(*connection, result));
  return Database(std::move(connection));
}

Statement Database::prepare(std::string_view sql) {
  auto lease = std::make_unique<Statement::Lease>();
  lease->connection = connection_.get();
  if (auto idle = connection_->idle.find(sql); idle != connection_->idle.end()) {
    lease->statement = idle->second;
    lease->sql = std::move(connection_->idle.extract(idle).key());
    return Statement(std::move(lease));
  }
  lease->sql = sql;
  const int result = sqlite3_prepare_v3(connection_->db, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &lease->statement, nullptr);
  lease->note(result);
  return Statement(std::move(lease));
}

Result<void> Database::execute(const std::string& sql) {
  return executeOn(*connection_, sql.c_str());
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_->db); }

const std::string& Database::path() const { return connection_->path; }

bool Database::isDamaged() const { return connection_->isDamaged; }

bool isDamaged(const std::string& path) {
  Connection connection;
  connection.path = path;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (sqlite3_open_v2(path.c_str(), &connection.db, flags, nullptr) != SQLITE_OK) return false;
  sqlite3_busy_timeout(connection.db, kBusyTimeoutMs);
  sqlite3_stmt* statement = nullptr;
  int result =
      sqlite3_prepare_v2(connection.db, "PRAGMA integrity_check(1)", -1, &statement, nullptr);
  bool isSound = true;
  if (result == SQLITE_OK) {
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
      const auto* told = sqlite3_column_text(statement, 0);
      isSound = told != nullptr && std::strcmp(reinterpret_cast<const char*>(told), "ok") == 0;
    }
  }
  sqlite3_finalize(statement);
  const int primary = result & 0xff;
  return !isSound || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) {
    return std::unexpected(begun.error());
  }
  database.connection_->inTransaction = true;
  return Transaction(database.connection_.get());
}

Transaction::~Transaction() {
  if (connection_ == nullptr) return;
  connection_->inTransaction = false;
  if (sqlite3_get_autocommit(connection_->db) == 0) {
    sqlite3_exec(connection_->db, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Result<void> Transaction::commit() {
  if (sqlite3_get_autocommit(connection_->db) != 0) {
    return fail(ErrorCode::kStorage, connection_->path + ": the transaction was rolled back");
  }
  auto committed = executeOn(*connection_, "COMMIT");
  if (committed) std::exchange(connection_, nullptr)->inTransaction = false;
  return committed;
}

}  // namespace vardnav::sqlite
