// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/status/report.h"

#include <nlohmann/json.hpp>

#include "pipelines/wire/codec.h"

namespace vardnav::hub {
namespace {

using Json = nlohmann::ordered_json;

void addTime(Json& out, const char* name, const std::optional<UtcTime>& time) {
  if (time) out[name] = toRfc3339(*time);
}

Json jsonOf(const forward::Backlog& backlog) {
  Json out = {{"count", backlog.count}};
  addTime(out, "oldest_at", backlog.oldest);
  return out;
}

Json jsonOf(const Report::Running& running) {
  Json line = {{"broker", running.broker}, {"connected", running.line.isConnected}};
  addTime(line, "since", running.line.since);
  if (!running.line.lossReason.empty()) line["loss_reason"] = running.line.lossReason;
  addTime(line, "last_receipt_at", running.line.lastReceipt);
  return line;
}

Json jsonOf(const store::JournalSummary& journal) {
  Json out = {{"epoch", journal.epoch.value},
              {"octets", journal.octets},
              {"captures", journal.captures},
              {"configuration_serial", journal.configurationSerial}};
  addTime(out, "last_known_time", journal.lastKnownTime);
  out["outbox"] = {{"reading", jsonOf(journal.readings)}, {"alert", jsonOf(journal.alerts)}};
  out["devices"] = Json::array();
  for (const auto& device : journal.devices) {
    out["devices"].push_back({{"device", device.device.value},
                              {"captures", device.captures},
                              {"last_received_at", toRfc3339(device.lastReceived)}});
  }
  out["kept"] = Json::array();
  for (const auto& kept : journal.kept) {
    out["kept"].push_back(
        {{"disposition", kept.disposition}, {"reason", kept.reason}, {"count", kept.count}});
  }
  return out;
}

}  // namespace

std::string encode(const Report& report) {
  Json out = {{"version", 1}};
  if (report.running) {
    out["heartbeat"] = Json::parse(wire::encode(report.running->heartbeat));
    out["line"] = jsonOf(*report.running);
  }
  out["journal"] = jsonOf(report.journal);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vardnav::hub
