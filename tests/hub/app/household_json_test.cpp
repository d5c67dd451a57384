// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/household_json.h"

#include <gmock/gmock.h>

#include <string>

namespace vardnav::hub {
namespace {

using testing::HasSubstr;
using testing::Not;

const HubId kHub{"hub-1"};

std::string faultOf(const std::string& json) {
  const auto household = parseHousehold(json, kHub);
  if (household) return {};
  EXPECT_THAT(household.error().context, Not(HasSubstr("\n"))) << "one line";
  return household.error().context;
}

std::string with(const std::string& bindings, const std::string& patients = "[]") {
  return R"({"version":1,"hub":"hub-1","bindings":)" + bindings + R"(,"patients":)" + patients +
         "}";
}

std::string binding(const std::string& more) {
  return R"({"device":"C0:FF:EE:00:00:01","person":"p-1","from":"2026-01-01T00:00:00Z")" + more +
         "}";
}

TEST(HouseholdJson, ReadsBindingsOfASlotAndOfNone) {
  const auto household =
      parseHousehold(with("[" + binding("") + "," + binding(R"(,"slot":5)") + "]"), kHub);
  ASSERT_TRUE(household) << household.error().context;
  ASSERT_EQ(household->bindings.size(), 2U);
  EXPECT_FALSE(household->bindings[0].slot);
  EXPECT_EQ(household->bindings[1].slot, 5);
  EXPECT_EQ(household->devices().size(), 1U);
}

TEST(HouseholdJson, NamesThePlaceAndWhatToChange) {
  EXPECT_THAT(faultOf(""), HasSubstr("no JSON document"));
  EXPECT_THAT(faultOf("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(faultOf(R"({"version":2})"), HasSubstr("/version must be 1"));
  EXPECT_THAT(faultOf(R"({"version":1,"hub":"hub-2"})"), HasSubstr("/hub is 'hub-2'"));
  EXPECT_THAT(faultOf(with("{}")), HasSubstr("/bindings must be a list"));
  EXPECT_THAT(faultOf(with("[7]")), HasSubstr("/bindings/0 must be an object"));
  EXPECT_THAT(faultOf(with("[" + binding(R"(,"slot":255)") + "]")), HasSubstr("/bindings/0/slot"));
  EXPECT_THAT(faultOf(with("[" + binding("") + "," + binding("") + "]")),
              HasSubstr("/bindings/1 overlaps /bindings/0"));
  EXPECT_THAT(faultOf(with("[]", R"([{"person":"p-1","rules":[7]}])")),
              HasSubstr("/patients/0/rules/0"));
}

TEST(HouseholdJson, RefusesADepthThatWouldExhaustTheStack) {
  const std::size_t depth = 200'000;
  const std::string rule = std::string(depth, '[') + std::string(depth, ']');
  EXPECT_THAT(faultOf(with("[]", R"([{"person":"p-1","rules":[)" + rule + "]}]")),
              HasSubstr("nests deeper"));
}

TEST(HouseholdJson, NamesAFileThatCannotBeReadADirectoryToo) {
  for (const char* path : {"/nonexistent/household.json", "/"}) {
    const auto household = readHousehold(path, kHub);
    ASSERT_FALSE(household);
    EXPECT_THAT(household.error().context,
                testing::AllOf(HasSubstr(path), HasSubstr("check `household`")));
  }
}

}  // namespace
}  // namespace vardnav::hub
