// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/bluez_service.h"

#include <algorithm>
#include <utility>

#include "ble/virtual/bluez_error.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kAdapter = "org.bluez.Adapter1";
constexpr const char* kAdapterPath = "/org/bluez/hci0";
constexpr const char* kAdapterAddress = "00:AA:01:00:00:42";
constexpr Milliseconds kAdvertInterval{200};

}  // namespace

BluezService::BluezService(sdbus::IConnection& bus, Loop& loop, const Clock& clock,
                           BondStore& bonds, Peripheral::Observer observer,
                           std::function<void(const Error&)> onFault)
    : bus_(bus),
      loop_(loop),
      clock_(clock),
      bonds_(bonds),
      observer_(std::move(observer)),
      onFault_(std::move(onFault)),
      agents_(bus, loop) {}

void BluezService::add(DevicePlan plan, std::unique_ptr<DeviceModel> model) {
  peripherals_.push_back(std::make_unique<Peripheral>(std::move(plan), std::move(model), loop_,
                                                      clock_, *this, observer_));
}

void BluezService::start() {
  bus_.addMatch(
      "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
      "member='NameOwnerChanged'",
      [this](sdbus::Message& message) {
        std::string name;
        std::string before;
        std::string after;
        message >> name >> before >> after;
        if (after.empty() && name.starts_with(':')) clientGone(name);
      },
      sdbus::floating_slot);
  const DeviceObject::Context context{bus_, loop_, agents_, bonds_, kAdapterPath, onFault_};
  for (const auto& peripheral : peripherals_) {
    devices_.push_back(std::make_unique<DeviceObject>(context, *peripheral));
  }
  announce();
}

void BluezService::announce() {
  root_ = sdbus::createObject(bus_, "/");
  root_->addObjectManager();
  manager_ = sdbus::createObject(bus_, "/org/bluez");
  agents_.publish(*manager_);
  manager_->finishRegistration();
  adapter_ = sdbus::createObject(bus_, kAdapterPath);
  publishAdapter();
  for (const auto& device : devices_) device->serviceBegins();
  bus_.requestName("org.bluez");
}

void BluezService::publishAdapter() {
  sdbus::IObject& adapter = *adapter_;
  adapter.registerMethod(kAdapter, "SetDiscoveryFilter", "a{sv}", "",
                         [this](sdbus::MethodCall call) { setFilter(std::move(call)); });
  adapter.registerMethod(kAdapter, "StartDiscovery", "", "",
                         [this](const sdbus::MethodCall& call) { startDiscovery(call); });
  adapter.registerMethod(kAdapter, "StopDiscovery", "", "",
                         [this](const sdbus::MethodCall& call) { stopDiscovery(call); });
  adapter.registerMethod(kAdapter, "RemoveDevice", "o", "", [this](sdbus::MethodCall call) {
    sdbus::ObjectPath path;
    call >> path;
    removeDevice(path);
    call.createReply().send();
  });
  const auto property = [&adapter](const char* name, const char* type, auto get) {
    adapter.registerProperty(kAdapter, name, type,
                             [get](sdbus::PropertyGetReply& reply) { reply << get(); });
  };
  property("Address", "s", [] { return std::string{kAdapterAddress}; });
  property("AddressType", "s", [] { return std::string{"public"}; });
  property("Name", "s", [] { return std::string{"Vardnav virtual home"}; });
  property("Alias", "s", [] { return std::string{"Vardnav virtual home"}; });
  property("Discovering", "b", [this] { return isDiscovering(); });
  property("Discoverable", "b", [] { return false; });
  property("Pairable", "b", [] { return true; });
  property("UUIDs", "as", [] { return std::vector<std::string>{}; });
  adapter.registerProperty(
      kAdapter, "Powered", "b", [this](sdbus::PropertyGetReply& reply) { reply << isPowered_; },
      [this](sdbus::PropertySetCall& call) {
        bool isPowered = false;
        call >> isPowered;
        setPowered(isPowered);
      });
  adapter.finishRegistration();
}

// ---- searching ----

bool BluezService::isDiscovering() const {
  return isPowered_ &&
         std::ranges::any_of(searches_, [](const auto& search) { return search.second.isOn; });
}

void BluezService::tellDiscovering(bool wasDiscovering) {
  if (wasDiscovering == isDiscovering()) return;
  if (wasDiscovering) {
    for (const auto& device : devices_) device->searchEnded();
  }
  adapter_->emitPropertiesChangedSignal(kAdapter, {"Discovering"});
}

void BluezService::setFilter(sdbus::MethodCall call) {
  std::map<std::string, sdbus::Variant> filter;
  call >> filter;
  Search& search = searches_[call.getSender()];
  search.uuids.clear();
  if (const auto found = filter.find("UUIDs"); found != filter.end()) {
    if (!found->second.containsValueOfType<std::vector<std::string>>()) {
      throw bluez_error::of("InvalidArguments", "Invalid arguments in method call");
    }
    for (const auto& uuid : found->second.get<std::vector<std::string>>()) {
      search.uuids.push_back(uuid.size() == 4 ? longUuid(uuid) : uuid);
    }
  }
  call.createReply().send();
}

// As bluetoothd does, the reply comes before the word of it.
void BluezService::startDiscovery(const sdbus::MethodCall& call) {
  if (!isPowered_) throw bluez_error::notReady();
  if (isWedged_) throw bluez_error::failed("Input/output error");
  Search& search = searches_[call.getSender()];
  if (search.isOn) throw bluez_error::inProgress();
  const bool wasDiscovering = isDiscovering();
  search.isOn = true;
  call.createReply().send();
  tellDiscovering(wasDiscovering);
  if (std::exchange(hasBegun_, true)) return;
  for (const auto& peripheral : peripherals_) peripheral->begin();
  for (const PlannedFault& fault : faults_) {
    loop_.after(fault.at, [this, &fault] { inflict(fault); });
  }
}

