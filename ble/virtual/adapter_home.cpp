// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/adapter_home.h"

#include <algorithm>
#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kAdapter = "org.bluez.Adapter1";
constexpr const char* kDevice = "org.bluez.Device1";
constexpr const char* kObjectManager = "org.freedesktop.DBus.ObjectManager";

}  // namespace

AdapterHome::AdapterHome(sdbus::IConnection& bus, Loop& loop, const Clock& clock,
                         const std::vector<std::string>& adapters, Peripheral::Observer observer,
                         std::function<void(const std::string& line)> onNote)
    : bus_(bus),
      loop_(loop),
      clock_(clock),
      observer_(std::move(observer)),
      onNote_(std::move(onNote)),
      objects_(sdbus::createProxy(bus, "org.bluez", "/")),
      agent_(bus, {[this](const std::string& device) { return radioOver(device) != nullptr; },
                   onNote_}) {
  const AdapterRadio::Context context{bus, loop, agent_, onNote_,
                                      [this](AdapterRadio& radio) { takeTurns(radio); }};
  for (const std::string& adapter : adapters) {
    stands_.push_back({std::make_unique<AdapterRadio>(context, adapter), {}});
  }
}

void AdapterHome::add(DevicePlan plan, std::unique_ptr<DeviceModel> model) {
  Stand& stand = stands_[next_++ % stands_.size()];
  stand.devices.push_back(std::make_unique<Peripheral>(std::move(plan), std::move(model), loop_,
                                                       clock_, *stand.radio, observer_));
  if (stand.devices.size() == 1) stand.radio->place(*stand.devices.front());
}

void AdapterHome::start() {
  watch();
  readAll();
}

void AdapterHome::stop() {
  for (const Stand& stand : stands_) stand.radio->cutLinks();
}

void AdapterHome::watch() {
  const auto match = [this](const std::string& rule, auto handler) {
    bus_.addMatch("type='signal'," + rule, std::move(handler), sdbus::floating_slot);
  };
  match("sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.bluez'",
        [this](sdbus::Message& message) { ownerChanged(message); });
  match(
      "sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager',member='InterfacesAdded'",
      [this](sdbus::Message& message) {
        sdbus::ObjectPath path;
        Interfaces interfaces;
        message >> path >> interfaces;
        added(path, interfaces);
      });
  match(
      "sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager',"
      "member='InterfacesRemoved'",
      [this](sdbus::Message& message) {
        sdbus::ObjectPath path;
        std::vector<std::string> interfaces;
        message >> path >> interfaces;
        removed(path, interfaces);
      });
  match(
      "sender='org.bluez',interface='org.freedesktop.DBus.Properties',"
      "member='PropertiesChanged',arg0='org.bluez.Device1'",
      [this](sdbus::Message& message) {
        std::string interface;
        Properties changed;
        message >> interface >> changed;
        const std::string path = message.getPath();
        if (auto* radio = radioOver(path)) radio->peerChanged(path, changed);
      });
}

void AdapterHome::ownerChanged(sdbus::Message& message) {
  std::string name;
  std::string before;
  std::string after;
  message >> name >> before >> after;
  if (!before.empty()) {
    onNote_("bluetoothd is gone");
    agent_.forget();
    for (const Stand& stand : stands_) stand.radio->unplugged();
  }
  if (!after.empty()) readAll();
}

void AdapterHome::readAll() {
  objects_->callMethodAsync("GetManagedObjects")
      .onInterface(kObjectManager)
      .uponReplyInvoke([this](const sdbus::Error* error,
                              const std::map<sdbus::ObjectPath, Interfaces>& objects) {
        if (error != nullptr) return onNote_("no bluetoothd yet: " + error->getMessage());
        for (const auto& [path, interfaces] : objects) added(path, interfaces);
        for (const Stand& stand : stands_) {
          if (!stand.radio->isPlugged()) onNote_("waits for " + stand.radio->name());
        }
      });
}

void AdapterHome::added(const std::string& path, const Interfaces& interfaces) {
  if (const auto adapter = interfaces.find(kAdapter); adapter != interfaces.end()) {
    if (auto* radio = radioAt(path)) radio->plugged(adapter->second);
  }
  if (const auto device = interfaces.find(kDevice); device != interfaces.end()) {
    if (auto* radio = radioOver(path)) radio->peerChanged(path, device->second);
  }
}

void AdapterHome::removed(const std::string& path, const std::vector<std::string>& interfaces) {
  const auto has = [&](const char* name) {
    return std::ranges::find(interfaces, name) != interfaces.end();
  };
  if (auto* radio = radioAt(path); radio != nullptr && has(kAdapter)) {
    onNote_(radio->name() + " is unplugged");
    radio->unplugged();
  }
  if (auto* radio = radioOver(path); radio != nullptr && has(kDevice)) radio->peerRemoved(path);
}

// Not from within the peripheral's own call.
void AdapterHome::takeTurns(AdapterRadio& radio) {
  loop_.post([this, &radio] {
    const auto stand = std::ranges::find_if(
        stands_, [&radio](const Stand& held) { return held.radio.get() == &radio; });
    if (stand->devices.size() < 2 || !stand->devices.front()->isDone()) return;
    stand->devices[1]->setAddress(stand->devices.front()->plan().address);
    onNote_("turn " + radio.name() + " " + stand->devices[1]->plan().name);
    radio.place(*stand->devices[1]);
    // Its timers still know it.
    done_.push_back(std::move(stand->devices.front()));
    stand->devices.pop_front();
  });
}

AdapterRadio* AdapterHome::radioAt(const std::string& path) {
  const auto found = std::ranges::find_if(
      stands_, [&](const Stand& stand) { return stand.radio->path() == path; });
  return found == stands_.end() ? nullptr : found->radio.get();
}

AdapterRadio* AdapterHome::radioOver(const std::string& peer) {
  const std::size_t slash = peer.rfind('/');
  if (slash == std::string::npos || slash == 0) return nullptr;
  return radioAt(peer.substr(0, slash));
}

}  // namespace vardnav::ble::virtual_home
