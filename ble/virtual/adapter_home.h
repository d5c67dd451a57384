// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A virtual home on real adapters: the devices of a scenario stand on the adapters given, in
// turn. An adapter has one address, so it is one device at a time: where there are more devices
// than adapters, the next takes its place when the one before has given all it had. Loop thread
// only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ble/virtual/adapter_agent.h"
#include "ble/virtual/adapter_radio.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/peripheral.h"
#include "ble/virtual/scenario.h"

namespace vardnav::ble::virtual_home {

class AdapterHome {
 public:
  /// `adapters`: "hci1" … , at least one.
  AdapterHome(sdbus::IConnection& bus, Loop& loop, const Clock& clock,
              const std::vector<std::string>& adapters, Peripheral::Observer observer,
              std::function<void(const std::string& line)> onNote);

  /// Before start(). The model must be that of the plan.
  void add(DevicePlan plan, std::unique_ptr<DeviceModel> model);
  /// Waits for bluetoothd and for the adapters. Throws sdbus::Error if the bus refuses.
  void start();
  /// Switches the devices off: their links end, which bluetoothd would keep.
  void stop();

 private:
  using Properties = AdapterRadio::Properties;
  using Interfaces = std::map<std::string, Properties>;
  struct Stand {
    std::unique_ptr<AdapterRadio> radio;
    std::deque<std::unique_ptr<Peripheral>> devices;  // the first one stands
  };

  void watch();
  void ownerChanged(sdbus::Message& message);
  void readAll();
  void added(const std::string& path, const Interfaces& interfaces);
  void removed(const std::string& path, const std::vector<std::string>& interfaces);
  void takeTurns(AdapterRadio& radio);
  AdapterRadio* radioAt(const std::string& path);
  AdapterRadio* radioOver(const std::string& peer);

  sdbus::IConnection& bus_;
  Loop& loop_;
  const Clock& clock_;
  Peripheral::Observer observer_;
  std::function<void(const std::string&)> onNote_;
  std::unique_ptr<sdbus::IProxy> objects_;
  AdapterAgent agent_;
  std::vector<Stand> stands_;
  std::vector<std::unique_ptr<Peripheral>> done_;
  std::size_t next_ = 0;
};

}  // namespace vardnav::ble::virtual_home
