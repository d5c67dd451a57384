// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the repositories see of an SQL engine, so that each is written once. Their SQL is what
// SQLite and PostgreSQL both take; the few differences that are left are methods of Database.
// Parameters are written ? or ?N. Everything made from a Database belongs to its thread, and ends
// before it.
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

namespace vardnav::cloud::sql {

/// The engine's side of a Statement, and its meaning.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind(int index, std::string_view value) = 0;
  virtual void bind(int index, ByteView value) = 0;
  virtual void bind(int index, std::nullptr_t) = 0;
  virtual Result<bool> step() = 0;
  virtual void reset() = 0;
  virtual bool isNull(int column) const = 0;
  virtual std::int64_t int64(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
};

class Statement {
 public:
  explicit Statement(std::unique_ptr<Cursor> cursor) : cursor_(std::move(cursor)) {}

  /// Parameters from 1. Text and octets are copied; what is not bound is NULL. A fault of binding
  /// is told by step() or run().
  Statement& bind(int index, std::string_view value) { return bound(index, value); }
  Statement& bind(int index, ByteView value) { return bound(index, value); }
  Statement& bind(int index, std::nullptr_t) { return bound(index, nullptr); }
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind(index, nullptr);
  }
  template <class T>
    requires std::is_integral_v<T>
  Statement& bind(int index, T value) {
    return bound(index, static_cast<std::int64_t>(value));
  }
  /// bind(1, …), bind(2, …) and so on.
  template <class... Args>
  Statement& with(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
    return *this;
  }

  /// true: a row stands ready; false: done.
  Result<bool> step() { return cursor_->step(); }
  /// For statements without rows; rows are skipped. Can be bound and run again afterwards.
  Result<void> run();
  /// Ready to be bound and stepped again.
  void reset() { cursor_->reset(); }

  /// Columns from 0, of the row that step() gave. Views hold until the next step or reset.
  bool isNull(int column) const { return cursor_->isNull(column); }
  std::int64_t int64(int column) const {
    return cursor_->int64(column);
  }  ///< 0 for NULL; true is 1
  std::string_view text(int column) const { return cursor_->text(column); }
  ByteView blob(int column) const;

 private:
  template <class T>
  Statement& bound(int index, T value) {
    cursor_->bind(index, value);
    return *this;
  }
  std::unique_ptr<Cursor> cursor_;
};

class Database {
 public:
  virtual ~Database() = default;

  virtual Statement prepare(std::string_view sql) = 0;
  /// Any number of statements without parameters.
  virtual Result<void> execute(const std::string& script) = 0;
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  virtual std::int64_t changes() const = 0;
  /// Where it is, for messages; never a secret.
  virtual const std::string& name() const = 0;

  /// false: it was away when it was last asked for something.
  virtual bool isThere() const = 0;

  /// What ends a SELECT whose rows are held until the transaction ends; empty where a transaction
  /// holds the whole database anyway.
  virtual std::string_view holdRows() const = 0;
  /// The same, but leaves out rows that another transaction holds.
  virtual std::string_view holdFreeRows() const = 0;
  /// Inside a transaction: with its commit, hasChangedOutside() of other processes becomes true.
  virtual Result<void> noteChange() = 0;
  /// True once after another process has noted a change, and after a connection was lost. May be
  /// true without cause.
  virtual Result<bool> hasChangedOutside() = 0;
  /// For the process that serves; held until this is destroyed. kUnavailable: another one does.
  virtual Result<void> serveAlone() = 0;

 private:
  friend class Transaction;
  virtual Result<void> begin() = 0;
  virtual Result<void> commit() = 0;
  virtual void rollBack() = 0;
};

/// Rolls back on destruction unless committed. One at a time. What is written is held by nobody
/// else until the end.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (database_ != nullptr) database_->rollBack();
  }

  /// Durable when it returns a value. After kUnavailable it may have been committed nevertheless:
  /// what is written must bear to be written again. After another failure nothing of it remains.
  Result<void> commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace vardnav::cloud::sql
