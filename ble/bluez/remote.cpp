// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/remote.h"

#include <sdbus-c++/sdbus-c++.h>

#include <tuple>
#include <utility>

#include "ble/bluez/connection.h"

namespace vardnav::ble::bluez {
namespace {

using DbusProperties = std::map<std::string, sdbus::Variant>;
using DbusInterfaces = std::map<std::string, DbusProperties>;
using DbusObjects = std::map<sdbus::ObjectPath, DbusInterfaces>;

constexpr Milliseconds kShortCall{15'000};
constexpr const char* kDaemon = "org.freedesktop.DBus";
constexpr const char* kPropertiesInterface = "org.freedesktop.DBus.Properties";
constexpr const char* kObjectManager = "org.freedesktop.DBus.ObjectManager";
constexpr const char* kAgentManager = "org.bluez.AgentManager1";
constexpr const char* kGattManager = "org.bluez.GattManager1";

// Octets by service UUID.
Property serviceDataOf(const sdbus::Variant& value) {
  ServiceData data;
  for (const auto& [uuid, octets] : value.get<DbusProperties>()) {
    if (octets.peekValueType() == "ay") data.emplace(uuid, octets.get<std::vector<std::uint8_t>>());
  }
  return data;
}

Property propertyOf(const sdbus::Variant& value) {
  const std::string type = value.peekValueType();
  if (type == "b") return value.get<bool>();
  if (type == "s") return value.get<std::string>();
  if (type == "o") return std::string(value.get<sdbus::ObjectPath>());
  if (type == "ay") return value.get<std::vector<std::uint8_t>>();
  if (type == "as") return value.get<std::vector<std::string>>();
  if (type == "a{sv}") return serviceDataOf(value);
  if (type == "n") return static_cast<std::int64_t>(value.get<std::int16_t>());
  return std::monostate{};
}

Properties propertiesOf(const DbusProperties& from) {
  Properties properties;
  for (const auto& [name, value] : from) properties.emplace(name, propertyOf(value));
  return properties;
}

bool isOurs(std::string_view interface) {
  return interface == kAdapter || interface == kDevice || interface == kService ||
         interface == kCharacteristic;
}

Interfaces interfacesOf(const DbusInterfaces& from) {
  Interfaces interfaces;
  for (const auto& [name, properties] : from) {
    if (isOurs(name)) interfaces.emplace(name, propertiesOf(properties));
  }
  return interfaces;
}

CallError errorOf(const sdbus::Error& error) { return {error.getName(), error.getMessage()}; }

struct Target {
  std::string destination;
  std::string path;
  std::string interface;
  std::string method;
  Milliseconds timeout = kShortCall;
};

std::uint64_t microseconds(Milliseconds duration) {
  return static_cast<std::uint64_t>(std::chrono::microseconds(duration).count());
}

// Sends one call and hands its reply's body to `done`: expected<Out, CallError>.
template <class Out, class Callback, class... Args>
void send(Bus::Connection& connection, const Target& target, const Remote::Alive& alive,
          Callback done, const Args&... args) {
  auto proxy = connection.pending.end();
  try {
    proxy = connection.pending.insert(
        connection.pending.end(),
        sdbus::createProxy(*connection.dbus, target.destination, target.path));
    sdbus::MethodCall call = (*proxy)->createMethodCall(target.interface, target.method);
    ((call << args), ...);
    auto onReply = [&connection, proxy, alive, done](sdbus::MethodReply& reply,
                                                     const sdbus::Error* error) {
      connection.answered.splice(connection.answered.end(), connection.pending, proxy);
      if (alive.expired()) return;
      if (error != nullptr) return done(std::unexpected(errorOf(*error)));
      Out out;
      try {
        std::apply([&]([[maybe_unused]] auto&... field) { ((reply >> field), ...); }, out);
      } catch (const sdbus::Error& malformed) {
        return done(std::unexpected(errorOf(malformed)));
      }
      done(std::move(out));
    };
    (*proxy)->callMethod(call, std::move(onReply), microseconds(target.timeout));
  } catch (const sdbus::Error& error) {
    if (proxy != connection.pending.end()) connection.pending.erase(proxy);
    connection.deferred.emplace_back([alive, done, failure = errorOf(error)] {
      if (!alive.expired()) done(std::unexpected(failure));
    });
  }
}

using Nothing = std::tuple<>;

auto ignoringResult(Remote::Done done) {
  return [done = std::move(done)](std::expected<Nothing, CallError> result) {
    if (result) return done({});
    done(std::unexpected(std::move(result.error())));
  };
}

}  // namespace

// The signals' side: reads bodies, and lets only bluetoothd's own through.
struct Remote::Matches {
  Remote& remote;
  std::vector<sdbus::Slot> slots;

