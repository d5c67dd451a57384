// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Time as values: UTC instants, a device's wall clock, and RFC 3339 text. The three clocks never
// convert implicitly. The zone of calendar days is Europe/Stockholm. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vardnav {

using Milliseconds = std::chrono::milliseconds;
using UtcTime = std::chrono::sys_time<Milliseconds>;
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, Milliseconds>;
/// A wall clock without a zone, as a device shows it.
using LocalTime = std::chrono::local_seconds;

/// "2026-11-24T10:03:06.123Z"; milliseconds always written.
std::string toRfc3339(UtcTime time);
/// RFC 3339 with "Z" or a numeric offset; seconds fraction optional, cut to milliseconds.
std::optional<UtcTime> parseRfc3339(std::string_view text);

/// "2019-08-21T09:31:13", no zone.
std::string toIso(LocalTime time);
std::optional<LocalTime> parseIsoLocal(std::string_view text);

/// Wall time in Europe/Stockholm.
LocalTime toStockholm(UtcTime time);
/// A local time that does not exist takes the offset before the gap; of a doubled one the first
/// (RFC 5545 section 3.3.5).
UtcTime fromStockholm(LocalTime time);

}  // namespace vardnav
