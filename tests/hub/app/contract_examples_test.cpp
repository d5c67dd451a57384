// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The contract's examples are what the product takes and says: this hub applies the configuration,
// its rules tell the alert of the alert's reading, and the heartbeat reports both.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <variant>

#include "hub/app/compile_household.h"
#include "pipelines/wire/codec.h"
#include "pipelines/wire/configuration.h"
#include "rules/engine/engine.h"

namespace vardnav::hub {
namespace {

std::string example(const std::string& name) {
  std::ifstream file(std::string(VARDNAV_SOURCE_DIR "/pipelines/wire/examples/") + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class NoHistory final : public rules::History {
 public:
  Result<std::vector<Observation>> observations(const PersonId&, Code, UtcTime,
                                                UtcTime) const override {
    return std::vector<Observation>{};
  }
};

Household household() {
  const auto configuration = wire::decodeConfiguration(example("configuration.json"));
  auto compiled = compileHousehold(configuration.value());
  EXPECT_TRUE(compiled) << compiled.error().context;
  return compiled ? *std::move(compiled) : Household{};
}

TEST(ContractExamples, TheAlertIsWhatTheConfigurationsRulesTellOfItsReading) {
  const Household home = household();
  auto message = wire::decodeUp(example("alert.json")).value().message;
  auto& item = std::get<wire::AlertItem>(message.items.at(0).body);
  const Patient& patient = home.patients.at(0);
  std::vector<Verdict> told;
  for (const rules::Rule& rule : patient.rules) {
    rules::RuleState state = rules::begin(patient.from.at(rule.hash));
    const rules::Lineage lineage({{rule, patient.from.at(rule.hash)}});
    const auto verdicts = rules::arrive(lineage, patient.context, state, {item.observations, {}},
                                        NoHistory(), item.observations.at(0).receivedAt);
    told.insert(told.end(), verdicts.value().begin(), verdicts.value().end());
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(wire::encodeVerdict(told[0]), wire::encodeVerdict(item.verdict));
}

TEST(ContractExamples, TheHeartbeatReportsTheConfigurationAsApplied) {
  const auto status = wire::decodeStatus(example("status.json")).value();
  EXPECT_EQ(status.ruleHash, household().ruleHash());
  const auto envelope = wire::decodeEnvelope(example("config.json")).value();
  EXPECT_EQ(status.configuration.hash, wire::hashOf(envelope));
  EXPECT_EQ(status.configuration.serial,
            wire::decodeConfiguration(envelope.payload).value().serial);
}

}  // namespace
}  // namespace vardnav::hub
