// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Glucose diaries as in the AIM-94 ("Diabetes") data set: a line an event, tab separated: date
// MM-DD-YYYY, time H:MM (wall clock), code, value. Codes 48 and 57–64 are blood glucose in mg/dL.
// Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "pipelines/model/decimal.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

struct DiaryEntry {
  LocalTime at{};
  Decimal milligramPerDecilitre;
};

struct Diary {
  std::vector<DiaryEntry> glucose;  ///< in the order of time; lines of one minute in the file's
  std::size_t otherEvents = 0;      ///< insulin, meals and the like
  std::size_t damagedLines = 0;     ///< skipped
};

Diary parseDiary(std::string_view text);

}  // namespace vardnav::ble::virtual_home
