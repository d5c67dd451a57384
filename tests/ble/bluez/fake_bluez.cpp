// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/bluez/fake_bluez.h"

#include <algorithm>
#include <utility>

namespace vardnav::test {
namespace {

constexpr const char* kDevice = "org.bluez.Device1";
constexpr const char* kCharacteristic = "org.bluez.GattCharacteristic1";
constexpr const char* kAgentManager = "org.bluez.AgentManager1";

using Options = std::map<std::string, sdbus::Variant>;
using Bytes = std::vector<std::uint8_t>;

Reply shared(sdbus::Result<>&& result) {
  return std::make_shared<sdbus::Result<>>(std::move(result));
}

std::string longUuid(const std::string& uuid) {
  return "0000" + uuid + "-0000-1000-8000-00805f9b34fb";
}

}  // namespace

sdbus::Error bluezError(const std::string& name, const std::string& message) {
  return sdbus::Error("org.bluez.Error." + name, message);
}

void FakeCharacteristic::notify(Bytes bytes) {
  value = std::move(bytes);
  object->emitPropertiesChangedSignal(kCharacteristic, {"Value"});
}

void FakeDevice::setConnected(bool isConnected) {
  connected = isConnected;
  object->emitPropertiesChangedSignal(kDevice, {"Connected"});
  if (!isConnected && servicesResolved) setServicesResolved(false);
}

void FakeDevice::setPaired(bool isPaired) {
  paired = isPaired;
  object->emitPropertiesChangedSignal(kDevice, {"Paired"});
}

void FakeDevice::setServicesResolved(bool isResolved) {
  servicesResolved = isResolved;
  object->emitPropertiesChangedSignal(kDevice, {"ServicesResolved"});
}

FakeBluez::FakeBluez(PollLoop& loop)
    : onConnect([](FakeDevice& device, const Reply& reply) {
        device.setConnected(true);
        reply->returnResults();
        device.setServicesResolved(true);
      }),
      onPair([](FakeDevice& device, const Reply& reply) {
        device.setConnected(true);
        device.setPaired(true);
        reply->returnResults();
        device.setServicesResolved(true);
      }),
      onDisconnect([](FakeDevice& device, const Reply& reply) {
        if (!device.connected) return reply->returnError(bluezError("NotConnected"));
        reply->returnResults();
        device.setConnected(false);
      }),
      onStartNotify([](FakeCharacteristic& characteristic, const Reply& reply) {
        characteristic.notifying = true;
        reply->returnResults();
      }),
      onWrite(
          [](FakeCharacteristic&, const Bytes&, const Reply& reply) { reply->returnResults(); }),
      onRead([](FakeCharacteristic& characteristic, const auto& reply) {
        reply->returnResults(characteristic.value);
      }),
      onStartDiscovery([](FakeAdapter& adapter, const Reply& reply) {
        adapter.setDiscovering(true);
        reply->returnResults();
      }),
      onStopDiscovery([](FakeAdapter& adapter, const Reply& reply) {
        if (!adapter.discovering) {
          return reply->returnError(bluezError("Failed", "No discovery started"));
        }
        // The real one tells of it after the reply, too.
        reply->returnResults();
        adapter.setDiscovering(false);
      }),
      onPower([](FakeAdapter& adapter, bool isOn) { adapter.setPowered(isOn); }),
      onRemoveDevice([this](FakeDevice& device, const Reply& reply) {
        remove(device);
        reply->returnResults();
      }),
      onRegisterApplication([](const Reply& reply) { reply->returnResults(); }),
      loop_(loop),
      connection_(sdbus::createSystemBusConnection()) {
  source_ = loop_.attach({[this] {
                            const auto poll = connection_->getEventLoopPollData();
                            PollLoop::Wants wants{poll.fd, poll.events, std::nullopt};
                            if (const auto wait = poll.getRelativeTimeout()) {
                              wants.timeout = std::chrono::ceil<Milliseconds>(*wait);
                            }
                            return wants;
                          },
                          [this] {
                            while (connection_->processPendingRequest()) {
                            }
                          }});
  connection_->addObjectManager("/", sdbus::floating_slot_t{});
  manager_ = sdbus::createObject(*connection_, "/org/bluez");
  manager_->registerMethod("RegisterAgent")
      .onInterface(kAgentManager)
      .implementedAs([this](const sdbus::ObjectPath& path, const std::string& capability) {
        noteCall("RegisterAgent " + capability, *manager_);
        hasAgent_ = true;
        agentPath_ = path;
      });
  manager_->registerMethod("RequestDefaultAgent")
      .onInterface(kAgentManager)
      .implementedAs([this](const sdbus::ObjectPath&) {
        noteCall("RequestDefaultAgent", *manager_);
        if (!hasAgent_) throw bluezError("DoesNotExist");
        hasDefaultAgent_ = true;
      });
  manager_->finishRegistration();
  connection_->requestName("org.bluez");
}

FakeBluez::~FakeBluez() { loop_.detach(source_); }

void FakeBluez::noteCall(const std::string& call, const sdbus::IObject& object) {
  client_ = object.getCurrentlyProcessedMessage()->getSender();
  calls.push_back(call);
}

std::size_t FakeBluez::count(const std::string& call) const {
  return static_cast<std::size_t>(std::ranges::count(calls, call));
}

FakeDevice& FakeBluez::addKnown(const std::string& address, bool isPaired) {
  return make(address, isPaired, false);
}

FakeDevice& FakeBluez::discover(const std::string& address, bool isPaired) {
  FakeDevice& device = make(address, isPaired, true);
  announce(device);
  return device;
}

void FakeBluez::announce(FakeDevice& device) {
  device.object->emitInterfacesAddedSignal({kDevice});
}

FakeDevice& FakeBluez::device(const std::string& address) {
  for (auto& [path, device] : devices_) {
    if (device->address == address) return *device;
  }
  throw bluezError("DoesNotExist", address);
}

FakeDevice& FakeBluez::make(const std::string& address, bool isPaired, bool isHeard) {
  auto made = std::make_unique<FakeDevice>();
  FakeDevice& device = *made;
  device.address = address;
  device.paired = isPaired;
  device.adapter = adapterPath_;
  std::string suffix = address;
  std::ranges::replace(suffix, ':', '_');
  device.path = adapterPath_ + "/dev_" + suffix;
  device.object = sdbus::createObject(*connection_, device.path);
  auto& object = *device.object;
  const auto property = [&](const char* name, auto getter) {
    object.registerProperty(name).onInterface(kDevice).withGetter(std::move(getter));
  };
  property("Address", [&device] { return device.address; });
  property("Adapter", [&device] { return sdbus::ObjectPath(device.adapter); });
  property("Paired", [&device] { return device.paired; });
  property("Connected", [&device] { return device.connected; });
  property("ServicesResolved", [&device] { return device.servicesResolved; });
  property("Name", [&device] { return device.name; });
  property("ServiceData", [&device] { return device.serviceData; });
  property("UUIDs", [&device] { return device.uuids; });
  if (isHeard) property("RSSI", [&device] { return device.rssi; });
  property("ManufacturerData", [] { return std::map<std::uint16_t, sdbus::Variant>{}; });
  object.registerProperty("Trusted")
      .onInterface(kDevice)
      .withGetter([&device] { return device.trusted; })
      .withSetter([this, &device](const bool& value) {
        noteCall("Trusted " + device.address, *device.object);
        device.trusted = value;
        device.object->emitPropertiesChangedSignal(kDevice, {"Trusted"});
      });
  const auto method = [&](const std::string& name,
                          std::function<void(FakeDevice&, Reply)> FakeBluez::* act) {
    object.registerMethod(name).onInterface(kDevice).implementedAs(
        [this, &device, name, act](sdbus::Result<>&& result) {
          noteCall(name + " " + device.address, *device.object);
          (this->*act)(device, shared(std::move(result)));
        });
  };
  method("Connect", &FakeBluez::onConnect);
  method("Disconnect", &FakeBluez::onDisconnect);
  method("Pair", &FakeBluez::onPair);
  object.registerMethod("CancelPairing").onInterface(kDevice).implementedAs([this, &device] {
    noteCall("CancelPairing " + device.address, *device.object);
  });
  object.finishRegistration();
  devices_[device.path] = std::move(made);
  return device;
}

void FakeBluez::advertise(FakeDevice& device) {
  // RSSI is not on objects from before; what every advert may change serves as well.
  device.object->emitPropertiesChangedSignal(kDevice, {"ManufacturerData"});
}

void FakeBluez::advertise(FakeDevice& device, std::int16_t rssi) {
  device.rssi = rssi;
  device.object->emitPropertiesChangedSignal(kDevice, {"RSSI"});
}

void FakeBluez::advertise(FakeDevice& device, const std::string& uuid, Bytes octets) {
  device.serviceData = {{longUuid(uuid), sdbus::Variant(std::move(octets))}};
  device.object->emitPropertiesChangedSignal(kDevice, {"ServiceData"});
}

void FakeBluez::remove(FakeDevice& device) {
  for (auto& [uuid, characteristic] : device.characteristics) {
    characteristic->object->emitInterfacesRemovedSignal({kCharacteristic});
  }
  device.object->emitInterfacesRemovedSignal({kDevice});
  devices_.erase(std::string(device.path));
}

FakeCharacteristic& FakeBluez::addCharacteristic(FakeDevice& device, const std::string& uuid,
                                                 bool isSilent) {
  auto made = std::make_unique<FakeCharacteristic>();
  FakeCharacteristic& characteristic = *made;
  characteristic.uuid = uuid;
  characteristic.path = device.path + "/service0010/char" + uuid;
  characteristic.object = sdbus::createObject(*connection_, characteristic.path);
  auto& object = *characteristic.object;
  const auto property = [&](const char* name, auto getter) {
    object.registerProperty(name).onInterface(kCharacteristic).withGetter(std::move(getter));
  };
  property("UUID", [uuid] { return longUuid(uuid); });
  property("Service", [path = device.path] { return sdbus::ObjectPath(path + "/service0010"); });
  property("Value", [&characteristic] { return characteristic.value; });
  property("Notifying", [&characteristic] { return characteristic.notifying; });
  object.registerMethod("StartNotify")
      .onInterface(kCharacteristic)
      .implementedAs([this, &characteristic](sdbus::Result<>&& result) {
        noteCall("StartNotify " + characteristic.uuid, *characteristic.object);
        onStartNotify(characteristic, shared(std::move(result)));
      });
  object.registerMethod("WriteValue")
      .onInterface(kCharacteristic)
      .implementedAs(
          [this, &characteristic](sdbus::Result<>&& result, const Bytes& value, const Options&) {
            noteCall("WriteValue " + characteristic.uuid, *characteristic.object);
            onWrite(characteristic, value, shared(std::move(result)));
          });
  object.registerMethod("ReadValue")
      .onInterface(kCharacteristic)
      .implementedAs([this, &characteristic](sdbus::Result<Bytes>&& result, const Options&) {
        noteCall("ReadValue " + characteristic.uuid, *characteristic.object);
        onRead(characteristic, std::make_shared<sdbus::Result<Bytes>>(std::move(result)));
      });
  object.finishRegistration();
  if (!isSilent) object.emitInterfacesAddedSignal({kCharacteristic});
  return *(device.characteristics[uuid] = std::move(made));
}

void FakeBluez::cancelAgent() {
  proxies_.push_back(sdbus::createProxy(*connection_, client_, agentPath_));
  auto call = proxies_.back()->createMethodCall("org.bluez.Agent1", "Cancel");
  proxies_.back()->callMethod(call, [](sdbus::MethodReply&, const sdbus::Error*) {});
}

void FakeBluez::askAgent(const std::string& method, const std::string& devicePath,
                         std::function<void(std::string)> answered, bool hasPasskey) {
  proxies_.push_back(sdbus::createProxy(*connection_, client_, agentPath_));
  auto call = proxies_.back()->createMethodCall("org.bluez.Agent1", method);
  call << sdbus::ObjectPath(devicePath);
  if (hasPasskey) call << std::uint32_t{123456};
  proxies_.back()->callMethod(call, [answered = std::move(answered), method](
                                        sdbus::MethodReply& reply, const sdbus::Error* error) {
    if (error != nullptr) return answered(error->getName());
    if (method != "RequestPasskey") return answered("ok");
    std::uint32_t passkey = 0;
    reply >> passkey;
    answered(std::to_string(passkey));
  });
}

}  // namespace vardnav::test
