// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the registry says that one hub is to be, and the document made from it. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/core/care_plan.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "pipelines/wire/configuration.h"

namespace vardnav::cloud::registry {

/// One rule that judges one person from a moment on.
struct DesiredRule {
  std::string hash;
  RuleId rule;
  std::uint32_t version = 0;
  ConditionId condition;
  bool isFloor = false;
  std::string document;
  UtcTime from{};
};

struct PatientDesire {
  PersonId person;
  std::string language = "sv";
  std::string context = R"({"format":1})";  ///< JSON, without pauses
  std::optional<Text> whenUnreached{};
  std::vector<Pause> pauses;
  std::vector<DesiredRule> rules;  ///< by rule, then from
};

struct HubDesire {
  HubId hub;
  std::vector<wire::BoundDevice> bindings;
  std::vector<PatientDesire> patients;  ///< by person
  std::vector<wire::HomeMessage> messages;
};

/// More than can run at once: one of each rule that a person may have.
constexpr std::size_t kMostPauses = 200;

/// The context as hub and backend judge by it: pauses written in, the last to end kMostPauses of
/// them, so that it can be read however often somebody has paused.
std::string contextOf(const PatientDesire& patient);

/// Serial and issuedAt are left for the desk. The same desire gives the same octets.
wire::Configuration configurationFrom(const HubDesire& desire);

}  // namespace vardnav::cloud::registry
