// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql/placeholders.h"

#include <algorithm>
#include <charconv>

namespace vardnav::cloud::sql {

NumberedSql numberedPlaceholders(std::string_view sql) {
  NumberedSql numbered;
  numbered.text.reserve(sql.size() + 16);
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote == 0 && c == '?') {
      int number = 0;
      const auto [end, fault] =
          std::from_chars(sql.data() + i + 1, sql.data() + sql.size(), number);
      if (fault == std::errc()) {
        i = static_cast<std::size_t>(end - sql.data()) - 1;
      } else {
        number = numbered.parameters + 1;
      }
      numbered.parameters = std::max(numbered.parameters, number);
      numbered.text += '$' + std::to_string(number);
      continue;
    }
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    }
    numbered.text += c;
  }
  return numbered;
}

}  // namespace vardnav::cloud::sql
