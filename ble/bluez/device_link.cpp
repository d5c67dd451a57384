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

}  // namespace

DeviceLink::DeviceLink(DeviceId id, const LinkContext& context)
    : id_(std::move(id)),
      context_(context),
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

bool DeviceLink::mayTry() const {
  return isSought() && !path_.empty() && context_.clock.steadyNow() >= notBefore_;
}

// ---- what BlueZ tells ----

void DeviceLink::appear(const std::string& path) {
  path_ = path;
  // A link that outlived the program that made it, or that the device's own connection made.
  if (isConnected() && mayTry()) tryNow();
}

void DeviceLink::vanish() {
  if (phase_ == Phase::kReady) {
    endSession();
  } else if (phase_ == Phase::kDisconnecting) {
    fallIdle();
  } else if (phase_ != Phase::kIdle) {
    context_.listener.onLinkFault(
        id_, {Reason::kVanished, "BlueZ removed the device object", failures_, Milliseconds{0}});
    fallIdle();
  }
  path_.clear();
  // Whoever removed it also removed its bond.
  needsRepair_ = false;
  suspicions_ = 0;
}

void DeviceLink::onAdvert() {
  lastAdvert_ = context_.clock.steadyNow();
  if (mayTry()) tryNow();
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
      if (phase_ == Phase::kResolving) return fail(Reason::kLinkLost, "link lost", kWeak);
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
  enter(Phase::kQueued);
  early_.clear();
  context_.host.requestSlot(*this);
}

void DeviceLink::slotGranted() {
  if (phase_ != Phase::kQueued) return;
  if (context_.tree.find(path_, kDevice) == nullptr) return fallIdle();
  wasPaired_ = context_.tree.isSet(path_, kDevice, "Paired");
  // Pair() on a paired device hangs or fails, so look first.
  if (!wasPaired_) return pair();
  if (isConnected()) return resolve();
  connect();
}

void DeviceLink::pair() {
  enter(Phase::kPairing);
  phaseTimer_->start(context_.options.pairTimeout, [this] {
    context_.remote.call(path_, kDevice, "CancelPairing", kGrace, alive_,
                         [](const std::expected<void, CallError>&) {});
    fail(Reason::kPairingTimeout, "no answer to Pair", kNone);
  });
  context_.remote.call(path_, kDevice, "Pair", context_.options.pairTimeout + kGrace, alive_,
                       [this](const std::expected<void, CallError>& paired) { onPaired(paired); });
}

void DeviceLink::onPaired(const std::expected<void, CallError>& result) {
  if (!result && !isAlreadyPaired(result.error())) {
    const Reason reason = isGone(result.error()) ? Reason::kVanished : Reason::kPairingFailed;
    return fail(reason, textOf(result.error()), kNone);
  }
  if (isConnected()) return resolve();
  connect();
}

void DeviceLink::connect() {
  enter(Phase::kConnecting);
  phaseTimer_->start(context_.options.connectTimeout,
                     [this] { fail(Reason::kConnectTimeout, "no answer to Connect", kNone); });
  context_.remote.call(
      path_, kDevice, "Connect", context_.options.connectTimeout + kGrace, alive_,
      [this](const std::expected<void, CallError>& connected) { onConnected(connected); });
}

void DeviceLink::onConnected(const std::expected<void, CallError>& result) {
  if (!result && !isAlreadyConnected(result.error())) {
    const CallError& error = result.error();
    const Reason reason = isGone(error) ? Reason::kVanished : Reason::kConnectFailed;
    return fail(reason, textOf(error), suspicionOf(error));
  }
  if (!isConnected()) return fail(Reason::kLinkLost, "link lost at once", kWeak);
  resolve();
}

void DeviceLink::trust() {
  if (context_.tree.isSet(path_, kDevice, "Trusted")) return;
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
    fail(Reason::kServicesUnresolved, "services not resolved in time", kStrong);
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
    if (objects && hasSettled(found)) return makeReady(std::move(found));
    if (context_.clock.steadyNow() < *settleUntil_) {
      settleTimer_->start(context_.options.settleInterval, [this] { settle(); });
      return;
    }
    if (!found.empty()) return makeReady(std::move(found));
    fail(Reason::kCharacteristicsMissing, "no characteristic appeared", kNone);
  });
}

