// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Ingest: what a heartbeat brings beside itself. Rules that cannot be read are told, and of a hub
// that has caught up what falls due by the clock is told, and both sides are compared.
#include <map>
#include <set>
#include <string>

#include "cloud/core/comparison.h"
#include "cloud/core/ingest.h"

namespace vardnav::cloud {

Result<void> Ingest::reportUnreadable(std::span<const PersonId> persons) {
  std::map<PersonId, std::string> unreadable;
  for (const PersonId& person : persons) {
    if (auto watch = watches_.watchOf(transaction_, person, now_); !watch) {
      return std::unexpected(watch.error());
    }
    const auto& lines = watches_.unreadableOf(person);
    if (lines.empty()) continue;
    const std::string more = " (and " + std::to_string(lines.size() - 1) + " more)";
    unreadable[person] = lines.front() + (lines.size() > 1 ? more : "");
  }
  auto alerts = transaction_.openTechnicalAlerts(hub_);
  if (!alerts) return std::unexpected(alerts.error());
  for (const TechnicalAlert& one : *alerts) {
    const bool isOver = one.cause.kind == technical_kind::kRulesUnreadable &&
                        !unreadable.contains(one.cause.person);
    if (!isOver) continue;
    if (auto done = transaction_.clearTechnical(one.cause, now_); !done) return done;
  }
  for (const auto& [person, detail] : unreadable) {
    const TechnicalCause cause{std::string(technical_kind::kRulesUnreadable), hub_, person, {}};
    if (auto done = TechnicalDesk(transaction_, now_).open(cause, detail, now_); !done) return done;
  }
  return {};
}

Result<bool> Ingest::hasCaughtUp(const wire::Status& status) {
  if (status.readingBacklog > 0 || status.alertBacklog > 0) return false;
  for (const wire::Stream stream : {wire::Stream::kAlert, wire::Stream::kReading}) {
    const auto ranges = transaction_.received({hub_, status.epoch, stream});
    if (!ranges) return std::unexpected(ranges.error());
    if (ranges->size() > 1 || (!ranges->empty() && ranges->front().first != 1)) return false;
  }
  return true;
}

Result<void> Ingest::catchUp(const wire::Status& status, std::span<const PersonId> persons) {
  const auto isHere = hasCaughtUp(status);
  if (!isHere) return std::unexpected(isHere.error());
  if (!*isHere) return {};
  std::set<PersonId> overtaken;
  for (const PersonId& person : persons) {
    const auto before = judging_.kept().judgedUntil(person);
    if (!before) return std::unexpected(before.error());
    if (*before && **before >= status.at) overtaken.insert(person);
    // By a hub that does not know the time nothing is due, yet somebody must miss what is missing.
    const auto own = judging_.onClock(person, status.isClockSynchronised ? status.at : now_);
    if (!own) return std::unexpected(own.error());
    if (auto done = say(*own, true); !done) return done;
  }
  if (auto done = desk_.tellHeld(hub_); !done) return done;
  return Comparison(transaction_, watches_, hub_, now_).run(status, overtaken);
}

}  // namespace vardnav::cloud
