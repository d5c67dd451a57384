// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/journal_summary.h"

#include <algorithm>
#include <map>
#include <utility>

#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;

Result<void> addCaptures(Database& database, JournalSummary& summary) {
  std::map<DeviceId, JournalSummary::Device> devices;
  std::map<std::pair<std::string, std::string>, std::uint64_t> kept;
  auto rows = database.prepare(
      "SELECT device, disposition, reason, count(*), max(received_utc_ms) FROM capture"
      " GROUP BY device, disposition, reason");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const DeviceId id{std::string(rows.text(0))};
    const auto count = static_cast<std::uint64_t>(rows.int64(3));
    auto& device = devices.try_emplace(id, JournalSummary::Device{id, 0, UtcTime{}}).first->second;
    device.captures += count;
    device.lastReceived = std::max(device.lastReceived, utcTimeOf(rows.int64(4)));
    summary.captures += count;
    if (rows.text(1) == "accepted") continue;
    kept[{std::string(rows.text(1)), std::string(rows.text(2))}] += count;
  }
  for (auto& [id, device] : devices) summary.devices.push_back(std::move(device));
  for (const auto& [why, count] : kept) summary.kept.push_back({why.first, why.second, count});
  return {};
}

}  // namespace

Result<forward::Backlog> backlogOf(Database& database, wire::Stream stream) {
  auto row =
      database.prepare("SELECT count(*), min(committed_utc_ms) FROM outbox WHERE stream = ?");
  const auto found = row.with(wire::nameOf(stream)).step();
  if (!found) return std::unexpected(found.error());
  forward::Backlog backlog;
  backlog.count = static_cast<std::uint64_t>(row.int64(0));
  if (!row.isNull(1)) backlog.oldest = utcTimeOf(row.int64(1));
  return backlog;
}

Result<JournalSummary> summaryOf(Database& database) {
  JournalSummary summary;
  if (auto done = addCaptures(database, summary); !done) return std::unexpected(done.error());
  const auto readings = backlogOf(database, wire::Stream::kReading);
  if (!readings) return std::unexpected(readings.error());
  summary.readings = *readings;
  const auto alerts = backlogOf(database, wire::Stream::kAlert);
  if (!alerts) return std::unexpected(alerts.error());
  summary.alerts = *alerts;
  auto row = database.prepare(
      "SELECT epoch, clock_floor_utc_ms, (SELECT serial FROM configuration),"
      " (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
      " FROM journal");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  summary.epoch = EpochId(std::string(row.text(0)));
  if (!row.isNull(1)) summary.lastKnownTime = utcTimeOf(row.int64(1));
  summary.configurationSerial = static_cast<std::uint64_t>(row.int64(2));
  summary.octets = static_cast<std::uint64_t>(row.int64(3));
  return summary;
}

}  // namespace vardnav::store
