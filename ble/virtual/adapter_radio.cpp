// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/adapter_radio.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kAdapter = "org.bluez.Adapter1";
constexpr const char* kGattManager = "org.bluez.GattManager1";
constexpr const char* kAdvertisingManager = "org.bluez.LEAdvertisingManager1";
constexpr const char* kDevice = "org.bluez.Device1";
constexpr Milliseconds kRetry{1000};
// Without a request after which a client that subscribed earlier counts as listening again.
constexpr Milliseconds kQuiet{1500};

std::optional<bool> flagOf(const AdapterRadio::Properties& properties, const char* name) {
  const auto found = properties.find(name);
  if (found == properties.end() || !found->second.containsValueOfType<bool>()) return std::nullopt;
  return found->second.get<bool>();
}

void note(std::set<std::string>& peers, const std::string& peer, std::optional<bool> isIn) {
  if (!isIn) return;
  if (*isIn) {
    peers.insert(peer);
  } else {
    peers.erase(peer);
  }
}

}  // namespace

AdapterRadio::AdapterRadio(const Context& context, std::string name)
    : context_(context),
      name_(std::move(name)),
      path_("/org/bluez/" + name_),
      proxy_(sdbus::createProxy(context.bus, "org.bluez", path_)) {}

AdapterRadio::~AdapterRadio() = default;

// ---- standing ----

void AdapterRadio::place(Peripheral& peripheral) {
  takeDown();
  peripheral_ = &peripheral;
  hasBegun_ = false;
  application_.reset();  // the next one stands under the same path
  application_ = std::make_unique<GattApplication>(
      context_.bus, "/org/vardnav/home/" + name_, peripheral.plan().name,
      peripheral.model().services(), static_cast<GattRequests&>(*this));
  if (isPlugged_) setUp();
}

void AdapterRadio::takeDown() {
  ++epoch_;
  if (std::exchange(isStanding_, false)) {
    const auto ignore = [](const sdbus::Error*) {};
    if (advert_ != Advert::kOff) {
      callWithPath(kAdvertisingManager, "UnregisterAdvertisement",
                   application_->advertisementPath(), false, ignore);
    }
    callWithPath(kGattManager, "UnregisterApplication", application_->path(), false, ignore);
  }
  advert_ = Advert::kOff;
  isAwake_ = false;
  subscribed_.clear();
}

void AdapterRadio::plugged(const Properties& adapter) {
  if (std::exchange(isPlugged_, true)) return;
  const auto address = adapter.find("Address");
  if (peripheral_ != nullptr && address != adapter.end()) {
    peripheral_->setAddress(address->second.get<std::string>());
  }
  setUp();
}

void AdapterRadio::unplugged() {
  ++epoch_;
  isPlugged_ = false;
  isStanding_ = false;
  advert_ = Advert::kOff;
  paired_.clear();
  connected_.clear();
  subscribed_.clear();
  linkDown();
}

void AdapterRadio::linkDown() {
  awaiting_.clear();
  context_.loop.cancel(std::exchange(quiet_, 0));
  if (peripheral_ != nullptr && peripheral_->isConnected()) peripheral_->disconnect();
}

void AdapterRadio::setUp() {
  if (peripheral_ == nullptr) return;
  ++epoch_;
  set("Powered", sdbus::Variant{true}, [this] {
    set("Alias", sdbus::Variant{peripheral_->plan().name},
        [this] { set("Pairable", sdbus::Variant{true}, [this] { registerServices(); }); });
  });
}

void AdapterRadio::set(const char* property, sdbus::Variant value, std::function<void()> next) {
  proxy_->callMethodAsync("Set")
      .onInterface("org.freedesktop.DBus.Properties")
      .withArguments(std::string{kAdapter}, std::string{property}, std::move(value))
      .uponReplyInvoke([this, property, next, epoch = epoch_](const sdbus::Error* error) {
        if (epoch != epoch_) return;
        if (error != nullptr) return again(property, *error);
        next();
      });
}

void AdapterRadio::callWithPath(const char* interface, const std::string& method,
                                const std::string& object, bool hasOptions, Done done) {
  auto answered = [this, done = std::move(done), epoch = epoch_](const sdbus::Error* error) {
    if (epoch == epoch_) done(error);
  };
  // The invoker keeps a reference to the name.
  auto invoker = proxy_->callMethodAsync(method);
  invoker.onInterface(interface);
  if (hasOptions) {
    invoker.withArguments(sdbus::ObjectPath{object}, Properties{});
  } else {
    invoker.withArguments(sdbus::ObjectPath{object});
  }
  invoker.uponReplyInvoke(std::move(answered));
}

void AdapterRadio::registerServices() {
  callWithPath(kGattManager, "RegisterApplication", application_->path(), true,
               [this](const sdbus::Error* error) {
                 if (error != nullptr) return again("RegisterApplication", *error);
                 standing();
               });
}

void AdapterRadio::standing() {
  isStanding_ = true;
  const DevicePlan& plan = peripheral_->plan();
  context_.onNote("stand " + name_ + " " + plan.address + " " + plan.name);
  if (!std::exchange(hasBegun_, true)) peripheral_->begin();
  adviseAdvert();
}

void AdapterRadio::again(const char* what, const sdbus::Error& error) {
  context_.onNote(name_ + ": " + what + ": " + error.getMessage() + "; tried again");
  context_.loop.after(kRetry, [this, epoch = epoch_] {
    if (epoch == epoch_ && isPlugged_) setUp();
  });
}

// ---- advertising ----

void AdapterRadio::startAdvertising(Peripheral& peripheral) {
  if (&peripheral != peripheral_) return;  // its turn is over
  isAwake_ = true;
  adviseAdvert();
}

