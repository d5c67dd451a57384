// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/bond_evidence.h"

#include <gtest/gtest.h>

#include "ble/bluez/bluez_error.h"

namespace vardnav::ble::bluez {
namespace {

bool isLostAfter(int times, BondSign sign, std::optional<int> rssi = std::nullopt,
                 bool isRadioSound = true) {
  BondEvidence evidence(6);
  for (int i = 0; i < times; ++i) evidence.add(sign, rssi, isRadioSound);
  return evidence.isLost();
}

TEST(BondEvidence, ConcludesFromThreeRefusedKeysHoweverWeakTheSignal) {
  EXPECT_FALSE(isLostAfter(2, BondSign::kKeyRefused));
  EXPECT_TRUE(isLostAfter(3, BondSign::kKeyRefused));
  EXPECT_TRUE(isLostAfter(3, BondSign::kKeyRefused, -95));
}

// The real pattern: Connect succeeds, and services stay unresolved for 15 s.
TEST(BondEvidence, ConcludesFromThreeLinksWithoutServices) {
  EXPECT_FALSE(isLostAfter(2, BondSign::kServicesNeverCame));
  EXPECT_TRUE(isLostAfter(3, BondSign::kServicesNeverCame));
}

TEST(BondEvidence, ConcludesFromRepeatedLocalAborts) {
  EXPECT_FALSE(isLostAfter(5, BondSign::kAborted, -60));
  EXPECT_TRUE(isLostAfter(6, BondSign::kAborted, -60));
}

TEST(BondEvidence, BlamesTheRadioWhereTheSignalIsWeakOrTheRadioInDoubt) {
  for (const BondSign sign :
       {BondSign::kServicesNeverCame, BondSign::kAborted, BondSign::kLinkLost}) {
    EXPECT_FALSE(isLostAfter(100, sign, -86));
    EXPECT_TRUE(isLostAfter(100, sign, -85));
    EXPECT_FALSE(isLostAfter(100, sign, -60, false));
    EXPECT_TRUE(isLostAfter(100, sign)) << "absent RSSI says nothing";
  }
}

TEST(BondEvidence, NeverConcludesFromOrdinaryFaults) {
  EXPECT_FALSE(isLostAfter(100, BondSign::kNone));
  EXPECT_EQ(bondSignOf({"org.bluez.Error.Failed", "le-connection-abort-by-remote"}),
            BondSign::kNone);
  EXPECT_EQ(bondSignOf({"org.bluez.Error.Failed", "le-connection-abort-by-local"}),
            BondSign::kAborted);
  EXPECT_EQ(bondSignOf({"org.bluez.Error.AuthenticationFailed", ""}), BondSign::kKeyRefused);
  EXPECT_EQ(bondSignOf({"org.bluez.Error.AuthenticationTimeout", ""}), BondSign::kNone);
}

TEST(BondEvidence, ForgetsAfterAGoodSession) {
  BondEvidence evidence(6);
  for (int i = 0; i < 5; ++i) evidence.add(BondSign::kAborted, -60, true);
  evidence.clear();
  evidence.add(BondSign::kAborted, -60, true);
  EXPECT_FALSE(evidence.isLost());
}

}  // namespace
}  // namespace vardnav::ble::bluez
