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
#include "ble/bluez/remote.h"

namespace vardnav::ble::bluez {

struct Central::Impl final : Remote::Listener, LinkHost {
  Impl(Bus& bus, Timers& timers, const Clock& clock, CentralOptions opts, CentralListener& owner);

  // Remote::Listener
  void onServiceUp() override;
  void onServiceDown() override;
  void onInterfacesAdded(const std::string& path, const Interfaces& interfaces) override;
  void onInterfacesRemoved(const std::string& path,
                           const std::vector<std::string>& interfaces) override;
  bool concerns(const std::string& path) const override;
  void onPropertiesChanged(const std::string& path, const std::string& interface,
                           const Properties& changed,
                           const std::vector<std::string>& invalidated) override;
  void onMalformed(const std::string& what) override;

  // LinkHost
  void requestSlot(DeviceLink& link) override;
  void releaseSlot(DeviceLink& link) override;
  void onLinkIdle(DeviceLink& link) override;

  void setWanted(const std::set<DeviceId>& devices);
  DeviceLink* linkOf(const DeviceId& device);
  RadioState radio() const;

  void readAll();
  void chooseAdapter();
  void leaveAdapter();
  void usePower();
  void powerOn();
  void reconcile();
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
  Discovery discovery;
  std::unique_ptr<Timer> readRetry;
  std::unique_ptr<Timer> powerRetry;
  std::string adapter;     // path; empty: none
  bool isPowered = false;  // and discovery uses it
  bool isAdapterMissed = false;
  RadioState reported;
  std::map<DeviceId, std::unique_ptr<DeviceLink>> links;
  std::deque<DeviceLink*> queue;  // the first one has the slot
  bool isSlotGranted = false;
  std::shared_ptr<const char> alive = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