void BluezService::stopDiscovery(const sdbus::MethodCall& call) {
  const auto found = searches_.find(call.getSender());
  if (found == searches_.end() || !found->second.isOn) {
    throw bluez_error::failed("No discovery started");
  }
  const bool wasDiscovering = isDiscovering();
  found->second.isOn = false;
  call.createReply().send();
  tellDiscovering(wasDiscovering);
}

bool BluezService::isSought(const Peripheral& peripheral) const {
  if (!isPowered_) return false;
  const std::string advertised = longUuid(peripheral.model().services().front().uuid);
  return std::ranges::any_of(searches_, [&](const auto& entry) {
    const auto& uuids = entry.second.uuids;
    return entry.second.isOn &&
           (uuids.empty() || std::ranges::find(uuids, advertised) != uuids.end());
  });
}

// ---- the rest of the adapter ----

void BluezService::removeDevice(const std::string& path) {
  const auto found = std::ranges::find_if(
      devices_, [&](const auto& device) { return device->isKnown() && device->path() == path; });
  if (found == devices_.end()) throw bluez_error::doesNotExist();
  (*found)->remove();
}

void BluezService::setPowered(bool isPowered) {
  if (isPowered == isPowered_) return;
  if (isWedged_) throw bluez_error::failed("Input/output error");
  const bool wasDiscovering = isDiscovering();
  isPowered_ = isPowered;
  if (!isPowered) {
    searches_.clear();
    for (const auto& device : devices_) device->powerOff();
  }
  tellDiscovering(wasDiscovering);
  adapter_->emitPropertiesChangedSignal(kAdapter, {"Powered"});
}

// Searches, agents and notify sessions end with their client; links stay.
void BluezService::clientGone(const std::string& client) {
  const bool wasDiscovering = isDiscovering();
  searches_.erase(client);
  tellDiscovering(wasDiscovering);
  agents_.clientGone(client);
  for (const auto& device : devices_) device->clientGone(client);
}

// ---- faults ----

void BluezService::inflict(const PlannedFault& fault) {
  if (fault.kind == FaultKind::kServiceRestart) return restart(fault.lasts);
  if (fault.kind == FaultKind::kRadioWedge) {
    isWedged_ = true;
    loop_.after(fault.lasts, [this] { isWedged_ = false; });
    return;
  }
  for (const auto& device : devices_) {
    if (device->peripheral().plan().address == fault.device) inflictOn(*device, fault);
  }
}

void BluezService::inflictOn(DeviceObject& device, const PlannedFault& fault) {
  const auto peripheral = std::ranges::find_if(
      peripherals_, [&](const auto& each) { return each.get() == &device.peripheral(); });
  switch (fault.kind) {
    case FaultKind::kDropLink:
      return (*peripheral)->dropLinkAfter(fault.values);
    case FaultKind::kWrongCount:
      return (*peripheral)->miscountNext();
    case FaultKind::kGarbled:
      return (*peripheral)->garbleNext();
    case FaultKind::kSlowAnswers:
      (*peripheral)->answerLate(fault.lateBy);
      loop_.after(fault.lasts,
                  [device = peripheral->get()] { device->answerLate(Milliseconds{0}); });
      return;
    case FaultKind::kClock:
      return (*peripheral)->moveClock(fault.clockBy);
    case FaultKind::kBondLostThere:
      return device.forgottenByPeer();
    case FaultKind::kBondLostHere:
      if (device.isKnown()) device.remove();
      return;
    case FaultKind::kRadioWedge:
    case FaultKind::kServiceRestart:
      return;
  }
}

// As when bluetoothd is killed: its name goes, and no signal says that its objects do.
void BluezService::restart(Milliseconds pause) {
  if (std::exchange(isAway_, true)) return;
  bus_.releaseName("org.bluez");
  searches_.clear();
  for (const auto& device : devices_) device->serviceEnds();
  agents_.forgetAll();
  adapter_.reset();
  manager_.reset();
  root_.reset();
  loop_.after(pause, [this] {
    isAway_ = false;
    isPowered_ = true;
    announce();
  });
}

// ---- the radio ----

DeviceObject* BluezService::objectOf(const Peripheral& peripheral) {
  const auto found = std::ranges::find_if(
      devices_, [&](const auto& device) { return &device->peripheral() == &peripheral; });
  return found == devices_.end() ? nullptr : found->get();
}

void BluezService::advertise(Peripheral& peripheral) {
  adverts_[&peripheral] =
      loop_.after(kAdvertInterval, [this, &peripheral] { advertise(peripheral); });
  if (!isPowered_ || isWedged_ || isAway_) return;
  if (auto* device = objectOf(peripheral)) device->onAdvert(isSought(peripheral));
}

void BluezService::stopAdvertising(Peripheral& peripheral) {
  const auto advert = adverts_.find(&peripheral);
  if (advert == adverts_.end()) return;
  loop_.cancel(advert->second);
  adverts_.erase(advert);
}

// bluetoothd confirms an indication before any client sees it.
void BluezService::send(Peripheral& peripheral, const Outgoing& outgoing) {
  if (auto* device = objectOf(peripheral)) device->onValue(outgoing);
  peripheral.sent();
}

void BluezService::hangUp(Peripheral& peripheral) {
  peripheral.disconnect();
  if (auto* device = objectOf(peripheral)) device->onLinkLost();
}

}  // namespace vardnav::ble::virtual_home
