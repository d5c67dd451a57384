// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/central.h"

#include <algorithm>
#include <utility>

#include "ble/bluez/bluez_error.h"
#include "ble/bluez/central_impl.h"

namespace vardnav::ble::bluez {
namespace {

// What only an advert (or a scan response) changes. BlueZ announces RSSI anew with each one while
// DuplicateData is set; it is absent on some controllers.
bool isAdvert(const Properties& changed) {
  return changed.contains("RSSI") || changed.contains("ManufacturerData") ||
         changed.contains("ServiceData") || changed.contains("AdvertisingFlags") ||
         changed.contains("AdvertisingData");
}

}  // namespace

Central::Impl::Impl(Bus& bus, Timers& timers_, const Clock& clock_, CentralOptions opts,
                    CentralListener& owner)
    : timers(timers_),
      clock(clock_),
      options(std::move(opts)),
      listener(owner),
      remote(bus),
      agent(remote, timers_, options.pairTimeout, owner,
            [this](const std::string& path) -> std::optional<DeviceId> {
              const DeviceLink* link = linkAt(path);
              if (link == nullptr || link->isRetired()) return std::nullopt;
              return link->id();
            }),
      watch(timers_, clock_, options.watch,
            {[this] { discovery.restart(); }, [this] { powerCycle(); },
             [this] {
               return std::ranges::any_of(links,
                                          [](const auto& link) { return !link.second->isIdle(); });
             },
             [this](RadioWatch::State state, const std::string& detail) {
               onRadioState(state, detail);
             },
             [this] { listener.onNote(Note::kRadioWasDeaf, tree.addressOf(adapter)); }}),
      discovery(
          remote, timers_, {options.probeTimeout, options.serviceRetry},
          {[this](const std::string& detail) { listener.onNote(Note::kDiscoveryFailed, detail); },
           [this](RadioWatch::Trip trip, const std::string& detail) { watch.onTrip(trip, detail); },
           [this](bool isOn) { watch.onSearching(isOn); }}),
      timeService(remote, timers_, owner),
      readRetry(timers_.make()),
      powerRetry(timers_.make()),
      returnTimer(timers_.make()),
      returnPause(options.firstReturnPause),
      // A configured address is not overruled by what was used before.
      home(options.adapter.contains(':') ? upper(options.adapter) : options.home) {}

// ---- bluetoothd ----

void Central::Impl::onServiceUp() {
  listener.onNote(Note::kServiceUp, remote.owner());
  agent.enlist();
  readAll();
  reportRadio();
}

void Central::Impl::onServiceDown() {
  listener.onNote(Note::kServiceDown, "org.bluez left the bus");
  agent.dismiss();
  readRetry->cancel();
  tree.clear();
  leaveAdapter();
  isAdapterMissed = false;
  dead.clear();
  reportRadio();
}

void Central::Impl::readAll() {
  remote.managedObjects(alive, [this](std::expected<Objects, CallError> objects) {
    if (objects) {
      tree.replace(std::move(*objects));
      chooseAdapter();
      return;
    }
    listener.onNote(Note::kReadFailed, textOf(objects.error()));
    if (!remote.isUp()) return;
    readRetry->start(options.serviceRetry, [this] { readAll(); });
  });
}

void Central::Impl::onInterfacesAdded(const std::string& path, const Interfaces& interfaces) {
  tree.add(path, interfaces);
  if (interfaces.contains(kAdapter)) chooseAdapter();
  if (const auto device = interfaces.find(kDevice); device != interfaces.end()) {
    // A bonded device is also added when bluetoothd or the adapter comes, and is not heard then.
    const bool* paired = valueOf<bool>(device->second, "Paired");
    const bool isHeard = device->second.contains("RSSI") || paired == nullptr || !*paired;
    if (isHeard && !adapter.empty() && isWithin(path, adapter)) watch.onAdvert();
    onDeviceThere(path, isHeard);
  }
}

void Central::Impl::onInterfacesRemoved(const std::string& path,
                                        const std::vector<std::string>& interfaces) {
  const bool hasDevice = std::ranges::find(interfaces, kDevice) != interfaces.end();
  DeviceLink* link = hasDevice ? linkAt(path) : nullptr;
  tree.remove(path, interfaces);
  if (link != nullptr && link->path() == path) {
    link->vanish();
    updateSeeking();
  }
  if (std::ranges::find(interfaces, kAdapter) != interfaces.end()) onAdapterGone(path);
}

bool Central::Impl::concerns(const std::string& path) {
  if (adapter.empty()) return false;
  if (path == adapter) return true;
  // Now and then a stranger's, as a sign that the radio hears.
  if (!watch.isContent() && isWithin(path, adapter)) return true;
  return std::ranges::any_of(links, [&](const auto& entry) {
    return !entry.second->path().empty() && isWithin(path, entry.second->path());
  });
}

void Central::Impl::onPropertiesChanged(const std::string& path, const std::string& interface,
                                        const Properties& changed,
                                        const std::vector<std::string>& invalidated) {
  tree.change(path, interface, changed, invalidated);
  if (path == adapter && interface == kAdapter) {
    if (changed.contains("Powered")) usePower();
    if (const bool* isOn = valueOf<bool>(changed, "Discovering")) discovery.onDiscovering(*isOn);
    return;
  }
  if (interface == kDevice && isAdvert(changed) && isWithin(path, adapter)) watch.onAdvert();
  DeviceLink* link = linkAt(path);
  if (link == nullptr) return;
  if (interface == kDevice) {
    link->onChanged(changed);
    if (isAdvert(changed)) link->onAdvert(changed);
    updateSeeking();
  } else if (interface == kCharacteristic) {
    if (const auto* value = valueOf<Bytes>(changed, "Value")) {
      link->onValue(path, *value, clock.utcNow());
    }
  }
}

void Central::Impl::onMalformed(const std::string& what) {
  listener.onNote(Note::kMalformedSignal, what);
}

// ---- devices ----

void Central::Impl::reconcile() {
  for (const auto& [id, link] : links) {
    if (const auto path = tree.pathOf(id, adapter)) {
      const Properties* device = tree.find(*path, kDevice);
      // RSSI is there only for what the present search has heard.
      onDeviceThere(*path, device != nullptr && device->contains("RSSI"));
    }
  }
  dropStrays();
  updateSeeking();
}

// bluez #89: links outlive the program that made them. Those of wanted devices are taken over; one
// that an earlier run trusted, and nobody wants now, would keep its device from sleeping.
void Central::Impl::dropStrays() {
  if (std::exchange(haveStraysGone, true)) return;
  for (const std::string& path : tree.connected(adapter)) {
    if (linkAt(path) != nullptr || !tree.isSet(path, kDevice, "Trusted")) continue;
    listener.onNote(Note::kDroppedLink, path);
    remote.call(path, kDevice, "Disconnect", options.disconnectTimeout, alive,
                [](const std::expected<void, CallError>&) {});
  }
}

void Central::Impl::onDeviceThere(const std::string& path, bool isAdvert) {
  if (!isPowered) return;
  const auto id = tree.deviceAt(path, adapter);
  DeviceLink* link = id ? linkOf(*id) : nullptr;
  if (link == nullptr) return;
  link->appear(path);
  const Properties* device = tree.find(path, kDevice);
  if (isAdvert && device != nullptr) link->onAdvert(*device);
  updateSeeking();
}

DeviceLink* Central::Impl::linkOf(const DeviceId& device) {
  const auto found = links.find(device);
  return found == links.end() ? nullptr : found->second.get();
}

DeviceLink* Central::Impl::linkAt(const std::string& path) {
  for (const auto& [id, link] : links) {
    if (!link->path().empty() && isWithin(path, link->path())) return link.get();
  }
  return nullptr;
}

void Central::Impl::setWanted(const std::set<DeviceId>& devices) {
  bool isNew = false;
  for (const DeviceId& device : devices) {
    auto& link = links[device];
    if (link) {
      link->unretire();
      continue;
    }
    link = std::make_unique<DeviceLink>(
        device, LinkContext{remote, tree, timers, clock, options, listener, *this});
    isNew = true;
  }
  for (const auto& [id, link] : links) {
    if (!devices.contains(id)) link->retire();
  }
  // What we know of a device nobody wanted is old: its changes were not read.
  if (isNew && isPowered) {
    remote.managedObjects(alive, [this](std::expected<Objects, CallError> objects) {
      if (!objects) return;
      tree.replace(std::move(*objects));
      reconcile();
    });
  }
  updateSeeking();
}

// ---- whose turn ----

void Central::Impl::requestSlot(DeviceLink& link) {
  queue.push_back(&link);
  grantSlot();
}

void Central::Impl::releaseSlot(DeviceLink& link) {
  const auto found = std::ranges::find(queue, &link);
  if (found == queue.end()) return;
  const bool isHolder = found == queue.begin();
  queue.erase(found);
  if (isHolder) isSlotGranted = false;
  if (queue.empty()) {
    discovery.resume();
    updateSeeking();
    return;
  }
  grantSlot();
}

void Central::Impl::grantSlot() {
  if (isSlotGranted || queue.empty()) return;
  isSlotGranted = true;
  discovery.pauseFor([this] {
    // In a turn of its own: the one before may still be unwinding.
    remote.defer(alive, [this] {
      if (isSlotGranted && !queue.empty()) queue.front()->slotGranted();
    });
  });
}

void Central::Impl::onLinkIdle(DeviceLink& link) {
  if (link.isRetired()) remote.defer(alive, [this] { sweep(); });
  updateSeeking();
}

void Central::Impl::sweep() {
  std::erase_if(
      links, [](const auto& entry) { return entry.second->isRetired() && entry.second->isIdle(); });
}

void Central::Impl::updateSeeking() {
  discovery.seek(
      std::ranges::any_of(links, [](const auto& entry) { return entry.second->isSought(); }));
}

// ---- the public face ----

Central::Central(Bus& bus, Timers& timers, const Clock& clock, CentralOptions options,
                 CentralListener& listener)
    : impl_(std::make_unique<Impl>(bus, timers, clock, std::move(options), listener)) {}

Central::~Central() = default;

Result<void> Central::start() {
  if (auto opened = impl_->agent.open(); !opened) return opened;
  if (auto opened = impl_->timeService.open(); !opened) return opened;
  return impl_->remote.open(*impl_);
}

void Central::setWanted(const std::set<DeviceId>& devices) { impl_->setWanted(devices); }

void Central::setPasskeyProvider(PasskeyProvider* provider) { impl_->agent.setProvider(provider); }

void Central::holdOff(const DeviceId& device, Milliseconds pause) {
  if (DeviceLink* link = impl_->linkOf(device)) link->holdOff(pause);
}

bool Central::repair(const DeviceId& device) {
  DeviceLink* link = impl_->linkOf(device);
  if (link == nullptr || link->isRetired()) return false;
  link->repair();
  return true;
}

void Central::setTimeSource(const TimeSource* source) { impl_->timeService.setSource(source); }

void Central::onTimeChanged() { impl_->timeService.onTimeChanged(); }

void Central::resume(const DeviceId& device) {
  if (DeviceLink* link = impl_->linkOf(device)) link->resume();
  impl_->updateSeeking();
}

RadioState Central::radio() const { return impl_->radio(); }

}  // namespace vardnav::ble::bluez
