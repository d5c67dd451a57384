// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Opens the hub's journal, whatever has become of it. One that is damaged is set aside beside
// it (never deleted), and a new one takes its place, with an epoch of its own and with what could
// be read of the old one (salvage.h). A step that is interrupted is done again at the next start.
//
//   journal.db                        the journal
//   journal.db.salvaging              a new one in the making: thrown away at the next start
//   journal.db.salvaged               a new one, complete: takes the place of journal.db
//   journal.db.damaged-20261126T180000Z, …-wal   what was set aside
//
// Loop thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pipelines/store/salvage.h"
#include "pipelines/store/sqlite_journal.h"

namespace vardnav::store {

struct Recovery {
  std::string keptAs;  ///< file of the damaged journal
  Salvaged salvaged;
};

struct OpenedJournal {
  std::unique_ptr<SqliteJournal> journal;
  std::optional<Recovery> recovery;  ///< nullopt: it was sound
  bool isNew = false;                ///< there was none
};

/// Fails as SqliteJournal::open does where the fault is no damage (another program's database, a
/// newer version, a full or read-only disk), and changes nothing then.
Result<OpenedJournal> openJournal(const std::string& path, UtcTime now);

}  // namespace vardnav::store
