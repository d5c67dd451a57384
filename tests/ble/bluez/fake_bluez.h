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

struct FakeAdapter {
  std::string path;
  std::string address;
  bool powered = false;
  bool discovering = false;  ///< for the hub
  bool isShared = false;     ///< another program searches as well
  std::map<std::string, sdbus::Variant> filter;
  std::unique_ptr<sdbus::IObject> object;

  void setPowered(bool isPowered);
  void setDiscovering(bool isDiscovering);
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
  std::string name;
  std::map<std::string, sdbus::Variant> serviceData;
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

  /// Where devices are added from now on.
  FakeAdapter& addAdapter(const std::string& name = "hci0", bool isPowered = false,
                          const std::string& address = "");
  void useAdapter(const std::string& name) { adapterPath_ = "/org/bluez/" + name; }
  /// Unplugs it, with its devices.
  void removeAdapter(const std::string& name = "hci0");
  FakeAdapter& adapter(const std::string& name = "hci0") {
    return *adapters_.at("/org/bluez/" + name);
  }
  /// Known from before: on the bus without InterfacesAdded, not heard now.
  FakeDevice& addKnown(const std::string& address, bool isPaired);
  /// Not known before and heard now.
  FakeDevice& discover(const std::string& address, bool isPaired = false);
  /// To be filled in, and then announced.
  FakeDevice& make(const std::string& address, bool isPaired, bool isHeard);
  void announce(FakeDevice& device);
  FakeDevice& device(const std::string& address);
  /// Heard again.
  void advertise(FakeDevice& device);
  /// Heard again, at this strength.
  void advertise(FakeDevice& device, std::int16_t rssi);
  /// Heard again, with these octets for the service `uuid` ("181d").
  void advertise(FakeDevice& device, const std::string& uuid, std::vector<std::uint8_t> octets);
  void remove(FakeDevice& device);

  /// Characteristic `uuid` in service `service` of the device; told unless `isSilent`.
  FakeCharacteristic& addCharacteristic(FakeDevice& device, const std::string& uuid,
                                        bool isSilent = false);

  /// "Connect C0:…", "StartNotify 2a18", "StopDiscovery", in the order they came.
  std::vector<std::string> calls;
  std::size_t count(const std::string& call) const;
  bool isDiscovering() const;
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
  std::function<void(FakeAdapter&, Reply)> onStartDiscovery;
  std::function<void(FakeAdapter&, Reply)> onStopDiscovery;
  std::function<void(FakeAdapter&, bool)> onPower;  ///< throws what it refuses with
  std::function<void(FakeDevice&, Reply)> onRemoveDevice;
  std::function<void(Reply)> onRegisterApplication;

  /// Calls the hub's agent about `device`; the answer is "ok", the passkey, or the error's name.
  void askAgent(const std::string& method, const std::string& devicePath,
                std::function<void(std::string)> answered, bool hasPasskey = false);
  void cancelAgent();
  bool hasDefaultAgent() const { return hasDefaultAgent_; }

  /// Reads a characteristic of the hub's application; the answer is hex, or the error's name.
  void readOfHub(const std::string& path, std::function<void(std::string)> answered);
  /// Root of the application that the hub has registered; empty: none.
  const std::string& application() const { return application_; }

 private:
  void publishAdapter(FakeAdapter& adapter);
  void publishGattManager(FakeAdapter& adapter);
  void noteCall(const std::string& call, const sdbus::IObject& object);

  PollLoop& loop_;
  std::unique_ptr<sdbus::IConnection> connection_;
  PollLoop::Handle source_;
  std::unique_ptr<sdbus::IObject> manager_;
  std::map<std::string, std::unique_ptr<FakeAdapter>> adapters_;  // by path
  std::string adapterPath_;
  std::string application_;
  bool hasAgent_ = false;
  bool hasDefaultAgent_ = false;
  std::string agentPath_;
  std::string client_;
  std::map<std::string, std::unique_ptr<FakeDevice>> devices_;  // by path
  std::vector<std::unique_ptr<sdbus::IProxy>> proxies_;
};

sdbus::Error bluezError(const std::string& name, const std::string& message = "");

}  // namespace vardnav::test
