// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <stdexcept>

#include "cloud/store/sql_configuration_books.h"
#include "tests/cloud/api/backend.h"
#include "tests/cloud/registry/signed_rules.h"

namespace vardnav::cloud::testing {

void Backend::watchBy(const std::vector<std::string>& templates) {
  const test::Signers by;
  const auto set =
      registry::checkRuleSet(by.sign(test::ruleSet("watching", 1, templates)), by.trusted());
  if (!set) throw std::runtime_error(set.error());
  onCore([&] {
    ASSERT_TRUE(store::SqlConfigurationBooks(*database_).insert(*set, clock.utcNow()));
    registry::Registry registry = registryOfTwoCareGivers();
    registry.rules = {{EnrolmentId("e-diabetes"), "watching", 1, clock.utcNow()}};
    registry.hubs[0].bindings = {
        {DeviceId("C0:FF:EE:00:00:01"), {}, {}, PersonId("p-1"), at(-60), {}}};
    ASSERT_TRUE(store::SqlRegistryStore(*database_).upsert(registry));
  });
}

}  // namespace vardnav::cloud::testing
