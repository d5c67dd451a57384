// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/adapter_notes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace vardnav::hub {
namespace {

const std::string kHome = "00:AA:01:00:00:42";

class AdapterNotesTest : public ::testing::Test {
 protected:
  static ble::bluez::RadioState radio(const std::string& adapter, bool isSpare, bool isHomeThere) {
    ble::bluez::RadioState state;
    state.hasService = state.hasRadio = true;
    state.adapter = adapter;
    state.home = kHome;
    state.isSpare = isSpare;
    state.isHomeThere = isHomeThere;
    return state;
  }
  std::string request() {
    std::ifstream file(state / "adopt-address");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TemporaryDirectory state;
};

TEST_F(AdapterNotesTest, RemembersWhichAdapterHasTheBonds) {
  EXPECT_EQ(AdapterNotes(state.path(), "").home(), "");
  AdapterNotes(state.path(), "").onRadio(radio("hci0", false, true));
  EXPECT_EQ(AdapterNotes(state.path(), "").home(), kHome);
  EXPECT_EQ(AdapterNotes(state.path(), "hci1").home(), "") << "another one is configured now";
  std::ofstream(state / "adapter") << "\nnonsense\n";
  EXPECT_EQ(AdapterNotes(state.path(), "").home(), "");
}

TEST_F(AdapterNotesTest, AsksOnceForTheAddressWhenTheFirstIsUnplugged) {
  AdapterNotes notes(state.path(), "");
  notes.onRadio(radio("hci0", false, true));
  EXPECT_EQ(request(), "");
  notes.onRadio(radio("hci1", true, false));
  EXPECT_EQ(request(), "hci1 00:AA:01:00:00:42\n");
  // The helper took it, and the driver did not let it.
  std::filesystem::remove(state / "adopt-address");
  notes.onRadio(radio("hci1", true, false));
  EXPECT_EQ(request(), "");
}

TEST_F(AdapterNotesTest, AsksNotWhileTheFirstIsPluggedInAndTakesItsRequestBack) {
  AdapterNotes notes(state.path(), "");
  notes.onRadio(radio("hci1", true, true));
  EXPECT_EQ(request(), "");
  notes.onRadio(radio("hci1", true, false));
  EXPECT_NE(request(), "");
  notes.onRadio(radio("hci0", false, true));
  EXPECT_EQ(request(), "");
  notes.onRadio(radio("hci1", true, false));
  EXPECT_NE(request(), "") << "unplugged once more";
}

}  // namespace
}  // namespace vardnav::hub
