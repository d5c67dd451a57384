// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Opaque identifiers, one type each so that they cannot be mixed up. The hub and MQTT know only
// these: no name and no personal number leaves the registry. Any thread.
#pragma once

#include <compare>
#include <string>
#include <utility>

namespace vardnav {

template <class Tag>
struct Id {
  std::string value;

  Id() = default;
  explicit Id(std::string text) : value(std::move(text)) {}
  bool isEmpty() const { return value.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using HubId = Id<struct HubTag>;        ///< equals the common name of the hub's certificate
using PersonId = Id<struct PersonTag>;  ///< pseudonym of the patient
using DeviceId = Id<struct DeviceTag>;  ///< BLE identity address, "AA:BB:CC:DD:EE:FF", upper case
using EpochId = Id<struct EpochTag>;    ///< one life of a hub's journal
using RuleId = Id<struct RuleTag>;      ///< lineage of a rule over its versions: "glucose-low"
using ConditionId = Id<struct ConditionTag>;  ///< "diabetes", "copd", "heart-failure"

}  // namespace vardnav
