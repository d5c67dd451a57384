// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// org.bluez as its clients see it: the object manager, one adapter (hci0), the agent manager and
// the devices of a scenario (BlueZ 5.66, doc/adapter-api.txt). Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ble/virtual/agent_registry.h"
#include "ble/virtual/bond_store.h"
#include "ble/virtual/device_object.h"
#include "ble/virtual/fault.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/peripheral.h"
#include "ble/virtual/radio.h"
#include "ble/virtual/scenario.h"

namespace vardnav::ble::virtual_home {

class BluezService final : public Radio {
 public:
  /// `onFault`: something that must be kept cannot be.
  BluezService(sdbus::IConnection& bus, Loop& loop, const Clock& clock, BondStore& bonds,
               Peripheral::Observer observer, std::function<void(const Error&)> onFault);

  /// Before start(). The model must be that of the plan.
  void add(DevicePlan plan, std::unique_ptr<DeviceModel> model);
  /// Before start(). What goes wrong once the scenario has begun; devices by address.
  void plan(std::vector<PlannedFault> faults) { faults_ = std::move(faults); }
  /// Takes the name org.bluez. The scenario begins with the first StartDiscovery. Throws
  /// sdbus::Error if the bus refuses.
  void start();

 private:
  /// One client's search. Empty `uuids`: any device.
  struct Search {
    bool isOn = false;
    std::vector<std::string> uuids;
  };

  void announce();
  void inflict(const PlannedFault& fault);
  void inflictOn(DeviceObject& device, const PlannedFault& fault);
  void restart(Milliseconds pause);

  void publishAdapter();
  void setFilter(sdbus::MethodCall call);
  void startDiscovery(const sdbus::MethodCall& call);
  void stopDiscovery(const sdbus::MethodCall& call);
  void removeDevice(const std::string& path);
  void setPowered(bool isPowered);
  void clientGone(const std::string& client);
  void tellDiscovering(bool wasDiscovering);
  bool isDiscovering() const;
  bool isSought(const Peripheral& peripheral) const;
  DeviceObject* objectOf(const Peripheral& peripheral);

  void advertise(Peripheral& peripheral);

  // Radio
  void startAdvertising(Peripheral& peripheral) override { advertise(peripheral); }
  void stopAdvertising(Peripheral& peripheral) override;
  void send(Peripheral& peripheral, const Outgoing& outgoing) override;
  void hangUp(Peripheral& peripheral) override;

  sdbus::IConnection& bus_;
  Loop& loop_;
  const Clock& clock_;
  BondStore& bonds_;
  Peripheral::Observer observer_;
  std::function<void(const Error&)> onFault_;
  AgentRegistry agents_;
  std::unique_ptr<sdbus::IObject> root_;
  std::unique_ptr<sdbus::IObject> manager_;
  std::unique_ptr<sdbus::IObject> adapter_;
  std::vector<std::unique_ptr<Peripheral>> peripherals_;
  std::vector<std::unique_ptr<DeviceObject>> devices_;  // in the order of peripherals_
  std::map<std::string, Search> searches_;              // by client
  std::map<const Peripheral*, Loop::TimerId> adverts_;  // until the next one
  std::vector<PlannedFault> faults_;
  bool isWedged_ = false;
  bool isAway_ = false;  ///< between the service's end and its return
  bool isPowered_ = true;
  bool hasBegun_ = false;
};

}  // namespace vardnav::ble::virtual_home
