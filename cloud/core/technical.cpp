// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/technical.h"

#include <algorithm>
#include <array>

#include "pipelines/model/digest.h"
#include "pipelines/wire/fault_kind.h"

namespace vardnav::cloud {
namespace {

using namespace wire;

/// What the backend itself finds; every other kind comes and goes with a hub's heartbeats.
constexpr std::array kOwnKinds = {
    technical_kind::kHubSilent, technical_kind::kConfigurationNotApplied,
    technical_kind::kDivergence, technical_kind::kSetAside, technical_kind::kRulesUnreadable};

/// While it lasts, nothing that a device measures comes in.
bool exposes(std::string_view kind) {
  return kind == fault_kind::kRadioDead || kind == fault_kind::kAdapterMissing ||
         kind == fault_kind::kStorage;
}

bool isReported(const TechnicalAlert& alert, const std::vector<FaultReport>& faults) {
  return std::ranges::any_of(faults, [&](const FaultReport& fault) {
    return fault.kind == alert.cause.kind && fault.subject == alert.cause.subject;
  });
}

std::string idOf(const TechnicalCause& cause, UtcTime now) {
  return DigestBuilder()
      .add("technical")
      .add(cause.kind)
      .add(cause.hub.value)
      .add(cause.person.value)
      .add(cause.subject)
      .add(static_cast<std::uint64_t>(now.time_since_epoch().count()))
      .key()
      .toHex();
}

}  // namespace

Result<void> TechnicalDesk::open(const TechnicalCause& cause, std::string detail, UtcTime since,
                                 std::optional<UtcTime> exposedSince) {
  TechnicalAlert alert;
  alert.id = idOf(cause, now_);
  alert.cause = cause;
  alert.detail = std::move(detail);
  alert.since = since;
  alert.openedAt = now_;
  alert.exposedSince = exposedSince;
  const auto opened = book_.openTechnical(alert);
  if (!opened) return std::unexpected(opened.error());
  return {};
}

Result<void> TechnicalDesk::onHeard(const HubId& hub) {
  return book_.clearTechnical({std::string(technical_kind::kHubSilent), hub, {}, {}}, now_);
}

Result<void> TechnicalDesk::onStatus(const wire::Status& status) {
  auto alerts = book_.openTechnicalAlerts(status.hub);
  if (!alerts) return std::unexpected(alerts.error());
  for (const TechnicalAlert& alert : *alerts) {
    const bool isOwn = std::ranges::find(kOwnKinds, alert.cause.kind) != kOwnKinds.end();
    const bool isOver = alert.cause.kind == technical_kind::kSetAside && alert.acknowledgedAt;
    if (!isOver && (isOwn || isReported(alert, status.faults))) continue;
    if (auto done = book_.clearTechnical(alert.cause, now_); !done) return done;
  }
  for (const FaultReport& fault : status.faults) {
    const std::optional<UtcTime> exposed =
        exposes(fault.kind) ? std::optional(fault.since) : std::nullopt;
    auto done =
        open({fault.kind, status.hub, {}, fault.subject}, fault.detail, fault.since, exposed);
    if (!done) return done;
  }
  return watchConfiguration(status);
}

Result<void> TechnicalDesk::watchConfiguration(const wire::Status& status) {
  const TechnicalCause cause{
      std::string(technical_kind::kConfigurationNotApplied), status.hub, {}, {}};
  const auto issued = book_.newestIssued(status.hub);
  if (!issued) return std::unexpected(issued.error());
  if (!*issued || (*issued)->hash == status.configuration.hash) {
    return book_.clearTechnical(cause, now_);
  }
  if (now_ - (*issued)->at < kApplyWithin) return {};
  std::string detail = "the hub reports another configuration than the one issued";
  for (const RefusalCount& refusal : status.configuration.refusals) {
    detail += "; refused as " + refusal.reason;
  }
  return open(cause, std::move(detail), (*issued)->at);
}

Result<void> TechnicalDesk::watchSilence() {
  const auto silent = book_.hubsNotHeardSince(now_ - kSilentAfter);
  if (!silent) return std::unexpected(silent.error());
  for (const TechnicalBook::SilentHub& hub : *silent) {
    auto done = open({std::string(technical_kind::kHubSilent), hub.hub, {}, {}},
                     "nothing is heard from the hub: check its power and its network", hub.heardAt,
                     hub.heardAt);
    if (!done) return done;
  }
  return {};
}

}  // namespace vardnav::cloud
