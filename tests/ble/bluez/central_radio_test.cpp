// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Dead, quiet and spare radios, over a real bus. The times are in radio_watch_test.
#include "tests/ble/bluez/central_fixture.h"

namespace vardnav::test {
namespace {

class CentralRadioTest : public CentralTest {
 protected:
  CentralRadioTest() {
    options.watch.silence = Milliseconds(40);
    options.watch.firstPowerCyclePause = Milliseconds(100'000);
    options.probeTimeout = Milliseconds(60);
    options.serviceRetry = Milliseconds(10);
  }

  /// From now on no controller (or none but `but`) confirms anything.
  void wedge(const std::string& but = "") {
    bluez->onStartDiscovery = [this, but, act = bluez->onStartDiscovery](FakeAdapter& adapter,
                                                                         const Reply& reply) {
      if (adapter.path.ends_with(but) && !but.empty()) return act(adapter, reply);
      unanswered.push_back(reply);
    };
  }
  std::size_t noted(const std::string& note) const {
    return static_cast<std::size_t>(std::ranges::count(notebook.notes, note));
  }
  void TearDown() override { unanswered.clear(); }

  std::vector<Reply> unanswered;
};

TEST_F(CentralRadioTest, ConfirmsADeadRadioByAProbeAndPowerCyclesIt) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  ASSERT_FALSE(notebook.radio.isDead);
  const auto act = bluez->onStartDiscovery;
  wedge();
  ASSERT_TRUE(until([this] { return notebook.radio.isDead; }));
  EXPECT_FALSE(notebook.radio.works());
  EXPECT_GE(bluez->count("StopDiscovery"), 1U) << "nothing is concluded from silence alone";
  ASSERT_TRUE(untilCalled("Powered off"));
  EXPECT_TRUE(untilCalled("Powered", 2));
  // The wedge ends.
  bluez->onStartDiscovery = act;
  EXPECT_TRUE(until([this] { return notebook.radio.works(); }));
  EXPECT_EQ(bluez->count("Powered off"), 1U);
}

TEST_F(CentralRadioTest, TakesAQuietHomeForQuiet) {
  options.probeTimeout = Milliseconds(8'000);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilCalled("StartDiscovery", 5));
  EXPECT_GE(noted("radio-suspected"), 3U);
  EXPECT_EQ(noted("radio-dead"), 0U);
  EXPECT_FALSE(notebook.radio.isDead);
  EXPECT_EQ(bluez->count("Powered off"), 0U);
}

TEST_F(CentralRadioTest, TakesAStrangersAdvertForASignOfLife) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  FakeDevice& stranger = bluez->discover(kNeighbour);
  wedge();
  ASSERT_TRUE(until([this] { return notebook.radio.isDead; }));
  bluez->advertise(stranger, -70);
  EXPECT_TRUE(until([this] { return notebook.radio.works(); }));
}

// bluez #807: Discovering stays true, StartDiscovery says InProgress, and nothing is heard.
TEST_F(CentralRadioTest, SeesThroughASearchThatIsDeadWhileDiscoveringIsTrue) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onStopDiscovery = [](FakeAdapter&, const Reply& reply) {
    reply->returnError(bluezError("InProgress"));
  };
  bluez->onStartDiscovery = [](FakeAdapter&, const Reply& reply) {
    reply->returnError(bluezError("InProgress"));
  };
  EXPECT_TRUE(until([this] { return notebook.radio.isDead; }));
  EXPECT_TRUE(untilCalled("Powered off"));
}

// bluetoothd keeps a start that we gave up on: the next one alone would be InProgress for ever.
TEST_F(CentralRadioTest, StopsAStartThatWasAnsweredTooLateBeforeTheNext) {
  options.watch.silence = Milliseconds(10'000);
  startBluez();
  bool isSlow = true;
  bluez->onStartDiscovery = [&, act = bluez->onStartDiscovery](FakeAdapter& adapter,
                                                               const Reply& reply) {
    if (adapter.discovering) return reply->returnError(bluezError("InProgress"));
    if (!std::exchange(isSlow, false)) return act(adapter, reply);
    unanswered.push_back(reply);
    adapter.setDiscovering(true);
  };
  startCentral({kMeter});
  ASSERT_TRUE(untilCalled("StopDiscovery"));
  EXPECT_TRUE(untilSearching());
  EXPECT_EQ(noted("radio-dead"), 0U);
}

TEST_F(CentralRadioTest, KnowsADeadRadioWhenEvenStopIsNotAnswered) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  wedge();
  bluez->onStopDiscovery = [this](FakeAdapter&, const Reply& reply) {
    unanswered.push_back(reply);
  };
  EXPECT_TRUE(until([this] { return notebook.radio.isDead; }));
}

// With another program searching, bluetoothd answers without asking the controller.
TEST_F(CentralRadioTest, ProvesNothingWhileAnotherProgramSearches) {
  options.probeTimeout = Milliseconds(8'000);
  startBluez();
  bluez->adapter().isShared = true;
  startCentral({kMeter});
  ASSERT_TRUE(untilCalled("StartDiscovery", 3));
  EXPECT_EQ(noted("radio-suspected"), 1U);
  EXPECT_EQ(noted("radio-alive"), 0U);
  EXPECT_FALSE(notebook.radio.isDead);
  FakeDevice& stranger = bluez->discover(kNeighbour);
  bluez->advertise(stranger, -70);
  EXPECT_TRUE(until([this] { return noted("radio-alive") == 1; }));
}

TEST_F(CentralRadioTest, SaysWhereManyConnectionsFailThatThePlaceIsPoor) {
  options.watch.silence = Milliseconds(10'000);
  options.firstPause = Milliseconds(1);
  options.longestPause = Milliseconds(2);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice&, const Reply& reply) {
    reply->returnError(bluezError("Failed", "le-connection-abort-by-remote"));
  };
  bluez->discover(kMeter, true);
  EXPECT_TRUE(until([this] { return noted("radio-poor") == 1; }));
}

// A device forgets its bond, and then the radio fails for a while: what the doubt hides must not
// delay the word of it by minutes.
TEST_F(CentralRadioTest, MakesNoPauseLongerForWhatFailedWhileItWasInDoubt) {
  options.watch.silence = Milliseconds(10'000);
  options.repairAfter = 100;
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice&, const Reply& reply) {
    reply->returnError(bluezError("Failed", "le-connection-abort-by-local"));
  };
  const auto act = bluez->onStartDiscovery;
  bluez->onStartDiscovery = [](FakeAdapter&, const Reply& reply) {
    reply->returnError(bluezError("Failed", "Input/output error"));
  };
  bluez->onPower = [](FakeAdapter&, bool) { throw bluezError("Failed"); };
  bluez->discover(kMeter, true);
  ASSERT_TRUE(until([this] { return notebook.radio.isDead; }));
  const std::size_t atDeath = notebook.faults.size();
  ASSERT_TRUE(until([&] { return notebook.faults.size() >= atDeath + 3; }));
  EXPECT_GE(notebook.faults.back().pause, 4 * options.firstPause) << "a dead radio is spared, too";
  bluez->onStartDiscovery = act;
  ASSERT_TRUE(until([this] { return notebook.radio.works(); }));
  const std::size_t atRecovery = notebook.faults.size();
  ASSERT_TRUE(until([&] { return notebook.faults.size() > atRecovery; }));
  EXPECT_LE(notebook.faults[atRecovery].failures, atDeath + 1);
  EXPECT_LE(notebook.faults[atRecovery].pause, options.firstPause * (1U << atDeath));
}

// ---- several adapters ----

class SpareAdapterTest : public CentralRadioTest {
 protected:
  SpareAdapterTest() { options.watch.silence = Milliseconds(10'000); }
  bool untilOn(const std::string& name) {
    return until([&] { return notebook.radio.hasRadio && notebook.radio.adapter == name; });
  }
  void startBoth() {
    startBluez();
    bluez->addAdapter("hci1");
    startCentral({kMeter});
    ASSERT_TRUE(untilOn("hci0"));
  }
};

TEST_F(SpareAdapterTest, TakesOverWhenTheFirstIsUnplugged) {
  startBoth();
  EXPECT_FALSE(notebook.radio.isSpare);
  EXPECT_EQ(notebook.radio.address, "00:AA:01:00:00:00");
  bluez->removeAdapter("hci0");
  ASSERT_TRUE(untilOn("hci1"));
  EXPECT_TRUE(notebook.radio.isSpare);
  EXPECT_TRUE(until([this] { return bluez->adapter("hci1").discovering; }));
}

TEST_F(SpareAdapterTest, TakesOverWhenTheFirstDoesNotAnswer) {
  options.watch.silence = Milliseconds(40);
  startBoth();
  ASSERT_TRUE(untilSearching());
  wedge("hci1");
  ASSERT_TRUE(untilOn("hci1"));
  EXPECT_TRUE(notebook.radio.isSpare);
  EXPECT_FALSE(notebook.radio.isDead);
  EXPECT_EQ(bluez->count("Powered off"), 0U) << "the spare first, then the last step";
}

TEST_F(SpareAdapterTest, TriesThePreferredOneAgainAfterAWhile) {
  options.watch.silence = Milliseconds(40);
  options.firstReturnPause = Milliseconds(150);
  startBoth();
  ASSERT_TRUE(untilSearching());
  const auto act = bluez->onStartDiscovery;
  wedge("hci1");
  ASSERT_TRUE(untilOn("hci1"));
  bluez->onStartDiscovery = act;
  EXPECT_TRUE(untilOn("hci0"));
  EXPECT_FALSE(notebook.radio.isSpare);
}

TEST_F(SpareAdapterTest, GoesBackToTheFirstWhenItIsPluggedInAgain) {
  startBoth();
  bluez->removeAdapter("hci0");
  ASSERT_TRUE(untilOn("hci1"));
  bluez->addAdapter("hci0");
  ASSERT_TRUE(untilOn("hci0"));
  EXPECT_FALSE(notebook.radio.isSpare);
}

TEST_F(SpareAdapterTest, IsTheSameAdapterUnderAnotherNameByItsAddress) {
  options.adapter = "00:aa:01:00:00:01";
  startBluez();
  bluez->addAdapter("hci1");
  startCentral({kMeter});
  ASSERT_TRUE(untilOn("hci1"));
  EXPECT_FALSE(notebook.radio.isSpare);
}

TEST_F(SpareAdapterTest, LeavesAnAdapterAloneThatIsNoConfiguredSpare) {
  options.adapter = "hci0";
  options.spare = "hci2";
  startBoth();
  bluez->removeAdapter("hci0");
  ASSERT_TRUE(until([this] { return !notebook.radio.hasRadio; }));
  roundTrips(3);
  EXPECT_TRUE(notebook.radio.adapter.empty());
  bluez->addAdapter("hci2");
  EXPECT_TRUE(untilOn("hci2"));
}

TEST_F(SpareAdapterTest, AsksForDevicesThatHaveNoBondOnItAndCollectsFromThoseThatHave) {
  startBluez();
  bluez->addKnown(kMeter, true);
  bluez->addKnown(kScale, true);
  bluez->addAdapter("hci1");
  FakeDevice& bonded = bluez->addKnown(kScale, true);
  bluez->addCharacteristic(bonded, "2a9d");
  startCentral({kMeter, kScale});
  ASSERT_TRUE(untilOn("hci0"));
  bluez->removeAdapter("hci0");
  ASSERT_TRUE(untilEvent("awaiting-device " + kMeter));
  EXPECT_EQ(notebook.count("awaiting-device " + kScale), 0U);
  ASSERT_TRUE(until([this] { return bluez->adapter("hci1").discovering; }));
  bluez->advertise(bonded);
  EXPECT_TRUE(untilEvent("ready " + kScale));
  bluez->addAdapter("hci0");
  bluez->addKnown(kMeter, true);
  EXPECT_TRUE(untilOn("hci0"));
}

TEST_F(SpareAdapterTest, IsNoSpareAnyMoreOnceItHasTheAddressOfTheFirst) {
  startBoth();
  bluez->removeAdapter("hci0");
  ASSERT_TRUE(untilOn("hci1"));
  EXPECT_EQ(notebook.radio.home, "00:AA:01:00:00:00");
  EXPECT_FALSE(notebook.radio.isHomeThere);
  // As the kernel shows a controller whose address was set: gone, and there anew.
  bluez->removeAdapter("hci1");
  bluez->addAdapter("hci1", false, "00:AA:01:00:00:00");
  FakeDevice& meter = bluez->addKnown(kMeter, true);
  bluez->announce(meter);
  bluez->addCharacteristic(meter, "2a18");
  ASSERT_TRUE(until([this] { return notebook.radio.hasRadio && !notebook.radio.isSpare; }));
  ASSERT_TRUE(untilSearching());
  EXPECT_EQ(bluez->count("Connect " + kMeter), 0U) << "added with its adapter, not heard";
  bluez->advertise(meter);
  EXPECT_TRUE(untilEvent("ready " + kMeter));
}

TEST_F(SpareAdapterTest, BecomesTheFirstOnceAllDevicesArePairedWithIt) {
  startBoth();
  bluez->removeAdapter("hci0");
  ASSERT_TRUE(untilEvent("awaiting-device " + kMeter));
  bluez->useAdapter("hci1");
  ASSERT_TRUE(until([this] { return bluez->adapter("hci1").discovering; }));
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  ASSERT_TRUE(untilEvent("done " + kMeter));
  EXPECT_TRUE(until([this] { return !notebook.radio.isSpare; }));
  EXPECT_EQ(notebook.radio.home, "00:AA:01:00:00:01");
}

TEST_F(SpareAdapterTest, IsASpareAfterARestartToo) {
  options.home = "00:AA:01:00:00:00";
  startBluez(false);
  bluez->addAdapter("hci1");
  startCentral({kMeter});
  ASSERT_TRUE(untilOn("hci1"));
  EXPECT_TRUE(notebook.radio.isSpare);
  bluez->addAdapter("hci0");
  EXPECT_TRUE(untilOn("hci0"));
}

TEST_F(SpareAdapterTest, FollowsTheBondsWhenNamesShift) {
  options.adapter = "hci0";
  options.home = "00:AA:01:00:00:07";
  startBluez();
  bluez->addAdapter("hci1", false, "00:AA:01:00:00:07");
  startCentral({kMeter});
  ASSERT_TRUE(untilOn("hci1"));
  EXPECT_FALSE(notebook.radio.isSpare);
}

}  // namespace
}  // namespace vardnav::test
