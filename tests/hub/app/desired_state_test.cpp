// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/desired_state.h"

#include <gmock/gmock.h>

#include "tests/hub/app/configurations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::hub {
namespace {

using testing::HasSubstr;

class MemoryStore final : public ConfigurationStore {
 public:
  std::optional<StoredConfiguration> stored;
  std::optional<Error> fault;
  Result<std::optional<StoredConfiguration>> configuration() override { return stored; }
  Result<void> setConfiguration(const StoredConfiguration& configuration) override {
    if (fault) return std::unexpected(*fault);
    stored = configuration;
    return {};
  }
};

class DesiredStateTest : public testing::Test {
 protected:
  DesiredState make(const std::string& hub = "hub-1") {
    return {HubId(hub), {current_.publicKey(), next_.publicKey()}, store_};
  }
  std::string sealed(const wire::Configuration& configuration) {
    return encode(wire::seal(encode(configuration), current_));
  }
  static std::string refusalOf(DesiredState& state, const std::string& envelope) {
    const auto answer = state.offer(envelope);
    EXPECT_FALSE(answer.isApplied && answer.refused);
    return answer.refused ? std::string(nameOf(answer.refused->why)) : "";
  }

  SigningKey current_ = SigningKey::generate().value();
  SigningKey next_ = SigningKey::generate().value();
  MemoryStore store_;
};

TEST_F(DesiredStateTest, BeginsWithoutDevicesAndAppliesTheFirstDocument) {
  DesiredState state = make();
  ASSERT_EQ(state.start(""), "");
  EXPECT_TRUE(state.household().devices().empty());
  EXPECT_EQ(state.applied().serial, 0U);
  const auto answer = state.offer(sealed(test::configuration(7)));
  EXPECT_TRUE(answer.isApplied);
  EXPECT_FALSE(answer.refused);
  EXPECT_EQ(state.household().devices().size(), 1U);
  EXPECT_EQ(state.applied().serial, 7U);
  EXPECT_EQ(state.applied().hash, sha256Hex(encode(test::configuration(7))));
}

TEST_F(DesiredStateTest, KeepsWhatItAppliedOverARestartWithoutANetwork) {
  {
    DesiredState state = make();
    ASSERT_TRUE(state.start(""));
    ASSERT_TRUE(state.offer(sealed(test::configuration(7))).isApplied);
  }
  DesiredState state = make();
  ASSERT_EQ(state.start("/nonexistent/household.json"), "") << "the journal stands before a file";
  EXPECT_EQ(state.household().devices().size(), 1U);
  EXPECT_EQ(state.applied().serial, 7U);
  EXPECT_EQ(refusalOf(state, sealed(test::configuration(6))), "older");
}

TEST_F(DesiredStateTest, TakesANewerOneSignedByTheNextKey) {
  DesiredState state = make();
  ASSERT_TRUE(state.offer(sealed(test::configuration(7))).isApplied);
  const auto newer = encode(wire::seal(encode(test::configuration(8)), next_));
  EXPECT_TRUE(state.offer(newer).isApplied);
  EXPECT_EQ(state.applied().serial, 8U);
}

TEST_F(DesiredStateTest, RefusesWhatIsNotItsOwnNotNewerNotSignedOrNotUsable) {
  DesiredState state = make();
  ASSERT_TRUE(state.offer(sealed(test::configuration(7))).isApplied);
  const auto before = *store_.stored;

  EXPECT_EQ(refusalOf(state, sealed(test::configuration(7))), "") << "in force already";
  wire::Configuration other = test::configuration(7);
  other.issuedAt += Milliseconds{1};
  EXPECT_EQ(refusalOf(state, sealed(other)), "older") << "the same serial, another document";
  EXPECT_EQ(refusalOf(state, sealed(test::configuration(6))), "older");
  EXPECT_EQ(refusalOf(state, sealed(test::configuration(8, "hub-2"))), "foreign-hub");

  const SigningKey stranger = SigningKey::generate().value();
  const std::string text = encode(test::configuration(8));
  EXPECT_EQ(refusalOf(state, encode(wire::seal(text, stranger))), "unpinned-key");
  wire::Envelope forged = wire::seal(text, stranger);
  forged.key = current_.publicKey().id();
  EXPECT_EQ(refusalOf(state, encode(forged)), "forged");
  wire::Envelope changed = wire::seal(text, current_);
  changed.payload.insert(1, " ");  // the same JSON, other octets
  EXPECT_EQ(refusalOf(state, encode(changed)), "forged");

  EXPECT_EQ(refusalOf(state, "hello"), "unreadable");
  EXPECT_EQ(refusalOf(state, encode(wire::seal("{}", current_))), "unreadable");
  wire::Configuration unusable = test::configuration(8);
  unusable.patients[0].rules[0].hash = std::string(64, '0');
  EXPECT_EQ(refusalOf(state, sealed(unusable)), "unusable");

  EXPECT_EQ(state.applied().serial, 7U);
  EXPECT_EQ(state.household().devices().size(), 1U);
  EXPECT_EQ(store_.stored->envelope, before.envelope);
  std::map<std::string, std::uint64_t> counted;
  for (const auto& refusal : state.applied().refusals) counted[refusal.reason] = refusal.count;
  EXPECT_EQ(counted, (std::map<std::string, std::uint64_t>{{"older", 2},
                                                           {"foreign-hub", 1},
                                                           {"unpinned-key", 1},
                                                           {"forged", 2},
                                                           {"unreadable", 2},
                                                           {"unusable", 1}}));
}

TEST_F(DesiredStateTest, AppliesNothingThatTheJournalDoesNotTake) {
  DesiredState state = make();
  store_.fault = Error{ErrorCode::kStorage, "disk full"};
  EXPECT_EQ(refusalOf(state, sealed(test::configuration(7))), "not-stored");
  EXPECT_TRUE(state.household().devices().empty());
  EXPECT_TRUE(state.retry().refused) << "still no room";
  store_.fault.reset();
  EXPECT_TRUE(state.retry().isApplied) << "without being sent again";
  EXPECT_EQ(state.household().devices().size(), 1U);
  EXPECT_FALSE(state.retry().isApplied);
}

TEST_F(DesiredStateTest, WithoutAPinnedKeyTakesNothing) {
  DesiredState state(HubId("hub-1"), {}, store_);
  EXPECT_EQ(refusalOf(state, sealed(test::configuration(7))), "unpinned-key");
}

TEST_F(DesiredStateTest, AJournalOfAnotherHubIsABrokenStart) {
  store_.stored = StoredConfiguration{7, sealed(test::configuration(7))};
  DesiredState state = make("hub-2");
  const auto begun = state.start("");
  ASSERT_FALSE(begun);
  EXPECT_THAT(begun.error().context, HasSubstr("it is of 'hub-1'"));
}

// After an update of the software the other rules of everybody go on.
TEST_F(DesiredStateTest, ARuleThatCannotBeReadSilencesNoOther) {
  wire::Configuration kept = test::configuration(7);
  const std::size_t patients = kept.patients.size();
  wire::CarriedRule strange = kept.rules[0];
  strange.hash = std::string(64, 'e');
  strange.document = R"({"id":"of-a-version-to-come"})";
  kept.rules.push_back(strange);
  kept.patients[0].rules.push_back({strange.hash, kept.patients[0].rules[0].from});
  store_.stored = StoredConfiguration{7, sealed(kept)};
  DesiredState state = make();
  const auto begun = state.start("");
  ASSERT_TRUE(begun);
  EXPECT_THAT(*begun, HasSubstr("left out"));
  ASSERT_EQ(state.household().patients.size(), patients);
  EXPECT_EQ(state.household().patients[0].rules.size(), kept.patients[0].rules.size() - 1);
  EXPECT_EQ(state.applied().hash, "") << "the backend sees that it is not in force";
}

// A version of the software that cannot use its kept rules must still collect.
TEST_F(DesiredStateTest, CollectsWhatItCannotJudgeAndTakesTheSameDocumentAgainOnceItCan) {
  wire::Configuration kept = test::configuration(7);
  kept.rules[0].document = R"({"id":"of-a-version-to-come"})";
  store_.stored = StoredConfiguration{7, sealed(kept)};
  DesiredState state = make();
  const auto begun = state.start("");
  ASSERT_TRUE(begun);
  EXPECT_THAT(*begun, HasSubstr("/rules/0/document"));
  EXPECT_EQ(state.household().devices().size(), 1U);
  EXPECT_EQ(state.applied().serial, 7U);
  EXPECT_EQ(state.applied().hash, "") << "the backend sees that it is not in force";
  EXPECT_EQ(refusalOf(state, sealed(test::configuration(6))), "older");
  EXPECT_TRUE(state.offer(sealed(test::configuration(7))).isApplied);
}

}  // namespace
}  // namespace vardnav::hub
