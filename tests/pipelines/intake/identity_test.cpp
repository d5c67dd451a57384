// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/identity.h"

#include <gtest/gtest.h>

#include "tests/pipelines/intake/records.h"

namespace vardnav::intake {
namespace {

using test::utc;

const PersonId kAnna("p-anna");
const PersonId kBo("p-bo");
const DeviceId kScale("C0:FF:EE:00:00:02");
const DeviceId kShared("C0:FF:EE:00:00:03");
const DeviceId kOneForAll("C0:FF:EE:00:00:04");

const std::vector<Binding> kBindings = {
    {test::kDevice, std::nullopt, kAnna, utc("2026-01-01T00:00:00Z"), utc("2026-06-01T00:00:00Z")},
    {test::kDevice, std::nullopt, kBo, utc("2026-07-01T00:00:00Z"), std::nullopt},
    {kScale, std::nullopt, kAnna, utc("2026-01-01T00:00:00Z"), std::nullopt},
    {kShared, 1, kAnna, utc("2026-01-01T00:00:00Z"), std::nullopt},
    {kShared, 2, kBo, utc("2026-01-01T00:00:00Z"), std::nullopt},
    {kShared, std::nullopt, kAnna, utc("2026-01-01T00:00:00Z"), std::nullopt},
    {kOneForAll, Binding::kNobodysSlot, kAnna, utc("2026-01-01T00:00:00Z"), std::nullopt},
};

const User kUnknownUser = std::unexpected(ble::gatt::Unknown{});

struct Row {
  const char* name;
  DeviceId device;
  User user;
  const char* at;
  PersonId person;
  Reason reason;
};

class Attributing : public ::testing::TestWithParam<Row> {};

TEST_P(Attributing, FindsThePersonOfThatDeviceSlotAndTime) {
  const Row& row = GetParam();
  const Attribution owner = attribute(row.device, row.user, utc(row.at), kBindings);
  EXPECT_EQ(owner.person, row.person);
  EXPECT_EQ(owner.reason, row.reason) << nameOf(owner.reason);
}

const PersonId kNobody;
constexpr std::optional<std::uint8_t> kAbsent;

INSTANTIATE_TEST_SUITE_P(
    All, Attributing,
    ::testing::Values(
        Row{"First", test::kDevice, {}, "2026-02-01T00:00:00Z", kAnna, Reason::kNone},
        Row{"FromIsIncluded", test::kDevice, {}, "2026-01-01T00:00:00Z", kAnna, Reason::kNone},
        Row{"BeforeAny",
            test::kDevice,
            {},
            "2025-12-31T23:59:59.999Z",
            kNobody,
            Reason::kBeforeBinding},
        Row{"UntilIsExcluded",
            test::kDevice,
            {},
            "2026-06-01T00:00:00Z",
            kNobody,
            Reason::kBeforeBinding},
        Row{"BetweenTwoPersons",
            test::kDevice,
            {},
            "2026-06-15T00:00:00Z",
            kNobody,
            Reason::kBeforeBinding},
        Row{"Second", test::kDevice, {}, "2026-07-01T00:00:00Z", kBo, Reason::kNone},
        Row{"Unbound",
            DeviceId("AA:AA:AA:AA:AA:AA"),
            {},
            "2026-02-01T00:00:00Z",
            kNobody,
            Reason::kUnboundDevice},
        Row{"SlotNobodyHas", kScale, std::uint8_t{5}, "2026-02-01T00:00:00Z", kNobody,
            Reason::kUnknownUser},
        Row{"SlotOne", kShared, std::uint8_t{1}, "2026-02-01T00:00:00Z", kAnna, Reason::kNone},
        Row{"SlotTwo", kShared, std::uint8_t{2}, "2026-02-01T00:00:00Z", kBo, Reason::kNone},
        Row{"UnknownUserOfASharedScale", kShared, kUnknownUser, "2026-02-01T00:00:00Z", kNobody,
            Reason::kUnknownUser},
        Row{"UnknownUserOfAnOwnScale", kScale, kUnknownUser, "2026-02-01T00:00:00Z", kNobody,
            Reason::kUnknownUser},
        Row{"UnknownUserOfAScaleBoundForThat", kOneForAll, kUnknownUser, "2026-02-01T00:00:00Z",
            kAnna, Reason::kNone},
        Row{"KnownUserOfAScaleBoundForNobodys", kOneForAll, std::uint8_t{1}, "2026-02-01T00:00:00Z",
            kNobody, Reason::kUnknownUser}),
    [](const auto& row) { return row.param.name; });

TEST(Identity, QuarantinesWhatWasMeasuredBeforeTheBinding) {
  RawRecord record = test::vectorOf("gls-06");
  record.clock =
      test::clockAt(DeviceTime::Timeline::kLocal, "2019-08-22T12:00:00", "2026-11-24T10:00:00Z");
  // Measured 2026-11-23T07:31:13Z.
  EXPECT_EQ(interpret(record, test::boundSince("2026-11-23T07:31:13Z")).reason, Reason::kNone);
  const auto before = interpret(record, test::boundSince("2026-11-23T07:31:14Z"));
  EXPECT_EQ(before.disposition, Disposition::kQuarantined);
  EXPECT_EQ(before.reason, Reason::kBeforeBinding);
}

TEST(Identity, GoesByAPersonsWordWhereThereIsOne) {
  const RawRecord record = test::vectorOf("gls-06");
  const auto given = interpret(record, {}, Decision{kAnna});
  EXPECT_EQ(given.disposition, Disposition::kAccepted);
  EXPECT_EQ(given.observations.at(0).person, kAnna);
  const auto discarded = interpret(record, test::boundSince("2019-01-01T00:00:00Z"), Decision{});
  EXPECT_EQ(discarded.disposition, Disposition::kRefused);
  EXPECT_EQ(discarded.reason, Reason::kDiscarded);
  EXPECT_TRUE(discarded.observations.empty());
  EXPECT_EQ(readingKey(record, discarded, std::nullopt), readingKey(record, given, std::nullopt));
  // gls-05: a control solution is no patient's, whoever says so.
  const RawRecord control = test::vectorOf("gls-05");
  EXPECT_EQ(interpret(control, {}, Decision{kAnna}).reason, Reason::kControlSolution);
  EXPECT_EQ(interpret(control, {}, Decision{}).reason, Reason::kDiscarded) << "it goes away";
}

// DESIGN 4: or whose time cannot be placed after it. What is told as it is measured is now's.
TEST(Identity, QuarantinesWhatComesFromAMemoryWithoutADate) {
  RawRecord weight = test::vectorOf("wss-04");
  weight.bytes = *fromHex("00B036");  // 70 kg, no time stamp
  const auto since = test::boundSince("2026-01-01T00:00:00Z");
  EXPECT_EQ(interpret(weight, since).reason, Reason::kNone);
  weight.isStored = true;
  EXPECT_EQ(interpret(weight, since).disposition, Disposition::kQuarantined);
  EXPECT_EQ(interpret(weight, since).reason, Reason::kBeforeBinding);
  // A scale that tells what it weighs, with a clock that was never set.
  for (const char* hex : {"02FF36DC07020A031A00", "02FF3600000000000000"}) {
    weight.bytes = *fromHex(hex);
    EXPECT_EQ(interpret(weight, since).reason, Reason::kNone) << hex;
  }
}

TEST(Identity, TakesTheUserNumberAsTheSlot) {
  const std::vector<Binding> bindings = {
      {test::kDevice, 5, kBo, utc("2000-01-01T00:00:00Z"), std::nullopt}};
  const auto result = interpret(test::vectorOf("wss-04"), bindings);
  EXPECT_EQ(result.disposition, Disposition::kAccepted);
  EXPECT_EQ(result.observations.at(0).person, kBo);
  EXPECT_EQ(result.observations.at(0).slot, 5);
}

}  // namespace
}  // namespace vardnav::intake
