// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The tables of the hub's journal, as numbered migrations. Any thread.
#pragma once

#include "pipelines/sqlite/migrate.h"

namespace vardnav::store {

const sqlite::Schema& journalSchema();

}  // namespace vardnav::store
