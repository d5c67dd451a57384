// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/compile_household.h"

#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "tests/hub/app/configurations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::hub {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string faultOf(const wire::Configuration& configuration) {
  const auto household = compileHousehold(configuration);
  if (household) return {};
  EXPECT_THAT(household.error().context, Not(HasSubstr("\n"))) << "one line";
  return household.error().context;
}

TEST(CompileHousehold, TakesBindingsOfASlotAndOfNoneAndTheRulesOfEachPatient) {
  wire::Configuration configuration = test::configuration(7);
  configuration.bindings.push_back(configuration.bindings.front());
  configuration.bindings.back().slot = 5;
  const auto household = compileHousehold(configuration);
  ASSERT_TRUE(household) << household.error().context;
  ASSERT_EQ(household->bindings.size(), 2U);
  EXPECT_FALSE(household->bindings[0].slot);
  EXPECT_EQ(household->bindings[1].slot, 5);
  EXPECT_EQ(household->devices().size(), 1U);
  ASSERT_EQ(household->patients.size(), 1U);
  EXPECT_EQ(household->patients[0].rules.at(0).id, RuleId("glucose-low"));
}

TEST(CompileHousehold, KeepsWhatTheHomeSpeaksAndWhatTheCarePlanSaysWhenCareIsNotReached) {
  wire::Configuration configuration = test::configuration(7);
  auto household = compileHousehold(configuration);
  ASSERT_TRUE(household);
  EXPECT_EQ(household->patients.at(0).language, "sv");
  EXPECT_FALSE(household->patients.at(0).whenUnreached);
  configuration.patients[0].language = "en";
  configuration.patients[0].whenUnreached = Text{"Ring Anna.", "Call Anna."};
  household = compileHousehold(configuration);
  ASSERT_TRUE(household);
  EXPECT_EQ(household->patients.at(0).language, "en");
  EXPECT_EQ(household->patients.at(0).whenUnreached, (Text{"Ring Anna.", "Call Anna."}));
}

TEST(CompileHousehold, GivesEachUserOfASharedScaleTheNewestCode) {
  wire::Configuration configuration = test::configuration(7);
  configuration.bindings.assign(3, configuration.bindings.front());
  const auto bind = [&](std::size_t index, std::uint8_t slot, std::uint16_t code) -> auto& {
    auto& binding = configuration.bindings[index];
    binding.slot = slot;
    binding.consentCode = code;
    return binding;
  };
  auto& first = bind(0, 1, 3752);
  first.until = first.from + std::chrono::hours{24};
  bind(1, 1, 17).from = *first.until;
  bind(2, 2, 0);
  const auto household = compileHousehold(configuration);
  ASSERT_TRUE(household) << household.error().context;
  ASSERT_EQ(household->consents.size(), 2U);
  EXPECT_EQ(household->consents[0].user, 1);
  EXPECT_EQ(household->consents[0].code, 17);
  EXPECT_EQ(household->consents[1].code, 0);
}

TEST(CompileHousehold, TakesARuleThatCannotRunBesideThoseThatCan) {
  wire::Configuration configuration = test::configuration(7);
  const std::string document = test::ruleTemplate("spo2-hypercapnia.json");
  const std::string hash = rules::compile(document).value().hash;
  configuration.rules.push_back({hash, document});
  configuration.patients[0].rules.push_back({hash, configuration.issuedAt});
  const auto household = compileHousehold(configuration);  // no target, no such patient
  ASSERT_TRUE(household) << household.error().context;
  EXPECT_EQ(household->patients[0].rules.size(), 2U);
}

TEST(CompileHousehold, NamesThePlaceAndWhatToChange) {
  struct Case {
    std::string says;
    std::function<void(wire::Configuration&)> change;
  };
  const std::vector<Case> cases = {
      {"/bindings/0/device must be an address",
       [](auto& c) { c.bindings[0].device = DeviceId("c0:ff:ee:00:00:01"); }},
      {"/bindings/0/consent_code needs a slot",
       [](auto& c) {
         c.bindings[0].slot.reset();
         c.bindings[0].consentCode = 17;
       }},
      {"/bindings/1 overlaps /bindings/0", [](auto& c) { c.bindings.push_back(c.bindings[0]); }},
      {"/rules/0/hash is not the document's", [](auto& c) { c.rules[0].hash[0] = 'x'; }},
      {"/rules/0/document", [](auto& c) { c.rules[0].document = "{}"; }},
      {"/patients/0/rules/0/hash is none",
       [](auto& c) { c.patients[0].rules[0].hash = std::string(64, '0'); }},
      {"/patients/0/rules/1 'glucose-low' is there twice",
       [](auto& c) { c.patients[0].rules.push_back(c.patients[0].rules[0]); }},
      {"/patients/0/context", [](auto& c) { c.patients[0].context = "7"; }},
      {"/patients/0/context", [](auto& c) { c.patients[0].context = R"({"format":1,"fact":{}})"; }},
      {"/patients/1/person 'p-1' is there twice",
       [](auto& c) { c.patients.push_back(c.patients[0]); }},
  };
  for (const Case& c : cases) {
    wire::Configuration configuration = test::configuration(7);
    c.change(configuration);
    EXPECT_THAT(faultOf(configuration), HasSubstr(c.says));
  }
}

TEST(CompileHousehold, ReadsAFileAndRefusesAnotherHubs) {
  const test::TemporaryDirectory folder;
  std::ofstream(folder / "household.json") << encode(test::configuration(7));
  const auto household = readHousehold(folder / "household.json", HubId("hub-1"));
  ASSERT_TRUE(household) << household.error().context;
  const auto foreign = readHousehold(folder / "household.json", HubId("hub-2"));
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().context, HasSubstr("/hub is 'hub-1', but this hub is 'hub-2'"));
}

TEST(CompileHousehold, NamesAFileThatCannotBeReadADirectoryToo) {
  for (const char* path : {"/nonexistent/household.json", "/"}) {
    const auto household = readHousehold(path, HubId("hub-1"));
    ASSERT_FALSE(household);
    EXPECT_THAT(household.error().context,
                testing::AllOf(HasSubstr(path), HasSubstr("check `household`")));
  }
}

}  // namespace
}  // namespace vardnav::hub
