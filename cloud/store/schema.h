// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's embedded database: its schema by numbered migrations, and how it is opened. Core
// thread only.
#pragma once

#include <memory>
#include <string>

#include "cloud/store/sql/database.h"
#include "pipelines/model/error.h"

namespace vardnav::cloud::store {

/// Opens or creates (WAL, synchronous=FULL) and migrates. kStorage, with one line that says what
/// to change, where the file cannot be written, is something else, or is from a newer program.
Result<std::unique_ptr<sql::Database>> openCareDatabase(const std::string& path);

}  // namespace vardnav::cloud::store
