// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A scripted org.bluez on the private bus: adapters, devices, GATT objects and the agent manager,
// with every call written down and every reply in the test's hand. Runs on the test's loop. It
// knows what the hub uses of BlueZ 5.66's API, and nothing more.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/ble/bluez/poll_loop.h"

namespace vardnav::test {

using Reply = std::shared_ptr<sdbus::Result<>>;

struct FakeCharacteristic {
  std::string uuid;  ///< "2a18": the 16-bit form
  std::string path;
  std::vector<std::uint8_t> value;
  bool notifying = false;
  std::unique_ptr<sdbus::IObject> object;

  /// A notification or indication.
  void notify(std::vector<std::uint8_t> bytes);
};

struct FakeDevice {
  std::string address;
  std::string path;
  std::string adapter;
  bool paired = false;
  bool trusted = false;
  bool connected = false;
  bool servicesResolved = false;
  std::int16_t rssi = -60;
  std::vector<std::string> uuids;
  std::unique_ptr<sdbus::IObject> object;
  std::map<std::string, std::unique_ptr<FakeCharacteristic>> characteristics;

  void setConnected(bool isConnected);
  void setPaired(bool isPaired);
  void setServicesResolved(bool isResolved);
};

class FakeBluez {
 public:
  explicit FakeBluez(PollLoop& loop);
  ~FakeBluez();  ///< leaves the bus, as a killed bluetoothd does
  FakeBluez(const FakeBluez&) = delete;
  FakeBluez& operator=(const FakeBluez&) = delete;

  void addAdapter(const std::string& name = "hci0", bool isPowered = false);
  void removeAdapter();
  /// Known from before: on the bus without InterfacesAdded, not heard now.
  FakeDevice& addKnown(const std::string& address, bool isPaired);
  /// Not known before and heard now.
  FakeDevice& discover(const std::string& address, bool isPaired = false);
  /// Heard again.
  void advertise(FakeDevice& device);
  void remove(FakeDevice& device);

  /// Characteristic `uuid` in service `service` of the device; told unless `isSilent`.
  FakeCharacteristic& addCharacteristic(FakeDevice& device, const std::string& uuid,
                                        bool isSilent = false);

  /// "Connect C0:…", "StartNotify 2a18", "StopDiscovery", in the order they came.
  std::vector<std::string> calls;
  std::size_t count(const std::string& call) const;
  bool isDiscovering() const { return discovering_; }
  /// The name the hub's calls come from.
  const std::string& client() const { return client_; }
  sdbus::IConnection& connection() { return *connection_; }

  // What the calls do; as set up here they succeed at once.
  std::function<void(FakeDevice&, Reply)> onConnect;
  std::function<void(FakeDevice&, Reply)> onPair;
  std::function<void(FakeDevice&, Reply)> onDisconnect;
  std::function<void(FakeCharacteristic&, Reply)> onStartNotify;
  std::function<void(FakeCharacteristic&, std::vector<std::uint8_t>, Reply)> onWrite;
  std::function<void(FakeCharacteristic&,
                     std::shared_ptr<sdbus::Result<std::vector<std::uint8_t>>>)>
      onRead;
  std::function<void(Reply)> onStartDiscovery;

  /// Calls the hub's agent about `device`; the answer is "ok", the passkey, or the error's name.
  void askAgent(const std::string& method, const std::string& devicePath,
                std::function<void(std::string)> answered, bool hasPasskey = false);
  bool hasDefaultAgent() const { return hasDefaultAgent_; }

 private:
  FakeDevice& make(const std::string& address, bool isPaired, bool isHeard);
  void noteCall(const std::string& call, const sdbus::IObject& object);

  PollLoop& loop_;
  std::unique_ptr<sdbus::IConnection> connection_;
  PollLoop::Handle source_;
  std::unique_ptr<sdbus::IObject> manager_;
  std::unique_ptr<sdbus::IObject> adapter_;
  std::string adapterPath_;
  bool powered_ = false;
  bool discovering_ = false;
  bool hasFilter_ = false;
  bool hasAgent_ = false;
  bool hasDefaultAgent_ = false;
  std::string agentPath_;
  std::string client_;
  std::map<std::string, std::unique_ptr<FakeDevice>> devices_;
  std::vector<std::unique_ptr<sdbus::IProxy>> proxies_;
};

sdbus::Error bluezError(const std::string& name, const std::string& message = "");

}  // namespace vardnav::test
