// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Technical alerts: what technicians see to. Never mixed with clinical episodes; one is open for
// each cause (kind, hub, person, subject), and acknowledging it says who sees to it: it is cleared
// when the cause is gone, not by a person; what was set aside is gone once somebody has seen to it.
// Core thread only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/alerts/episode.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "pipelines/wire/messages.h"

namespace vardnav::cloud {

namespace technical_kind {
// Beside those of wire::fault_kind, which hubs report themselves.
inline constexpr std::string_view kHubSilent = "hub-silent";
inline constexpr std::string_view kConfigurationNotApplied = "configuration-not-applied";
inline constexpr std::string_view kDivergence = "divergence";             ///< subject: the rule
inline constexpr std::string_view kSetAside = "set-aside";                ///< subject: the reason
inline constexpr std::string_view kRulesUnreadable = "rules-unreadable";  ///< of a person
}  // namespace technical_kind

struct TechnicalCause {
  std::string kind;
  HubId hub;
  PersonId person;      ///< empty: not of one person
  std::string subject;  ///< what of several it is about; may be empty
  friend auto operator<=>(const TechnicalCause&, const TechnicalCause&) = default;
};

struct TechnicalAlert {
  std::string id;
  TechnicalCause cause;
  std::string detail;  ///< what to change; no values, no names
  UtcTime since{};     ///< of the cause
  UtcTime openedAt{};
  std::optional<UtcTime> clearedAt;
  std::optional<UtcTime> acknowledgedAt;
  std::optional<alerts::Actor> by;
  /// Clinical exposure: nobody watches the hub's persons from then on; nullopt: somebody does.
  std::optional<UtcTime> exposedSince;
};

/// What the store keeps of them; part of a transaction.
class TechnicalBook {
 public:
  virtual ~TechnicalBook() = default;
  virtual Result<std::vector<TechnicalAlert>> openTechnicalAlerts(const HubId& hub) = 0;
  /// Where one of this cause is open, only its detail changes; true: it is new.
  virtual Result<bool> openTechnical(const TechnicalAlert& alert) = 0;
  virtual Result<void> clearTechnical(const TechnicalCause& cause, UtcTime now) = 0;
  /// false: there is none that is open and unacknowledged.
  virtual Result<bool> acknowledgeTechnical(const std::string& id, const alerts::Actor& by,
                                            UtcTime now) = 0;

  struct SilentHub {
    HubId hub;
    UtcTime heardAt{};
  };
  /// Hubs of the registry that were heard once, and not since `before`.
  virtual Result<std::vector<SilentHub>> hubsNotHeardSince(UtcTime before) = 0;
  /// What was issued to the hub last: its hash and when; nullopt: nothing.
  struct Issued {
    std::string hash;
    UtcTime at{};
  };
  virtual Result<std::optional<Issued>> newestIssued(const HubId& hub) = 0;
};

/// Inside one transaction.
class TechnicalDesk {
 public:
  static constexpr Milliseconds kSilentAfter = std::chrono::minutes{15};
  /// A document that was issued is on its way so long.
  static constexpr Milliseconds kApplyWithin = std::chrono::minutes{5};

  TechnicalDesk(TechnicalBook& book, UtcTime now) : book_(book), now_(now) {}

  Result<void> open(const TechnicalCause& cause, std::string detail, UtcTime since,
                    std::optional<UtcTime> exposedSince = std::nullopt);
  /// Any message: the hub is not silent.
  Result<void> onHeard(const HubId& hub);
  /// A heartbeat opens what it reports and clears what it no longer does.
  Result<void> onStatus(const wire::Status& status);
  /// By the clock: hubs that say nothing.
  Result<void> watchSilence();

 private:
  Result<void> watchConfiguration(const wire::Status& status);

  TechnicalBook& book_;
  UtcTime now_;
};

}  // namespace vardnav::cloud
