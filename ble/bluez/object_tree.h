// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The last known state of BlueZ's objects: adapters, devices, and the services and
// characteristics below them. Pure; fed by Remote. Only the properties this folder reads are
// kept, since devices of the whole neighbourhood pass through. Loop thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ble/bluez/property.h"
#include "ble/session/gatt_client.h"
#include "pipelines/model/ids.h"

namespace vardnav::ble::bluez {

class ObjectTree {
 public:
  void clear() { objects_.clear(); }
  /// A whole new answer of GetManagedObjects.
  void replace(Objects objects);
  void add(const std::string& path, const Interfaces& interfaces);
  void remove(const std::string& path, const std::vector<std::string>& interfaces);
  void change(const std::string& path, std::string_view interface, const Properties& changed,
              const std::vector<std::string>& invalidated);

  /// nullptr if the object is not there or lacks the interface.
  const Properties* find(std::string_view path, std::string_view interface) const;
  /// False also if the object is gone.
  bool isSet(std::string_view path, std::string_view interface, std::string_view flag) const;

  /// Paths, in order.
  std::vector<std::string> adapters() const;
  /// Whether the adapter at `path` is meant by `name`: "hci0", an address, or "any".
  bool isCalled(std::string_view path, std::string_view name) const;
  /// Of the adapter at `path`, upper case; empty: not there.
  std::string addressOf(std::string_view path) const;
  /// Of the device object at `path`, if it belongs to `adapter`.
  std::optional<DeviceId> deviceAt(std::string_view path, std::string_view adapter) const;
  std::optional<std::string> pathOf(const DeviceId& device, std::string_view adapter) const;
  /// Devices of `adapter` with a link.
  std::vector<std::string> connected(std::string_view adapter) const;

  /// What the device's services are, by its advert or its GATT database.
  std::vector<Uuid> servicesOf(const std::string& device) const;
  /// Characteristics to their paths. Where a device has the same one in two services, the one
  /// with the lower handle.
  std::map<Uuid, std::string> characteristicsOf(const std::string& device) const;

 private:
  Objects objects_;
};

/// As the hub spells addresses.
std::string upper(std::string text);
/// As the hub spells UUIDs.
std::string lower(std::string text);
/// Whether `path` is `ancestor` or lies below it.
bool isWithin(std::string_view path, std::string_view ancestor);

}  // namespace vardnav::ble::bluez
