// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The registry's tables as routing sees them. Core thread only.
#pragma once

#include "cloud/routing/directory.h"
#include "cloud/store/sql/database.h"
#include "pipelines/model/error.h"

namespace vardnav::cloud::store {

/// All care givers and teams, and the person's enrolments.
Result<Directory> readDirectory(sql::Database& database, const PersonId& person);

}  // namespace vardnav::cloud::store
