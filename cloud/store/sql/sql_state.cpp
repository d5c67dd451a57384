// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql/sql_state.h"

namespace vardnav::cloud::sql {

ErrorCode codeOfSqlState(std::string_view state) {
  if (state == "57014") return ErrorCode::kTimeout;      // cancelled by statement_timeout
  if (state == "55P03") return ErrorCode::kUnavailable;  // lock_timeout
  if (state == "53300") return ErrorCode::kUnavailable;  // too many connections
  if (endsConnection(state)) return ErrorCode::kUnavailable;
  const std::string_view kind = state.substr(0, 2);
  if (kind == "22" || kind == "54") return ErrorCode::kInvalidInput;  // values; program limits
  if (kind == "23") return ErrorCode::kConflict;
  if (kind == "40") return ErrorCode::kUnavailable;  // serialization, deadlock
  return ErrorCode::kStorage;
}

bool endsConnection(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P") || state == "25006";
}

}  // namespace vardnav::cloud::sql
