// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Central's inside: who is wanted, which adapter, whose turn it is. Internal to this folder.
// Loop thread only.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ble/bluez/central.h"
#include "ble/bluez/device_link.h"
#include "ble/bluez/discovery.h"
#include "ble/bluez/object_tree.h"
#include "ble/bluez/pairing_agent.h"
#include "ble/bluez/radio_watch.h"
#include "ble/bluez/remote.h"
#include "ble/bluez/time_service.h"

namespace vardnav::ble::bluez {

struct Central::Impl final : Remote::Listener, LinkHost {
  Impl(Bus& bus, Timers& timers, const Clock& clock, CentralOptions opts, CentralListener& owner);

  // Remote::Listener
  void onServiceUp() override;
  void onServiceDown() override;
  void onInterfacesAdded(const std::string& path, const Interfaces& interfaces) override;
  void onInterfacesRemoved(const std::string& path,
                           const std::vector<std::string>& interfaces) override;
  bool concerns(const std::string& path) override;
  void onPropertiesChanged(const std::string& path, const std::string& interface,
                           const Properties& changed,
                           const std::vector<std::string>& invalidated) override;
  void onMalformed(const std::string& what) override;

  // LinkHost
  void requestSlot(DeviceLink& link) override;
  void releaseSlot(DeviceLink& link) override;
  void onLinkIdle(DeviceLink& link) override;
  bool isRadioSound() const override;
  void onConnectFailed() override;
  void onLinkReady() override;

  void setWanted(const std::set<DeviceId>& devices);
  DeviceLink* linkOf(const DeviceId& device);
  RadioState radio() const;

  void readAll();
  void chooseAdapter();
  std::string bestAdapter() const;
  bool isPreferred(const std::string& path) const;
  bool isHomeThere() const;
  void takeAdapter(const std::string& path);
  void leaveAdapter();
  void onAdapterGone(const std::string& path);
  void usePower();
  void powerOn();
  void powerCycle();
  void onRadioState(RadioWatch::State state, const std::string& detail);
  void returnLater();
  void reconcile();
  void dropStrays();
  void onDeviceThere(const std::string& path, bool isAdvert);
  DeviceLink* linkAt(const std::string& path);
  void grantSlot();
  void updateSeeking();
  void reportRadio();
  void sweep();

  Timers& timers;
  const Clock& clock;
  const CentralOptions options;
  CentralListener& listener;
  Remote remote;
  ObjectTree tree;
  PairingAgent agent;
  RadioWatch watch;
  Discovery discovery;
  TimeService timeService;
  std::unique_ptr<Timer> readRetry;
  std::unique_ptr<Timer> powerRetry;
  std::unique_ptr<Timer> returnTimer;
  Milliseconds returnPause;
  /// Addresses of adapters whose controllers did not answer; forgotten when they are plugged anew.
  std::set<std::string> dead;
  /// Address of the adapter that has the bonds: the configured one, else the first one used.
  std::string home;
  std::deque<SteadyTime> failedConnects;
  std::string adapter;     // path; empty: none
  bool isPowered = false;  // and discovery uses it
  bool isAdapterMissed = false;
  bool haveStraysGone = false;  // links of an earlier run
  RadioState reported;
  std::map<DeviceId, std::unique_ptr<DeviceLink>> links;
  std::deque<DeviceLink*> queue;  // the first one has the slot
  bool isSlotGranted = false;
  std::shared_ptr<const char> alive = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
