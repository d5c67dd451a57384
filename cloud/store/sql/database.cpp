// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql/database.h"

namespace vardnav::cloud::sql {

Result<void> Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
  }
  reset();
  return {};
}

ByteView Statement::blob(int column) const {
  const std::string_view octets = text(column);
  return {static_cast<const std::uint8_t*>(static_cast<const void*>(octets.data())), octets.size()};
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.begin(); !begun) return std::unexpected(begun.error());
  return Transaction(&database);
}

Result<void> Transaction::commit() {
  auto committed = database_->commit();
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace vardnav::cloud::sql
