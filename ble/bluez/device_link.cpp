// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/device_link.h"

#include <algorithm>
#include <utility>

#include "ble/bluez/bluez_error.h"

namespace vardnav::ble::bluez {
namespace {

// Our own time-outs end an attempt; the bus's come after, should BlueZ never answer.
constexpr Milliseconds kGrace{10'000};
constexpr std::int64_t kUnknownRssi = 127;

}  // namespace

DeviceLink::DeviceLink(DeviceId id, const LinkContext& context)
    : id_(std::move(id)),
      context_(context),
      evidence_(context.options.repairAfter),
      phaseTimer_(context.timers.make()),
      settleTimer_(context.timers.make()),
      pauseTimer_(context.timers.make()) {}

DeviceLink::~DeviceLink() = default;

void DeviceLink::enter(Phase phase) {
  phase_ = phase;
  alive_ = std::make_shared<const char>();
  phaseTimer_->cancel();
  settleTimer_->cancel();
}

bool DeviceLink::isConnected() const { return context_.tree.isSet(path_, kDevice, "Connected"); }

bool DeviceLink::isPaired() const { return context_.tree.isSet(path_, kDevice, "Paired"); }

bool DeviceLink::mayTry() const {
  return isSought() && !needsRepair_ && !isForgetting_ && !path_.empty() &&
         context_.clock.steadyNow() >= pauseEnd() && plan().connects;
}

DeviceDescription DeviceLink::description() const {
  DeviceDescription description{id_, {}, context_.tree.servicesOf(path_)};
  const Properties* device = context_.tree.find(path_, kDevice);
  const auto* name = device == nullptr ? nullptr : valueOf<std::string>(*device, "Name");
  if (name != nullptr) description.name = *name;
  return description;
}

ConnectionPlan DeviceLink::plan() const {
  return context_.options.plan ? context_.options.plan(description()) : ConnectionPlan{};
}

// ---- what BlueZ tells ----

void DeviceLink::appear(const std::string& path) {
  path_ = path;
  // Somebody has removed the old bond.
  if (needsRepair_ && !isPaired()) resume();
  // A link that outlived the program that made it, or that the device's own connection made.
  if (isConnected() && mayTry()) tryNow();
}

void DeviceLink::vanish() {
  isEndedByUs_ = true;
  if (phase_ == Phase::kReady) {
    endSession();
  } else if (phase_ == Phase::kDisconnecting) {
    fallIdle();
  } else if (phase_ != Phase::kIdle) {
    context_.listener.onLinkFault(
        id_, {Reason::kVanished, "BlueZ removed the device object", failures(), Milliseconds{0}});
    fallIdle();
  }
  path_.clear();
}

void DeviceLink::onAdvert(const Properties& shown) {
  lastAdvert_ = context_.clock.steadyNow();
  const auto* rssi = valueOf<std::int64_t>(shown, "RSSI");
  if (rssi != nullptr && *rssi != kUnknownRssi) rssi_ = static_cast<int>(*rssi);
  if (mayTry()) return tryNow();
  const auto* data = valueOf<ServiceData>(shown, "ServiceData");
  if (data == nullptr || isRetired_ || plan().connects) return;
  Advert advert{description(), {}, context_.clock.utcNow()};
  for (const auto& [uuid, octets] : *data) advert.serviceData.push_back({lower(uuid), octets});
  context_.listener.onAdvert(advert);
}

void DeviceLink::onChanged(const Properties& changed) {
  if (const bool* paired = valueOf<bool>(changed, "Paired"); paired != nullptr && needsRepair_) {
    resume();
  }
  if (const bool* connected = valueOf<bool>(changed, "Connected")) {
    if (*connected && mayTry()) return tryNow();
    if (!*connected) {
      if (phase_ == Phase::kReady) return endSession();
      if (phase_ == Phase::kDisconnecting) return fallIdle();
      if (phase_ == Phase::kResolving)
        return fail(Reason::kLinkLost, "link lost", BondSign::kLinkLost);
    }
  }
  const bool* resolved = valueOf<bool>(changed, "ServicesResolved");
  if (resolved != nullptr && *resolved && phase_ == Phase::kResolving && !settleUntil_) settle();
}

void DeviceLink::onValue(const std::string& path, Bytes value, UtcTime receivedAt) {
  if (client_) return client_->valueChanged(path, std::move(value), receivedAt);
  if (phase_ == Phase::kPairing || phase_ == Phase::kConnecting || phase_ == Phase::kResolving) {
    early_.push_back({path, std::move(value), receivedAt});
  }
}

void DeviceLink::abandon() {
  isEndedByUs_ = true;
  if (phase_ == Phase::kReady) {
    endSession();
  } else if (phase_ != Phase::kIdle) {
    fallIdle();
  }
  path_.clear();
  lastAdvert_.reset();
}

// ---- the way to a session ----

void DeviceLink::tryNow() {
  isPauseOver_ = false;
  enter(Phase::kQueued);
  early_.clear();
  context_.host.requestSlot(*this);
}

void DeviceLink::slotGranted() {
  if (phase_ != Phase::kQueued) return;
  if (context_.tree.find(path_, kDevice) == nullptr) return fallIdle();
  wasPaired_ = isPaired();
  // Pair() on a paired device hangs or fails, so look first.
  if (!wasPaired_ && plan().pairs) return pair();
  if (isConnected()) return resolve();
  connect();
}

void DeviceLink::pair() {
  enter(Phase::kPairing);
  isPictureFresh_ = true;
  if (isRepairing_) tell(RepairStep::kPairing, "");
  phaseTimer_->start(context_.options.pairTimeout, [this] {
    context_.remote.call(path_, kDevice, "CancelPairing", kGrace, alive_,
                         [](const std::expected<void, CallError>&) {});
    fail(Reason::kPairingTimeout, "no answer to Pair", BondSign::kNone);
  });
  context_.remote.call(path_, kDevice, "Pair", context_.options.pairTimeout + kGrace, alive_,
                       [this](const std::expected<void, CallError>& paired) { onPaired(paired); });
}

void DeviceLink::onPaired(const std::expected<void, CallError>& result) {
  if (!result && !isAlreadyPaired(result.error())) {
    const Reason reason = isGone(result.error()) ? Reason::kVanished : Reason::kPairingFailed;
    return fail(reason, textOf(result.error()), BondSign::kNone);
  }
  if (isConnected()) return resolve();
  connect();
}

void DeviceLink::connect() {
  enter(Phase::kConnecting);
  phaseTimer_->start(context_.options.connectTimeout, [this] {
    fail(Reason::kConnectTimeout, "no answer to Connect", BondSign::kNone);
  });
  context_.remote.call(
      path_, kDevice, "Connect", context_.options.connectTimeout + kGrace, alive_,
      [this](const std::expected<void, CallError>& connected) { onConnected(connected); });
}

void DeviceLink::onConnected(const std::expected<void, CallError>& result) {
  if (!result && !isAlreadyConnected(result.error())) {
    const CallError& error = result.error();
    const Reason reason = isGone(error) ? Reason::kVanished : Reason::kConnectFailed;
    if (reason == Reason::kConnectFailed) context_.host.onConnectFailed();
    return fail(reason, textOf(error), bondSignOf(error));
  }
  // bluetoothd tells Connected after its reply more often than before it.
  resolve();
}

void DeviceLink::trust() {
  // Without it, our Disconnect() would keep a bonded device from coming back by itself.
  if (!isPaired() || context_.tree.isSet(path_, kDevice, "Trusted")) return;
  context_.remote.setFlag(path_, kDevice, "Trusted", true, lifetime_,
                          [this](const std::expected<void, CallError>& set) {
                            if (set) return;
                            context_.listener.onNote(Note::kTrustFailed, textOf(set.error()));
                          });
}

void DeviceLink::resolve() {
  enter(Phase::kResolving);
  trust();
  settleUntil_.reset();
  // A device that hangs here, as one without its bond does, must not hold up the others.
  context_.host.releaseSlot(*this);
  phaseTimer_->start(context_.options.resolveTimeout, [this] {
    // A link that was up and lost within one turn of bluetoothd is never told of.
    if (!isConnected()) return fail(Reason::kLinkLost, "link lost at once", BondSign::kLinkLost);
    fail(Reason::kServicesUnresolved, "services not resolved in time",
         BondSign::kServicesNeverCame);
  });
  if (context_.tree.isSet(path_, kDevice, "ServicesResolved")) settle();
}

// ServicesResolved can come before the characteristics are on the bus: read the tree again until
// what is expected is there, or time is up.
void DeviceLink::settle() {
  const SteadyTime now = context_.clock.steadyNow();
  if (!settleUntil_) {
    phaseTimer_->cancel();
    settleUntil_ = now + context_.options.settleTimeout;
    seenBefore_.clear();
  }
  context_.remote.managedObjects(alive_, [this](std::expected<Objects, CallError> objects) {
    if (objects) context_.tree.replace(std::move(*objects));
    auto found = context_.tree.characteristicsOf(path_);
    if (objects && hasSettled(found)) {
      incomplete_ = 0;
      return makeReady(std::move(found));
    }
    if (context_.clock.steadyNow() < *settleUntil_) {
      settleTimer_->start(context_.options.settleInterval, [this] { settle(); });
      return;
    }
    settleFor(std::move(found));
  });
}

// Less than expected. For a bonded device bluetoothd shows the services as it once read them: after
// a change of the device's firmware they stay wrong until the device is forgotten.
void DeviceLink::settleFor(std::map<Uuid, std::string> found) {
  if (found.empty()) {
    return fail(Reason::kCharacteristicsMissing, "no characteristic appeared", BondSign::kNone);
  }
  ++incomplete_;
  if (!wasPaired_ || isPictureFresh_ || incomplete_ < context_.options.staleAfter) {
    return makeReady(std::move(found));
  }
  askForRepair(RepairStep::kServicesChanged, "expected characteristics are missing");
  disconnect();
}

bool DeviceLink::hasSettled(const std::map<Uuid, std::string>& found) {
  const std::vector<Uuid> expected = plan().expected;
  if (!expected.empty()) {
    return std::ranges::all_of(expected, [&](const Uuid& uuid) { return found.contains(uuid); });
  }
  std::vector<Uuid> uuids;
  for (const auto& [uuid, path] : found) uuids.push_back(uuid);
  return !uuids.empty() && std::exchange(seenBefore_, uuids) == uuids;
}

void DeviceLink::makeReady(std::map<Uuid, std::string> characteristics) {
  enter(Phase::kReady);
  isEndedByUs_ = false;
  BluezGattClient::Options options;
  options.operationTimeout = context_.options.operationTimeout;
  spent_.reset();
  client_ = std::make_unique<BluezGattClient>(
      context_.remote, context_.timers, options, std::move(characteristics),
      BluezGattClient::Hooks{[this] { disconnect(); },
                             [this](const std::string& path) {
                               return context_.tree.isSet(path, kCharacteristic, "Notifying");
                             }});
  for (auto& value : std::exchange(early_, {})) {
    client_->valueChanged(value.path, std::move(value.value), value.receivedAt);
  }
  if (std::exchange(isRepairing_, false)) tell(RepairStep::kDone, "");
  context_.host.onLinkReady();
  context_.listener.onDeviceReady(description(), *client_);
}

// ---- ends ----

void DeviceLink::fail(Reason reason, const std::string& detail, BondSign sign) {
  if (wasPaired_) evidence_.add(sign, rssi_, context_.host.isRadioSound());
  pauseAfter(reason, detail);
  if (isConnected() || phase_ == Phase::kConnecting || phase_ == Phase::kPairing) {
    return disconnect();
  }
  fallIdle();
}

void DeviceLink::retire() {
  isRetired_ = true;
  forgetRepair();
  if (phase_ == Phase::kIdle) return context_.host.onLinkIdle(*this);
  if (phase_ == Phase::kQueued) return fallIdle();
  if (phase_ != Phase::kDisconnecting) disconnect();
}

// Asks BlueZ to end the link; also ends a pending Connect. In a session the end comes with
// Connected = false, as it does when the device hangs up.
void DeviceLink::disconnect() {
  context_.host.releaseSlot(*this);
  isEndedByUs_ = true;
  if (phase_ != Phase::kReady) enter(Phase::kDisconnecting);
  const auto ended = [this] {
    if (phase_ == Phase::kReady) return endSession();
    if (phase_ == Phase::kDisconnecting) fallIdle();
  };
  phaseTimer_->start(context_.options.disconnectTimeout, [this, ended] {
    context_.listener.onNote(Note::kStuckLink, id_.value);
    ended();
  });
  context_.remote.call(path_, kDevice, "Disconnect", context_.options.disconnectTimeout + kGrace,
                       alive_, [this, ended](const std::expected<void, CallError>&) {
                         if (!isConnected()) ended();
                       });
}

void DeviceLink::endSession() {
  if (!client_) return fallIdle();
  client_->linkLost();
  context_.listener.onDeviceGone(id_);
  if (client_->sawAuthenticationError()) {
    if (wasPaired_) {
      evidence_.add(BondSign::kKeyRefused, rssi_, context_.host.isRadioSound());
    }
    pauseAfter(Reason::kRefusedInSession, "operations refused for want of a bond");
  } else if (!isEndedByUs_ && !client_->hasSucceeded()) {
    // bluetoothd shows a bonded device's services from memory: one that has forgotten us is ready
    // at once, and hangs up.
    if (wasPaired_) evidence_.add(BondSign::kLinkLost, rssi_, context_.host.isRadioSound());
    pauseAfter(Reason::kLinkLost, "link lost before anything was said");
  } else {
    evidence_.clear();
    failures_ = 0;
    failuresInDoubt_ = 0;
  }
  spent_ = std::move(client_);
  fallIdle();
}

void DeviceLink::fallIdle() {
  context_.host.releaseSlot(*this);
  enter(Phase::kIdle);
  early_.clear();
  if (isPauseOver_) context_.remote.defer(alive_, [this] { onPauseOver(); });
  context_.host.onLinkIdle(*this);
}

}  // namespace vardnav::ble::bluez