void AdapterRadio::stopAdvertising(Peripheral& peripheral) {
  if (&peripheral != peripheral_) return;
  isAwake_ = false;
  adviseAdvert();
}

// One call at a time; its answer comes back here.
void AdapterRadio::adviseAdvert() {
  if (!isStanding_) return;
  if (isAwake_ && advert_ == Advert::kOff) {
    context_.agent.enlist(peripheral_->plan().pairing);
    advert_ = Advert::kStarting;
    callWithPath(kAdvertisingManager, "RegisterAdvertisement", application_->advertisementPath(),
                 true, [this](const sdbus::Error* error) {
                   advert_ = error == nullptr ? Advert::kOn : Advert::kOff;
                   if (error == nullptr) return adviseAdvert();
                   // Its next waking tries again.
                   context_.onNote(name_ + ": RegisterAdvertisement: " + error->getMessage());
                 });
  } else if (!isAwake_ && advert_ == Advert::kOn) {
    advert_ = Advert::kStopping;
    callWithPath(kAdvertisingManager, "UnregisterAdvertisement", application_->advertisementPath(),
                 false, [this](const sdbus::Error*) {
                   advert_ = Advert::kOff;
                   adviseAdvert();
                 });
  }
}

Bytes AdapterRadio::serviceData() const { return peripheral_->model().serviceData(); }

void AdapterRadio::advertisementReleased() { advert_ = Advert::kOff; }

// ---- the link ----

void AdapterRadio::peerChanged(const std::string& peer, const Properties& changed) {
  note(paired_, peer, flagOf(changed, "Paired"));
  const auto isConnected = flagOf(changed, "Connected");
  if (!isConnected) return;
  note(connected_, peer, isConnected);
  if (*isConnected) {
    // Another program may have made its own agent the default one since this device woke.
    if (peripheral_ != nullptr && !paired_.contains(peer)) {
      context_.agent.enlist(peripheral_->plan().pairing);
    }
    return noticeLink();
  }
  if (!connected_.empty() || peripheral_ == nullptr || !peripheral_->isConnected()) return;
  linkDown();
  context_.onLinkEnded(*this);
}

void AdapterRadio::peerRemoved(const std::string& peer) {
  peerChanged(peer, {{"Paired", sdbus::Variant{false}}, {"Connected", sdbus::Variant{false}}});
}

// A request can come before the word that there is a link.
void AdapterRadio::noticeLink() {
  if (peripheral_ == nullptr) return;
  if (!peripheral_->isConnected()) {
    peripheral_->connect();
    for (const std::string& characteristic : subscribed_) {
      static_cast<void>(peripheral_->resubscribe(characteristic, {!paired_.empty()}));
    }
  }
  sendWhenQuiet();
}

void AdapterRadio::sendWhenQuiet() {
  context_.loop.cancel(quiet_);
  quiet_ = context_.loop.after(kQuiet, [this] {
    quiet_ = 0;
    peripheral_->sendOne();
  });
}

Link AdapterRadio::link(const std::string& peer) const { return {paired_.contains(peer)}; }

void AdapterRadio::hangUp(Peripheral& peripheral) {
  if (connected_.empty()) return peripheral.disconnect();
  for (const std::string& peer : connected_) {
    auto proxy = std::shared_ptr<sdbus::IProxy>(
        sdbus::createProxy(context_.bus, "org.bluez", peer).release());
    proxy->callMethodAsync("Disconnect")
        .onInterface(kDevice)
        .uponReplyInvoke([this, proxy](const sdbus::Error* error) {
          if (error != nullptr) context_.onNote(name_ + ": Disconnect: " + error->getMessage());
          // Not destroyed from within its own callback.
          context_.loop.post([proxy] {});
        });
  }
}

void AdapterRadio::cutLinks() {
  for (const std::string& peer : connected_) {
    sdbus::createProxy(context_.bus, "org.bluez", peer)
        ->callMethod("Disconnect")
        .onInterface(kDevice)
        .dontExpectReply();
  }
}

void AdapterRadio::send(Peripheral& peripheral, const Outgoing& outgoing) {
  const std::string uuid = outgoing.characteristic;
  application_->notify(uuid, outgoing.value);
  const bool isIndicated =
      std::ranges::any_of(peripheral.model().services(), [&uuid](const Service& service) {
        return std::ranges::any_of(service.characteristics, [&uuid](const Characteristic& held) {
          return held.uuid == uuid && std::ranges::find(held.flags, "indicate") != held.flags.end();
        });
      });
  if (isIndicated) {
    awaiting_ = uuid;
  } else {
    peripheral.sent();
  }
}

void AdapterRadio::confirmed(const std::string& characteristic) {
  if (awaiting_ != characteristic) return;
  awaiting_.clear();
  peripheral_->sent();
}

std::expected<Bytes, AttError> AdapterRadio::read(const std::string& characteristic,
                                                  const std::string& peer) {
  noticeLink();
  return peripheral_->read(characteristic, link(peer));
}

std::expected<void, AttError> AdapterRadio::write(const std::string& characteristic,
                                                  const Bytes& value, const std::string& peer) {
  noticeLink();
  return peripheral_->write(characteristic, value, link(peer));
}

void AdapterRadio::subscribe(const std::string& characteristic, bool isOn) {
  const Link anyone{!paired_.empty()};
  if (!isOn) {
    subscribed_.erase(characteristic);
    return peripheral_->unsubscribe(characteristic, anyone);
  }
  noticeLink();
  subscribed_.insert(characteristic);
  const auto done = peripheral_->subscribe(characteristic, anyone);
  if (!done) context_.onNote(name_ + ": " + characteristic + " cannot be subscribed to");
}

}  // namespace vardnav::ble::virtual_home
