// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The adapters' side of the scripted org.bluez.
#include <algorithm>
#include <utility>

#include "pipelines/model/bytes.h"
#include "tests/ble/bluez/fake_bluez.h"

namespace vardnav::test {
namespace {

constexpr const char* kAdapter = "org.bluez.Adapter1";
constexpr const char* kGattManager = "org.bluez.GattManager1";

using Options = std::map<std::string, sdbus::Variant>;

Reply shared(sdbus::Result<>&& result) {
  return std::make_shared<sdbus::Result<>>(std::move(result));
}

}  // namespace

void FakeAdapter::setPowered(bool isPowered) {
  powered = isPowered;
  if (!isPowered) setDiscovering(false);
  object->emitPropertiesChangedSignal(kAdapter, {"Powered"});
}

void FakeAdapter::setDiscovering(bool isDiscovering) {
  const bool was = discovering || isShared;
  discovering = isDiscovering;
  if (was != (discovering || isShared)) {
    object->emitPropertiesChangedSignal(kAdapter, {"Discovering"});
  }
}

bool FakeBluez::isDiscovering() const {
  return std::ranges::any_of(adapters_,
                             [](const auto& adapter) { return adapter.second->discovering; });
}

FakeAdapter& FakeBluez::addAdapter(const std::string& name, bool isPowered,
                                   const std::string& address) {
  auto made = std::make_unique<FakeAdapter>();
  FakeAdapter& adapter = *made;
  adapter.path = adapterPath_ = "/org/bluez/" + name;
  adapter.address = address.empty() ? "00:AA:01:00:00:0" + name.substr(3) : address;
  adapter.powered = isPowered;
  adapter.object = sdbus::createObject(*connection_, adapter.path);
  adapters_[adapter.path] = std::move(made);
  publishAdapter(adapter);
  publishGattManager(adapter);
  adapter.object->finishRegistration();
  adapter.object->emitInterfacesAddedSignal({kAdapter});
  return adapter;
}

void FakeBluez::publishAdapter(FakeAdapter& adapter) {
  auto& object = *adapter.object;
  object.registerProperty("Address").onInterface(kAdapter).withGetter(
      [&adapter] { return adapter.address; });
  object.registerProperty("Powered")
      .onInterface(kAdapter)
      .withGetter([&adapter] { return adapter.powered; })
      .withSetter([this, &adapter](const bool& value) {
        noteCall(value ? "Powered" : "Powered off", *adapter.object);
        onPower(adapter, value);
      });
  object.registerProperty("Discovering").onInterface(kAdapter).withGetter([&adapter] {
    return adapter.discovering || adapter.isShared;
  });
  object.registerMethod("SetDiscoveryFilter")
      .onInterface(kAdapter)
      .implementedAs([this, &adapter](const Options& filter) {
        noteCall("SetDiscoveryFilter " + filter.at("Transport").get<std::string>(),
                 *adapter.object);
        adapter.filter = filter;
      });
  object.registerMethod("StartDiscovery")
      .onInterface(kAdapter)
      .implementedAs([this, &adapter](sdbus::Result<>&& result) {
        noteCall("StartDiscovery", *adapter.object);
        if (!adapter.powered) return result.returnError(bluezError("NotReady"));
        onStartDiscovery(adapter, shared(std::move(result)));
      });
  object.registerMethod("StopDiscovery")
      .onInterface(kAdapter)
      .implementedAs([this, &adapter](sdbus::Result<>&& result) {
        noteCall("StopDiscovery", *adapter.object);
        onStopDiscovery(adapter, shared(std::move(result)));
      });
  object.registerMethod("RemoveDevice")
      .onInterface(kAdapter)
      .implementedAs([this, &adapter](sdbus::Result<>&& result, const sdbus::ObjectPath& path) {
        const auto device = devices_.find(path);
        if (device == devices_.end()) return result.returnError(bluezError("DoesNotExist"));
        noteCall("RemoveDevice " + device->second->address, *adapter.object);
        onRemoveDevice(*device->second, shared(std::move(result)));
      });
}

void FakeBluez::publishGattManager(FakeAdapter& adapter) {
  auto& object = *adapter.object;
  object.registerMethod("RegisterApplication")
      .onInterface(kGattManager)
      .implementedAs([this, &adapter](sdbus::Result<>&& result, const sdbus::ObjectPath& root,
                                      const Options&) {
        noteCall("RegisterApplication", *adapter.object);
        application_ = root;
        onRegisterApplication(shared(std::move(result)));
      });
  object.registerMethod("UnregisterApplication")
      .onInterface(kGattManager)
      .implementedAs([this, &adapter](const sdbus::ObjectPath& root) {
        noteCall("UnregisterApplication", *adapter.object);
        if (root != application_) throw bluezError("DoesNotExist");
        application_.clear();
      });
}

void FakeBluez::removeAdapter(const std::string& name) {
  const std::string path = "/org/bluez/" + name;
  while (true) {
    const auto device = std::ranges::find_if(
        devices_, [&](const auto& entry) { return entry.second->adapter == path; });
    if (device == devices_.end()) break;
    remove(*device->second);
  }
  adapters_.at(path)->object->emitInterfacesRemovedSignal({kAdapter});
  adapters_.erase(path);
}

void FakeBluez::readOfHub(const std::string& path, std::function<void(std::string)> answered) {
  proxies_.push_back(sdbus::createProxy(*connection_, client_, path));
  auto call = proxies_.back()->createMethodCall("org.bluez.GattCharacteristic1", "ReadValue");
  call << Options{};
  proxies_.back()->callMethod(
      call, [answered = std::move(answered)](sdbus::MethodReply& reply, const sdbus::Error* error) {
        if (error != nullptr) return answered(error->getName());
        Bytes value;
        reply >> value;
        answered(toHex(value));
      });
}

}  // namespace vardnav::test
