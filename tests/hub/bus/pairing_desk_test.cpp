// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bus/pairing_desk.h"

#include <gtest/gtest.h>

#include <string>

namespace vardnav::hub {
namespace {

using Step = ble::bluez::RepairStep;

const DeviceId kMeter("C0:FF:EE:00:00:01");
const DeviceId kScale("C0:FF:EE:00:00:02");

class PairingDeskTest : public ::testing::Test {
 protected:
  PairingDeskTest() {
    desk_.attach({[this](const DeviceId& device) {
                    repaired_ += device.value;
                    return device == kMeter;
                  },
                  [this](const DeviceId& device) { tried_ += device.value; },
                  [this] { ++changes_; }});
  }
  void askForPasskey() {
    desk_.requestPasskey(kMeter, [this](std::optional<std::uint32_t> passkey) {
      answers_.push_back(passkey ? std::to_string(*passkey) : "refused");
    });
  }

  PairingDesk desk_;
  std::vector<std::string> answers_;
  std::string repaired_;
  std::string tried_;
  int changes_ = 0;
};

TEST_F(PairingDeskTest, PassesOnAPasskeyOnce) {
  EXPECT_FALSE(desk_.tellPasskey(kMeter, 1));
  askForPasskey();
  EXPECT_EQ(desk_.matters(), (std::vector<PairingMatter>{{kMeter, "passkey"}}));
  EXPECT_FALSE(desk_.tellPasskey(kScale, 1)) << "of another device";
  EXPECT_FALSE(desk_.confirm(kMeter, true)) << "another kind of question";
  EXPECT_FALSE(desk_.tellPasskey(kMeter, 1'000'000));
  EXPECT_TRUE(desk_.tellPasskey(kMeter, 999'999));
  EXPECT_FALSE(desk_.tellPasskey(kMeter, 1));
  EXPECT_EQ(answers_, std::vector<std::string>{"999999"});
  EXPECT_EQ(changes_, 2);
}

TEST_F(PairingDeskTest, ShowsTheNumberThatIsToBeCompared) {
  std::vector<bool> answers;
  const auto ask = [&] {
    desk_.confirmPasskey(kMeter, 42, [&](bool isSame) { answers.push_back(isSame); });
  };
  ask();
  EXPECT_EQ(desk_.matters(), (std::vector<PairingMatter>{{kMeter, "confirm", 42}}));
  EXPECT_FALSE(desk_.tellPasskey(kMeter, 42));
  EXPECT_TRUE(desk_.confirm(kMeter, true));
  ask();
  EXPECT_TRUE(desk_.refuse(kMeter));
  EXPECT_EQ(answers, (std::vector<bool>{true, false}));
}

TEST_F(PairingDeskTest, ForgetsAQuestionThatNeedsNoAnswerAnyMore) {
  askForPasskey();
  desk_.cancel();
  EXPECT_TRUE(desk_.matters().empty());
  EXPECT_FALSE(desk_.tellPasskey(kMeter, 1));
  EXPECT_FALSE(desk_.refuse(kMeter));
  EXPECT_TRUE(answers_.empty());
  const int changes = changes_;
  desk_.cancel();
  EXPECT_EQ(changes_, changes);
}

TEST_F(PairingDeskTest, FollowsARepairToItsEnd) {
  desk_.onRepairStep(kMeter, Step::kBondLost);
  EXPECT_EQ(desk_.matters(), (std::vector<PairingMatter>{{kMeter, "bond-lost"}}));
  EXPECT_TRUE(desk_.repair(kMeter));
  EXPECT_FALSE(desk_.repair(kScale)) << "not of this hub";
  desk_.onRepairStep(kMeter, Step::kAwaitingDevice);
  desk_.onRepairStep(kMeter, Step::kPairing);
  askForPasskey();
  EXPECT_EQ(desk_.matters(),
            (std::vector<PairingMatter>{{kMeter, "passkey"}, {kMeter, "pairing"}}));
  EXPECT_TRUE(desk_.tellPasskey(kMeter, 7));
  desk_.onRepairStep(kMeter, Step::kDone);
  EXPECT_TRUE(desk_.matters().empty());
}

TEST_F(PairingDeskTest, TriesAnOldBondAgainOnlyBeforeItIsForgotten) {
  EXPECT_FALSE(desk_.tryAgain(kMeter));
  desk_.onRepairStep(kMeter, Step::kBondLost);
  EXPECT_TRUE(desk_.tryAgain(kMeter));
  EXPECT_EQ(tried_, kMeter.value);
  EXPECT_TRUE(desk_.matters().empty());
  desk_.onRepairStep(kMeter, Step::kAwaitingDevice);
  EXPECT_FALSE(desk_.tryAgain(kMeter));
}

}  // namespace
}  // namespace vardnav::hub
