// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's database: its schema by numbered migrations, and how it is opened. Core thread
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "cloud/store/sql/database.h"
#include "pipelines/model/error.h"

namespace vardnav::sqlite {
struct Schema;
}

namespace vardnav::cloud::store {

/// kForgone: PostgreSQL may run with fsync=off, and lose what it has committed. For tests.
enum class Durability : std::uint8_t { kRequired, kForgone };

inline constexpr std::size_t kNewestSchema = std::numeric_limits<std::size_t>::max();

/// Opens and migrates. `where` is a file's path, with or without "sqlite:" before it, which is made
/// if it is missing (WAL, synchronous=FULL); or "postgres:" before a libpq connection string, or a
/// postgresql:// URI, of a database that is there. An error is one line that says what to change.
/// `version`: so many migrations at most, as the program of then had them. For tests.
Result<std::unique_ptr<sql::Database>> openCareDatabase(
    const std::string& where, Durability durability = Durability::kRequired,
    std::size_t version = kNewestSchema);

/// Of the embedded database.
const sqlite::Schema& careSchema();

}  // namespace vardnav::cloud::store
