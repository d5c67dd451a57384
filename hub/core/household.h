// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a hub is to do: whose devices these are, and which rules watch whom. The hub's desired
// state, compiled. Plain data; it changes between two calls of a core only, and as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipelines/intake/binding.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/verdict.h"
#include "rules/document/context.h"
#include "rules/document/rule.h"

namespace vardnav::hub {

struct Patient {
  rules::Context context;  ///< names the person
  std::vector<rules::Rule> rules;
  /// By a rule's hash: judges readings of this event time and later. Absent: always.
  std::map<std::string, UtcTime> from{};
  std::string language = "sv";  ///< or "en": what the home speaks with this person
  /// What the care plan says to do when an alert has not reached the care team.
  std::optional<Text> whenUnreached{};
};

/// What lets the hub act as one user of a shared scale.
struct Consent {
  DeviceId device;
  std::uint8_t user = 0;
  std::uint16_t code = 0;  ///< 0 to 9999; a secret: for no log and no status
};

struct Household {
  HubId hub;
  std::vector<intake::Binding> bindings;
  std::vector<Consent> consents;  ///< one for a user of a device, at most
  std::vector<Patient> patients;

  std::set<DeviceId> devices() const;  ///< of the bindings: the ones to connect to
  /// The longest time that a rule in force looks back, see rules/engine/reach.h.
  Milliseconds ruleReach() const;
  std::string ruleHash() const;  ///< over every rule in force, see rules::setHash
};

}  // namespace vardnav::hub
