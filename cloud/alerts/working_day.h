// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Working days in Sweden: Monday to Friday without the public holidays of the law (1989:253) om
// allmänna helgdagar. Eves are working days unless a team's own calendar says otherwise. Pure;
// any thread.
#pragma once

#include <chrono>

#include "pipelines/model/time.h"

namespace vardnav::cloud::alerts {

/// Western Easter Sunday of a Gregorian year.
std::chrono::sys_days easterSunday(std::chrono::year year);

bool isPublicHoliday(std::chrono::year_month_day day);
bool isWorkingDay(std::chrono::year_month_day day);

/// 08:00 in Europe/Stockholm of the first working day after the local day of `moment`.
UtcTime nextWorkingMorning(UtcTime moment);

}  // namespace vardnav::cloud::alerts
