// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/object_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace vardnav::ble::bluez {
namespace {

constexpr std::array<std::string_view, 16> kKept{
    "Address",   "Adapter", "Powered",   "Discovering", "Paired", "Trusted",
    "Connected", "Name",    "RSSI",      "UUIDs",       "UUID",   "ServicesResolved",
    "Device",    "Service", "Notifying", "ServiceData"};

Properties keptOf(const Properties& from) {
  Properties kept;
  for (const auto& [name, value] : from) {
    if (std::ranges::find(kKept, name) != kKept.end()) kept.emplace(name, value);
  }
  return kept;
}

}  // namespace

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool isWithin(std::string_view path, std::string_view ancestor) {
  return path.starts_with(ancestor) &&
         (path.size() == ancestor.size() || path[ancestor.size()] == '/');
}

void ObjectTree::replace(Objects objects) {
  objects_.clear();
  for (const auto& [path, interfaces] : objects) add(path, interfaces);
}

void ObjectTree::add(const std::string& path, const Interfaces& interfaces) {
  if (interfaces.empty()) return;
  Interfaces& object = objects_[path];
  for (const auto& [name, properties] : interfaces) object[name] = keptOf(properties);
}

void ObjectTree::remove(const std::string& path, const std::vector<std::string>& interfaces) {
  const auto object = objects_.find(path);
  if (object == objects_.end()) return;
  for (const auto& name : interfaces) object->second.erase(name);
  if (object->second.empty()) objects_.erase(object);
}

void ObjectTree::change(const std::string& path, std::string_view interface,
                        const Properties& changed, const std::vector<std::string>& invalidated) {
  const auto object = objects_.find(path);
  if (object == objects_.end()) return;
  const auto found = object->second.find(interface);
  if (found == object->second.end()) return;
  for (auto& [name, value] : keptOf(changed)) found->second.insert_or_assign(name, value);
  for (const auto& name : invalidated) found->second.erase(name);
}

const Properties* ObjectTree::find(std::string_view path, std::string_view interface) const {
  const auto object = objects_.find(path);
  if (object == objects_.end()) return nullptr;
  const auto found = object->second.find(interface);
  return found == object->second.end() ? nullptr : &found->second;
}

bool ObjectTree::isSet(std::string_view path, std::string_view interface,
                       std::string_view flag) const {
  const Properties* properties = find(path, interface);
  const bool* value = properties == nullptr ? nullptr : valueOf<bool>(*properties, flag);
  return value != nullptr && *value;
}

std::vector<std::string> ObjectTree::adapters() const {
  std::vector<std::string> paths;
  for (const auto& [path, interfaces] : objects_) {
    if (interfaces.contains(kAdapter)) paths.push_back(path);
  }
  return paths;
}

bool ObjectTree::isCalled(std::string_view path, std::string_view name) const {
  return name == "any" || path.ends_with("/" + std::string(name)) ||
         (!name.empty() && addressOf(path) == upper(std::string(name)));
}

std::string ObjectTree::addressOf(std::string_view path) const {
  const Properties* adapter = find(path, kAdapter);
  const auto* address = adapter == nullptr ? nullptr : valueOf<std::string>(*adapter, "Address");
  return address == nullptr ? std::string{} : upper(*address);
}

std::vector<std::string> ObjectTree::connected(std::string_view adapter) const {
  std::vector<std::string> paths;
  for (const auto& [path, interfaces] : objects_) {
    if (deviceAt(path, adapter) && isSet(path, kDevice, "Connected")) paths.push_back(path);
  }
  return paths;
}

std::optional<DeviceId> ObjectTree::deviceAt(std::string_view path,
                                             std::string_view adapter) const {
  const Properties* device = find(path, kDevice);
  if (device == nullptr) return std::nullopt;
  const auto* address = valueOf<std::string>(*device, "Address");
  const auto* owner = valueOf<std::string>(*device, "Adapter");
  if (address == nullptr || owner == nullptr || *owner != adapter) return std::nullopt;
  return DeviceId(upper(*address));
}

std::optional<std::string> ObjectTree::pathOf(const DeviceId& device,
                                              std::string_view adapter) const {
  for (const auto& [path, interfaces] : objects_) {
    if (interfaces.contains(kDevice) && deviceAt(path, adapter) == device) return path;
  }
  return std::nullopt;
}

std::vector<Uuid> ObjectTree::servicesOf(const std::string& device) const {
  std::set<Uuid> services;
  if (const Properties* properties = find(device, kDevice)) {
    if (const auto* uuids = valueOf<std::vector<std::string>>(*properties, "UUIDs")) {
      for (const auto& uuid : *uuids) services.insert(lower(uuid));
    }
    // Scales that only advertise may name their service nowhere else.
    if (const auto* data = valueOf<ServiceData>(*properties, "ServiceData")) {
      for (const auto& [uuid, octets] : *data) services.insert(lower(uuid));
    }
  }
  for (auto it = objects_.lower_bound(device); it != objects_.end(); ++it) {
    if (!it->first.starts_with(device)) break;
    const Properties* service = find(it->first, kService);
    if (service == nullptr || !isWithin(it->first, device)) continue;
    if (const auto* uuid = valueOf<std::string>(*service, "UUID")) services.insert(lower(*uuid));
  }
  return {services.begin(), services.end()};
}

std::map<Uuid, std::string> ObjectTree::characteristicsOf(const std::string& device) const {
  std::map<Uuid, std::string> characteristics;
  for (auto it = objects_.lower_bound(device); it != objects_.end(); ++it) {
    if (!it->first.starts_with(device)) break;
    const Properties* characteristic = find(it->first, kCharacteristic);
    if (characteristic == nullptr || !isWithin(it->first, device)) continue;
    // Paths end in the handle, so their order is that of the handles.
    if (const auto* uuid = valueOf<std::string>(*characteristic, "UUID")) {
      characteristics.emplace(lower(*uuid), it->first);
    }
  }
  return characteristics;
}

}  // namespace vardnav::ble::bluez