bool DeviceLink::hasSettled(const std::map<Uuid, std::string>& found) {
  std::vector<Uuid> expected;
  if (context_.options.expected) {
    expected = context_.options.expected(context_.tree.servicesOf(path_));
  }
  if (!expected.empty()) {
    return std::ranges::all_of(expected, [&](const Uuid& uuid) { return found.contains(uuid); });
  }
  std::vector<Uuid> uuids;
  for (const auto& [uuid, path] : found) uuids.push_back(uuid);
  return !uuids.empty() && std::exchange(seenBefore_, uuids) == uuids;
}

void DeviceLink::makeReady(std::map<Uuid, std::string> characteristics) {
  enter(Phase::kReady);
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
  context_.listener.onDeviceReady(id_, context_.tree.servicesOf(path_), *client_);
}

// ---- ends ----

void DeviceLink::fail(Reason reason, const std::string& detail, unsigned suspicion) {
  if (wasPaired_) suspicions_ += suspicion;
  pauseAfter(reason, detail);
  if (isConnected() || phase_ == Phase::kConnecting || phase_ == Phase::kPairing) {
    return disconnect();
  }
  fallIdle();
}

void DeviceLink::pauseAfter(Reason reason, const std::string& detail) {
  const CentralOptions& options = context_.options;
  if (suspicions_ >= options.repairAfter) {
    needsRepair_ = true;
    pauseTimer_->cancel();
    return context_.listener.onNeedsRepair(id_);
  }
  Milliseconds pause{0};
  if (reason != Reason::kVanished) {
    const bool isPairing = reason == Reason::kPairingFailed || reason == Reason::kPairingTimeout;
    const Milliseconds longest = isPairing ? options.longestPairingPause : options.longestPause;
    pause = std::min(longest, Milliseconds(options.firstPause * (1LL << std::min(failures_, 16U))));
    ++failures_;
  }
  holdOff(pause);
  context_.listener.onLinkFault(id_, {reason, detail, failures_, pause});
}

void DeviceLink::holdOff(Milliseconds pause) {
  notBefore_ = std::max(notBefore_, context_.clock.steadyNow() + pause);
  const auto rest = std::chrono::ceil<Milliseconds>(notBefore_ - context_.clock.steadyNow());
  pauseTimer_->start(std::max(rest, Milliseconds{0}), [this] {
    // Its advert may have come during the pause, and brief ones do not come twice.
    const bool isHeard =
        lastAdvert_ && context_.clock.steadyNow() - *lastAdvert_ <= context_.options.advertMemory;
    if (mayTry() && (isHeard || isConnected())) tryNow();
  });
}

void DeviceLink::resume() {
  needsRepair_ = false;
  suspicions_ = 0;
  failures_ = 0;
  notBefore_ = SteadyTime{};
}

void DeviceLink::retire() {
  isRetired_ = true;
  if (phase_ == Phase::kIdle) return context_.host.onLinkIdle(*this);
  if (phase_ == Phase::kQueued) return fallIdle();
  if (phase_ != Phase::kDisconnecting) disconnect();
}

// Asks BlueZ to end the link; also ends a pending Connect. In a session the end comes with
// Connected = false, as it does when the device hangs up.
void DeviceLink::disconnect() {
  context_.host.releaseSlot(*this);
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
    if (wasPaired_) suspicions_ += kStrong;
    pauseAfter(Reason::kRefusedInSession, "operations refused for want of a bond");
  } else {
    suspicions_ = 0;
    failures_ = 0;
  }
  spent_ = std::move(client_);
  fallIdle();
}

void DeviceLink::fallIdle() {
  context_.host.releaseSlot(*this);
  enter(Phase::kIdle);
  early_.clear();
  context_.host.onLinkIdle(*this);
}

}  // namespace vardnav::ble::bluez
