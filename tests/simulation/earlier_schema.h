// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A database as an earlier version of the program would have left it: with that version's tables,
// and what is stored as far as they have room for it.
#pragma once

#include <cstddef>
#include <string>

#include "pipelines/model/error.h"
#include "pipelines/sqlite/migrate.h"

namespace vardnav::simulation {

/// Takes the place of the file at `path`, which is closed; or begins it, if there is none. It has
/// the first `migrations` of the schema.
Result<void> leaveAsEarlier(const std::string& path, const sqlite::Schema& schema,
                            std::size_t migrations);

}  // namespace vardnav::simulation
