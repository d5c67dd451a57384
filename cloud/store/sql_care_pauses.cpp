// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Pauses of SqlCareTransaction.
#include "cloud/store/rows.h"
#include "cloud/store/sql_care_transaction.h"

namespace vardnav::cloud::store {

Result<void> SqlCareTransaction::insertPause(const Pause& pause) {
  auto insert = database_.prepare(
      "INSERT INTO pause(person, id, rule, from_utc_ms, until_utc_ms, reason, by_username, by_name)"
      " VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(person, id) DO NOTHING");
  insert.with(pause.person.value, pause.id, pause.rule.value, ms(pause.from), ms(pause.until),
              pause.reason, pause.by.username, pause.by.name);
  if (auto done = insert.run(); !done) return done;
  if (database_.changes() > 0) return {};
  return fail(ErrorCode::kConflict, "pause " + pause.id + " is there already");
}

Result<bool> SqlCareTransaction::endPause(const Pause& pause) {
  auto update = database_.prepare(
      "UPDATE pause SET ended_utc_ms=?, ended_username=?, ended_name=?"
      " WHERE person=? AND id=? AND ended_utc_ms IS NULL");
  const alerts::Actor by = pause.endedBy.value_or(alerts::Actor{});
  update.with(ms(pause.endedAt), by.username, by.name, pause.person.value, pause.id);
  if (auto done = update.run(); !done) return std::unexpected(done.error());
  return database_.changes() > 0;
}

}  // namespace vardnav::cloud::store