  using Read = void (Matches::*)(sdbus::Message&);

  void watch(const std::string& rule, Read read) {
    slots.push_back(remote.bus_.connection().dbus->addMatch(
        "type='signal'," + rule, [this, read](sdbus::Message& message) {
          // A body that does not fit its signature is reported, not followed.
          try {
            (this->*read)(message);
          } catch (const sdbus::Error& error) {
            remote.listener_->onMalformed(message.getMemberName() + ": " + error.getMessage());
          }
        }));
  }

  bool isFromBluez(const sdbus::Message& message) const {
    return remote.isUp() && message.getSender() == remote.owner_;
  }

  void ownerChanged(sdbus::Message& message) {
    if (message.getSender() != kDaemon) return;
    std::string name;
    std::string before;
    std::string after;
    message >> name >> before >> after;
    if (name == "org.bluez") remote.setOwner(after);
  }

  void added(sdbus::Message& message) {
    if (!isFromBluez(message)) return;
    sdbus::ObjectPath path;
    DbusInterfaces interfaces;
    message >> path >> interfaces;
    remote.listener_->onInterfacesAdded(path, interfacesOf(interfaces));
  }

  void removed(sdbus::Message& message) {
    if (!isFromBluez(message)) return;
    sdbus::ObjectPath path;
    std::vector<std::string> interfaces;
    message >> path >> interfaces;
    remote.listener_->onInterfacesRemoved(path, interfaces);
  }

