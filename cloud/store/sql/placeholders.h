// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// ? and ?N, which SQLite takes, as $N, which PostgreSQL takes. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace vardnav::cloud::sql {

struct NumberedSql {
  std::string text;
  int parameters = 0;
};

/// Quoted text stays as it is. A statement uses one of the two forms.
NumberedSql numberedPlaceholders(std::string_view sql);

}  // namespace vardnav::cloud::sql
