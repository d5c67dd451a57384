// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a PostgreSQL error code (SQLSTATE, PostgreSQL 15 manual, appendix A) means here. Any thread.
#pragma once

#include <string_view>

#include "pipelines/model/error.h"

namespace vardnav::cloud::sql {

/// Only what the written values themselves are to blame for is not worth another try: a reading is
/// set aside for kInvalidInput and kConflict, and must not be for a missing right, a full disk or
/// a table that is not there.
ErrorCode codeOfSqlState(std::string_view state);

/// The connection is of no use after it: the server ends, or has become a standby.
bool endsConnection(std::string_view state);

}  // namespace vardnav::cloud::sql