  void changed(sdbus::Message& message) {
    if (!isFromBluez(message)) return;
    const std::string path = message.getPath();
    if (!remote.listener_->concerns(path)) return;
    std::string interface;
    DbusProperties properties;
    std::vector<std::string> invalidated;
    message >> interface;
    if (!isOurs(interface)) return;
    message >> properties >> invalidated;
    remote.listener_->onPropertiesChanged(path, interface, propertiesOf(properties), invalidated);
  }
};

Remote::Remote(Bus& bus) : bus_(bus), matches_(std::make_unique<Matches>(Matches{*this, {}})) {}

Remote::~Remote() = default;

Result<void> Remote::open(Listener& listener) {
  listener_ = &listener;
  const std::string bluez = "sender='org.bluez',interface='";
  try {
    matches_->watch(
        "sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
        "member='NameOwnerChanged',arg0='org.bluez'",
        &Matches::ownerChanged);
    matches_->watch(bluez + kObjectManager + "',member='InterfacesAdded'", &Matches::added);
    matches_->watch(bluez + kObjectManager + "',member='InterfacesRemoved'", &Matches::removed);
    matches_->watch(
        bluez + kPropertiesInterface + "',member='PropertiesChanged',path_namespace='/org/bluez'",
        &Matches::changed);
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, "cannot watch org.bluez: " + error.getMessage());
  }
  send<std::tuple<std::string>>(
      bus_.connection(), {kDaemon, "/org/freedesktop/DBus", kDaemon, "GetNameOwner"}, alive_,
      [this](const std::expected<std::tuple<std::string>, CallError>& owner) {
        // An error is the usual answer when bluetoothd is not there (NameHasNoOwner).
        if (owner) setOwner(std::get<0>(*owner));
      },
      std::string("org.bluez"));
  return {};
}

void Remote::setOwner(const std::string& owner) {
  if (owner == owner_) return;
  if (!owner_.empty()) {
    owner_.clear();
    listener_->onServiceDown();
  }
  owner_ = owner;
  if (!owner_.empty()) listener_->onServiceUp();
}

void Remote::call(const std::string& path, std::string_view interface, const std::string& method,
                  Milliseconds timeout, Alive alive, Done done) {
  send<Nothing>(bus_.connection(), {owner_, path, std::string(interface), method, timeout}, alive,
                ignoringResult(std::move(done)));
}

void Remote::setFlag(const std::string& path, std::string_view interface,
                     const std::string& property, bool value, Alive alive, Done done) {
  send<Nothing>(bus_.connection(), {owner_, path, kPropertiesInterface, "Set"}, alive,
                ignoringResult(std::move(done)), std::string(interface), property,
                sdbus::Variant(value));
}

void Remote::setDiscoveryFilter(const std::string& adapter, Milliseconds timeout, Alive alive,
                                Done done) {
  // Without DuplicateData a meter that comes back at the same distance may not be told of, nor a
  // scale that says the same weight again.
  const DbusProperties filter{{"Transport", sdbus::Variant(std::string("le"))},
                              {"DuplicateData", sdbus::Variant(true)}};
  send<Nothing>(bus_.connection(),
                {owner_, adapter, std::string(kAdapter), "SetDiscoveryFilter", timeout}, alive,
                ignoringResult(std::move(done)), filter);
}

void Remote::removeDevice(const std::string& adapter, const std::string& device, Alive alive,
                          Done done) {
  send<Nothing>(bus_.connection(), {owner_, adapter, std::string(kAdapter), "RemoveDevice"}, alive,
                ignoringResult(std::move(done)), sdbus::ObjectPath(device));
}

void Remote::registerApplication(const std::string& adapter, const std::string& root, Alive alive,
                                 Done done) {
  send<Nothing>(bus_.connection(), {owner_, adapter, kGattManager, "RegisterApplication"}, alive,
                ignoringResult(std::move(done)), sdbus::ObjectPath(root), DbusProperties{});
}

void Remote::unregisterApplication(const std::string& adapter, const std::string& root, Alive alive,
                                   Done done) {
  send<Nothing>(bus_.connection(), {owner_, adapter, kGattManager, "UnregisterApplication"}, alive,
                ignoringResult(std::move(done)), sdbus::ObjectPath(root));
}

void Remote::registerAgent(const std::string& agent, const std::string& capability, Alive alive,
                           Done done) {
  send<Nothing>(bus_.connection(), {owner_, "/org/bluez", kAgentManager, "RegisterAgent"}, alive,
                ignoringResult(std::move(done)), sdbus::ObjectPath(agent), capability);
}

void Remote::requestDefaultAgent(const std::string& agent, Alive alive, Done done) {
  send<Nothing>(bus_.connection(), {owner_, "/org/bluez", kAgentManager, "RequestDefaultAgent"},
                alive, ignoringResult(std::move(done)), sdbus::ObjectPath(agent));
}

void Remote::readValue(const std::string& path, Milliseconds timeout, Alive alive, BytesDone done) {
  send<std::tuple<Bytes>>(
      bus_.connection(), {owner_, path, std::string(kCharacteristic), "ReadValue", timeout}, alive,
      [done = std::move(done)](std::expected<std::tuple<Bytes>, CallError> value) {
        if (value) return done(std::move(std::get<0>(*value)));
        done(std::unexpected(std::move(value.error())));
      },
      DbusProperties{});
}

void Remote::writeValue(const std::string& path, const Bytes& value, Milliseconds timeout,
                        Alive alive, Done done) {
  send<Nothing>(bus_.connection(),
                {owner_, path, std::string(kCharacteristic), "WriteValue", timeout}, alive,
                ignoringResult(std::move(done)), value, DbusProperties{});
}

void Remote::managedObjects(Alive alive, ObjectsDone done) {
  send<std::tuple<DbusObjects>>(
      bus_.connection(), {owner_, "/", kObjectManager, "GetManagedObjects"}, alive,
      [done = std::move(done)](const std::expected<std::tuple<DbusObjects>, CallError>& reply) {
        if (!reply) return done(std::unexpected(reply.error()));
        Objects objects;
        for (const auto& [path, interfaces] : std::get<0>(*reply)) {
          objects.emplace(path, interfacesOf(interfaces));
        }
        done(std::move(objects));
      });
}

void Remote::defer(Alive alive, std::function<void()> task) {
  bus_.connection().deferred.emplace_back([alive = std::move(alive), task = std::move(task)] {
    if (!alive.expired()) task();
  });
}

}  // namespace vardnav::ble::bluez
