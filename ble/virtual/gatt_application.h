// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A device as bluetoothd takes it from a program: a GATT application (object manager, services,
// characteristics) and an LE advertisement (BlueZ 5.66, doc/gatt-api.txt and
// doc/advertising-api.txt). What clients do arrives as calls of bluetoothd. Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ble/virtual/device_model.h"

namespace vardnav::ble::virtual_home {

/// What a client asks of the device; `peer` is bluetoothd's object path of the client.
class GattRequests {
 public:
  virtual ~GattRequests() = default;
  virtual std::expected<Bytes, AttError> read(const std::string& characteristic,
                                              const std::string& peer) = 0;
  virtual std::expected<void, AttError> write(const std::string& characteristic, const Bytes& value,
                                              const std::string& peer) = 0;
  /// bluetoothd does not say who subscribed; it tells the first client and the last.
  virtual void subscribe(const std::string& characteristic, bool isOn) = 0;
  virtual void confirmed(const std::string& characteristic) = 0;
  /// What it advertises under its first service now; empty: nothing.
  virtual Bytes serviceData() const = 0;
  /// bluetoothd took the advertisement down.
  virtual void advertisementReleased() = 0;
};

/// "read" → "encrypt-read" and the like, where the characteristic demands a bond.
std::vector<std::string> serverFlags(const Characteristic& characteristic);

class GattApplication {
 public:
  /// Its objects stand under `path`; the first service is the one advertised, with `name`.
  GattApplication(sdbus::IConnection& bus, std::string path, const std::string& name,
                  const std::vector<Service>& services, GattRequests& requests);
  ~GattApplication();

  const std::string& path() const { return path_; }
  std::string advertisementPath() const { return path_ + "/advertisement"; }

  /// A notification, or an indication that confirmed() answers.
  void notify(const std::string& characteristic, const Bytes& value);

 private:
  struct CharacteristicObject;

  void addCharacteristic(const std::string& service, const std::string& path,
                         const Characteristic& characteristic);
  void addAdvertisement(const std::string& name, const std::string& service);

  sdbus::IConnection& bus_;
  std::string path_;
  GattRequests& requests_;
  std::unique_ptr<sdbus::IObject> root_;
  std::unique_ptr<sdbus::IObject> advertisement_;
  std::vector<std::unique_ptr<sdbus::IObject>> services_;
  std::vector<std::unique_ptr<CharacteristicObject>> characteristics_;
};

}  // namespace vardnav::ble::virtual_home
