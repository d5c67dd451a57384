// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a replay reads of SqlReadModel.
#include "cloud/store/desire_rows.h"
#include "cloud/store/rows.h"
#include "cloud/store/sql_read_model.h"

namespace vardnav::cloud::store {

Result<std::vector<Observation>> SqlReadModel::revisions(const PersonId& person) const {
  auto rows = database_.prepare("SELECT body FROM observation WHERE person=?");
  rows.with(person.value);
  return observationsFrom(rows);
}

Result<PersonRules> SqlReadModel::rulesOfAllTime(const PersonId& person) const {
  // As it was known at the beginning of time nothing has ended yet.
  const auto desire = readPatientDesire(database_, person, UtcTime{});
  if (!desire) return std::unexpected(desire.error());
  return personRulesOf(*desire);
}

}  // namespace vardnav::cloud::store
