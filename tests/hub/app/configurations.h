// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A configuration of one person with one meter and one shipped rule.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "pipelines/wire/configuration.h"
#include "rules/document/document.h"

namespace vardnav::test {

inline std::string ruleTemplate(const std::string& name) {
  std::ifstream file(std::string(VARDNAV_SOURCE_DIR "/rules/templates/") + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline wire::Configuration configuration(std::uint64_t serial, const std::string& hub = "hub-1") {
  const std::string document = ruleTemplate("glucose-low.json");
  const std::string hash = rules::compile(document).value().hash;
  const UtcTime from = *parseRfc3339("2026-01-01T00:00:00Z");
  wire::Configuration configuration;
  configuration.hub = HubId(hub);
  configuration.serial = serial;
  configuration.issuedAt = from;
  configuration.bindings.push_back(
      {DeviceId("C0:FF:EE:00:00:01"), {}, {}, PersonId("p-1"), from, {}});
  configuration.rules.push_back({hash, document});
  configuration.patients.push_back({PersonId("p-1"), "sv", R"({"format":1})", {{hash, from}}});
  return configuration;
}

}  // namespace vardnav::test
