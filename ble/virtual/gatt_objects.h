// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// org.bluez.GattService1 and GattCharacteristic1 of one device (BlueZ 5.66, doc/gatt-api.txt).
// As in BlueZ, a client's notify session lasts over disconnects, until it stops it or leaves the
// bus; every value read or notified is told as PropertiesChanged. Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ble/virtual/device_model.h"

namespace vardnav::ble::virtual_home {

/// "2A18" → "00002a18-0000-1000-8000-00805f9b34fb"; a long one in lower case.
std::string longUuid(std::string_view uuid);

/// What the objects need of their device's link. Completion is never from within the call.
class GattLink {
 public:
  using ReadDone = std::function<void(std::expected<Bytes, sdbus::Error>)>;
  using Done = std::function<void(std::optional<sdbus::Error>)>;

  virtual ~GattLink() = default;
  virtual bool isConnected() const = 0;
  virtual std::uint16_t mtu() const = 0;
  virtual void read(const std::string& characteristic, ReadDone done) = 0;
  virtual void write(const std::string& characteristic, Bytes value, Done done) = 0;
  virtual void subscribe(const std::string& characteristic, bool isOn, Done done) = 0;
};

class CharacteristicObject {
 public:
  CharacteristicObject(sdbus::IConnection& bus, const std::string& path, std::string service,
                       Characteristic characteristic, GattLink& link);

  const std::string& uuid() const { return characteristic_.uuid; }
  void announce() { object_->emitInterfacesAddedSignal(); }
  void withdraw() { object_->emitInterfacesRemovedSignal(); }
  /// The device sent a value; told only while somebody is subscribed.
  void notified(Bytes value);
  /// The link is new: sessions of before are subscribed again.
  void renew();
  void clientGone(const std::string& client);
  void linkLost();

 private:
  enum class Session : std::uint8_t { kStarting, kActive };

  void publish();
  void readValue(const sdbus::MethodCall& call);
  void writeValue(sdbus::MethodCall call);
  void startNotify(const sdbus::MethodCall& call);
  void stopNotify(const sdbus::MethodCall& call);
  void endSession(const std::string& client);
  void tellNotifying();
  void show(Bytes value);
  bool has(std::string_view flag) const;

  std::unique_ptr<sdbus::IObject> object_;
  std::string service_;
  Characteristic characteristic_;
  GattLink& link_;
  Bytes value_;
  bool isReading_ = false;
  bool isWriting_ = false;
  std::map<std::string, Session> sessions_;  // by client
  // Completions after this object's end are not heard.
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

class GattObjects {
 public:
  /// `device` is the object path of the device.
  GattObjects(sdbus::IConnection& bus, const std::string& device,
              const std::vector<Service>& services, GattLink& link);

  void announce();
  void withdraw();
  void notified(const std::string& characteristic, const Bytes& value);
  void renew();
  void clientGone(const std::string& client);
  void linkLost();

 private:
  std::vector<std::unique_ptr<sdbus::IObject>> services_;
  std::vector<std::unique_ptr<CharacteristicObject>> characteristics_;
};

}  // namespace vardnav::ble::virtual_home
