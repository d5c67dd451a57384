// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A thin owner of SQLite connections and statements, shared by the hub's journal and the
// backend's embedded store. Failures come as Error with one line that says what to change.
// A Database and everything made from it belong to one thread at a time; further threads open
// their own on the same file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "pipelines/model/bytes.h"
#include "pipelines/model/error.h"

namespace vardnav::sqlite {

struct Connection;

/// A compiled statement, leased from the connection's cache until destruction, which must come
/// before the Database's. The first failure
/// (compiling, binding) sticks and is told by step() or run(), so binding needs no checks.
class Statement {
 public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Parameters from 1. Text and blobs are copied. An empty blob is a blob, not NULL.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view value);
  Statement& bind(int index, ByteView value);
  Statement& bind(int index, std::nullptr_t);
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind(index, nullptr);
  }
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, std::int64_t>)
  Statement& bind(int index, T value) {
    return bind(index, static_cast<std::int64_t>(value));
  }
  /// bind(1, …), bind(2, …) and so on.
  template <class... Args>
  Statement& with(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
    return *this;
  }

  /// Every column of the row that `other` stands on, in order.
  Statement& withRow(const Statement& other);

  /// true: a row stands ready; false: done.
  Result<bool> step();
  /// For statements without rows; rows are skipped. Can be bound and run again afterwards.
  Result<void> run();
  /// Ready to be bound and stepped again.
  void reset();

  /// Columns from 0, of the row that step() gave. Views hold until the next step or reset.
  bool isNull(int column) const;
  std::int64_t int64(int column) const;  ///< 0 for NULL
  std::string_view text(int column) const;
  ByteView blob(int column) const;

 private:
  friend class Database;
  struct Lease;
  explicit Statement(std::unique_ptr<Lease> lease);
  std::unique_ptr<Lease> lease_;
};

/// How much of a file is read when it is opened. kWhole also holds indexes against their tables.
enum class Check : std::uint8_t { kQuick, kWhole };

class Database {
 public:
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Opens or creates (for its owner only, mode 0600): WAL, synchronous=FULL, foreign keys on, 5 s
  /// busy timeout; then makes what it reads durable, whoever wrote it, and checks the file and that
  /// it can be written. kStorage with what to change otherwise.
  static Result<Database> open(const std::string& path, Check check = Check::kQuick);
  /// A further connection to a file that open() has checked: the same without a check.
  static Result<Database> openAgain(const std::string& path);

  /// Reads a file that is there, also while its owner writes it; changes nothing. kNotFound: there
  /// is none. kStorage with what to change: unreadable, no database, or its directory not writable
  /// (SQLite must be able to share the write-ahead log).
  static Result<Database> openReadOnly(const std::string& path);

  Statement prepare(std::string_view sql);
  /// Any number of statements, not cached: for schema and pragmas.
  Result<void> execute(const std::string& sql);
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const;
  const std::string& path() const;
  /// Damage of the file was met since it was opened.
  bool isDamaged() const;

 private:
  friend class Transaction;
  explicit Database(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

/// BEGIN IMMEDIATE … COMMIT; rolls back on destruction unless committed. One at a time. Where
/// SQLite itself rolls back (disk full), every later statement fails until this is destroyed, so
/// that none can slip out of the transaction.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Durable when it returns a value. After a failure nothing of the transaction remains.
  Result<void> commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

/// True if a file that is there is damaged, or is no database; false also where it cannot be read.
bool isDamaged(const std::string& path);

}  // namespace vardnav::sqlite
