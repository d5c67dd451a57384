// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/invariants.h"

#include <array>
#include <string_view>

#include "pipelines/wire/messages.h"

namespace vardnav::simulation {
namespace {

/// Counts what must not be.
struct Rule {
  std::string_view broken;
  std::string_view query;
};

constexpr std::array kOfTheBackend = {
    Rule{"readings are stored twice",
         "SELECT count(*) FROM (SELECT 1 FROM reading_key"
         " GROUP BY key HAVING count(*) > 1)"},
    Rule{"revisions of an observation are stored twice",
         "SELECT count(*) FROM (SELECT 1 FROM observation"
         " GROUP BY reading_key, code, revision HAVING count(*) > 1)"},
    Rule{"causes have several open episodes",
         "SELECT count(*) FROM (SELECT 1 FROM episode"
         " WHERE state <> 'closed'"
         " GROUP BY person, rule HAVING count(*) > 1)"},
    // An alike verdict under another key belongs to the episode that was told of the first.
    Rule{"alerts have no episode that holds them",
         "SELECT count(*) FROM verdict v WHERE v.said_by_hub = 1"
         " AND json_extract(v.body, '$.transition') IN ('raised', 'worsened')"
         " AND NOT EXISTS (SELECT 1 FROM episode_event e"
         "  JOIN episode p ON p.person = e.person AND p.id = e.episode"
         "  WHERE e.person = v.person AND e.episode = v.episode AND p.rule = v.rule"
         "  AND (e.verdict_key = v.key OR e.fired_utc_ms = v.at_utc_ms))"},
    Rule{"alerts are in several episodes",
         "SELECT count(*) FROM (SELECT 1 FROM episode_event WHERE verdict_key IS NOT NULL"
         " GROUP BY person, verdict_key HAVING count(*) > 1)"},
};

constexpr std::array kOfTheHub = {
    Rule{"captures are in the hub's journal twice",
         "SELECT count(*) FROM (SELECT 1 FROM capture GROUP BY key HAVING count(*) > 1)"},
    Rule{"seriously low readings have no alert in the hub's journal",
         "SELECT count(*) FROM observation WHERE code = 'glucose' AND unit = 'mg/dL'"
         " AND value_exponent = 0 AND value_mantissa < 54 AND NOT flags & 1"  // control solution
         " AND reading NOT IN (SELECT reading FROM verdict_input)"},
};

void tell(std::vector<std::string>& broken, std::int64_t count, std::string_view what) {
  if (count != 0) broken.push_back(std::to_string(count) + " " + std::string(what));
}

/// What neither waits at the hub nor has been received.
std::int64_t lostOf(CareNode& care, HubNode& hub, const std::string& stream) {
  const std::int64_t given = hub.number("SELECT value FROM counter WHERE name = '" + stream + "'");
  std::int64_t lost = 0;
  const auto look = [&](std::int64_t first, std::int64_t last) {
    if (first > last) return;
    lost += last - first + 1 -
            hub.number("SELECT count(*) FROM outbox WHERE stream = '" + stream +
                       "' AND sequence BETWEEN " + std::to_string(first) + " AND " +
                       std::to_string(last));
  };
  std::int64_t next = 1;
  for (const auto& [first, last] : care.received(hub.epoch(), stream)) {
    look(next, first - 1);
    next = last + 1;
  }
  look(next, given);
  return lost;
}

}  // namespace

std::vector<std::string> brokenThisHour(CareNode& care, HubNode& hub, UtcTime now) {
  std::vector<std::string> broken;
  if (hub.isRunning()) {
    for (const auto stream : {wire::Stream::kAlert, wire::Stream::kReading}) {
      const std::string name(wire::nameOf(stream));
      tell(broken, lostOf(care, hub, name),
           "items of the stream of " + name + "s neither wait at the hub nor were received");
    }
  }
  tell(broken,
       care.number("SELECT count(*) FROM episode WHERE state <> 'closed' AND (next_what = 'none'"
                   " OR next_utc_ms <= " +
                   std::to_string(now.time_since_epoch().count()) + ")"),
       "open episodes have no next action, or an overdue one");
  return broken;
}

std::vector<std::string> brokenThisDay(CareNode& care, HubNode& hub) {
  std::vector<std::string> broken;
  for (const Rule& rule : kOfTheBackend) {
    tell(broken, care.number(std::string(rule.query)), rule.broken);
  }
  if (!hub.isRunning()) return broken;
  for (const Rule& rule : kOfTheHub) tell(broken, hub.number(std::string(rule.query)), rule.broken);
  return broken;
}

}  // namespace vardnav::simulation
