// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a hub tells a technician who stands beside it (`vardnavctl status`): its heartbeat, how its
// line stands, and what its journal holds. As JSON:
//
//   {"version":1,
//    "heartbeat":{…},        as sent to the backend (pipelines/wire/schemas/status.json)
//    "line":{"broker","connected","since"?,"loss_reason"?,"last_receipt_at"?},
//    "journal":{"epoch","octets","captures","configuration_serial","last_known_time"?,
//      "outbox":{"reading":{"count","oldest_at"?},"alert":{…}},
//      "devices":[{"device","captures","last_received_at"}],
//      "kept":[{"disposition","reason","count"}]}}  since the journal was begun; not on their way
//
// Heartbeat and line are missing where the journal is read without its hub. No values, no names.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "pipelines/forward/forwarder.h"
#include "pipelines/store/journal_summary.h"
#include "pipelines/wire/messages.h"

namespace vardnav::hub {

struct Report {
  struct Running {
    wire::Status heartbeat;
    forward::Forwarder::Line line;
    std::string broker;  ///< "host:port"
  };
  std::optional<Running> running;  ///< nullopt: read without the hub
  store::JournalSummary journal;
};

std::string encode(const Report& report);

}  // namespace vardnav::hub
