// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which adapter serves, its power, and what is done when its controller does not answer.
#include <algorithm>
#include <utility>

#include "ble/bluez/bluez_error.h"
#include "ble/bluez/central_impl.h"

namespace vardnav::ble::bluez {
namespace {

// Failed connections within this time that are more than bad luck with one sleeping device.
constexpr std::size_t kManyFailures = 12;
constexpr Milliseconds kPoorWindow{600'000};

std::string nameOfAdapter(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

// ---- choice ----

bool Central::Impl::isPreferred(const std::string& path) const {
  if (tree.addressOf(path) == home) return true;
  // Names shift when adapters are plugged in another way.
  if (isHomeThere()) return false;
  if (!options.adapter.empty()) return tree.isCalled(path, options.adapter);
  return home.empty();
}

// The preferred one unless it is dead, else a spare; a dead one is better than none, since it may
// recover.
std::string Central::Impl::bestAdapter() const {
  const std::string spare = options.adapter.empty() ? "any" : options.spare;
  std::string best;
  int bestRank = 0;
  for (const std::string& path : tree.adapters()) {
    const bool isUsable = isPreferred(path) || (!spare.empty() && tree.isCalled(path, spare));
    if (!isUsable) continue;
    const bool isDead = dead.contains(tree.addressOf(path));
    const int rank = (isDead ? 1 : 3) + (isPreferred(path) ? 1 : 0);
    if (rank > bestRank) {
      best = path;
      bestRank = rank;
    }
  }
  return best;
}

void Central::Impl::chooseAdapter() {
  if (!remote.isUp()) return;
  const std::string chosen = bestAdapter();
  if (chosen.empty() && !isAdapterMissed) {
    isAdapterMissed = true;
    listener.onNote(Note::kAdapterMissing,
                    options.adapter.empty() ? "no Bluetooth adapter" : "no " + options.adapter);
  }
  if (chosen.empty() || chosen == adapter) return reportRadio();
  if (!adapter.empty()) leaveAdapter();
  takeAdapter(chosen);
}

void Central::Impl::takeAdapter(const std::string& path) {
  isAdapterMissed = false;
  adapter = path;
  const bool isSpare = !isPreferred(path);
  if (!isSpare) home = tree.addressOf(path);
  listener.onNote(Note::kAdapterTaken, nameOfAdapter(path) + " " + tree.addressOf(path));
  if (dead.contains(tree.addressOf(path))) watch.assumeDead();
  usePower();
  // Bonds belong to an adapter's address: which devices have one here?
  if (isSpare || reported.isSpare) {
    for (const auto& [id, link] : links) link->onAdapterTaken(path);
  }
  returnLater();
}

void Central::Impl::leaveAdapter() {
  adapter.clear();
  isPowered = false;
  powerRetry->cancel();
  returnTimer->cancel();
  discovery.useAdapter("", false);
  watch.reset();
  timeService.useAdapter("");
  for (const auto& [id, link] : links) {
    link->abandon();
    link->onRadioSound();
  }
}

void Central::Impl::onAdapterGone(const std::string& path) {
  if (tree.find(path, kAdapter) != nullptr) return;
  // One that is plugged in anew has been reset: it gets another chance.
  std::erase_if(dead, [this](const std::string& address) {
    return std::ranges::none_of(tree.adapters(), [&](const std::string& other) {
      return tree.addressOf(other) == address;
    });
  });
  if (path != adapter) return;
  leaveAdapter();
  chooseAdapter();
}

// Time may revive a dead controller; and the preferred one has the bonds.
void Central::Impl::returnLater() {
  const bool isOtherDead = std::ranges::any_of(
      dead, [this](const std::string& address) { return address != tree.addressOf(adapter); });
  if (!isOtherDead) return;
  returnTimer->start(returnPause, [this] {
    const bool isInSession =
        std::ranges::any_of(links, [](const auto& entry) { return !entry.second->isIdle(); });
    if (isInSession) return returnLater();
    returnPause = std::min(returnPause * 2, options.longestReturnPause);
    std::erase_if(
        dead, [this](const std::string& address) { return address != tree.addressOf(adapter); });
    chooseAdapter();
  });
}

// ---- power ----

void Central::Impl::usePower() {
  const bool isOn = tree.isSet(adapter, kAdapter, "Powered");
  if (!isOn) powerOn();
  if (isOn == isPowered) return reportRadio();
  isPowered = isOn;
  discovery.useAdapter(isOn ? adapter : "", tree.isSet(adapter, kAdapter, "Discovering"));
  timeService.useAdapter(isOn ? adapter : "");
  if (isOn) {
    powerRetry->cancel();
    reconcile();
  } else {
    for (const auto& [id, link] : links) link->abandon();
  }
  reportRadio();
}

void Central::Impl::powerOn() {
  const auto again = [this] {
    powerRetry->start(options.serviceRetry, [this] {
      if (!adapter.empty() && !tree.isSet(adapter, kAdapter, "Powered")) powerOn();
    });
  };
  remote.setFlag(adapter, kAdapter, "Powered", true, alive,
                 [this, again](const std::expected<void, CallError>& set) {
                   if (set || adapter.empty()) return;
                   listener.onNote(Note::kPowerRefused, textOf(set.error()));
                   again();
                 });
}

// Off; usePower() switches it on again when BlueZ says that it is.
void Central::Impl::powerCycle() {
  if (adapter.empty()) return;
  listener.onNote(Note::kPowerCycled, nameOfAdapter(adapter));
  remote.setFlag(adapter, kAdapter, "Powered", false, alive,
                 [this](const std::expected<void, CallError>& set) {
                   if (!set) listener.onNote(Note::kPowerRefused, textOf(set.error()));
                 });
}

// ---- what the watch found ----

void Central::Impl::onRadioState(RadioWatch::State state, const std::string& detail) {
  const std::string address = tree.addressOf(adapter);
  switch (state) {
    case RadioWatch::State::kAlive:
      listener.onNote(Note::kRadioAlive, detail);
      dead.erase(address);
      for (const auto& [id, link] : links) link->onRadioSound();
      if (!isPreferred(adapter)) break;
      returnPause = options.firstReturnPause;
      break;
    case RadioWatch::State::kSuspected:
      listener.onNote(Note::kRadioSuspected, detail);
      break;
    case RadioWatch::State::kDead:
      listener.onNote(Note::kRadioDead, detail);
      dead.insert(address);
      chooseAdapter();
      break;
  }
  reportRadio();
}

bool Central::Impl::isRadioSound() const { return watch.state() == RadioWatch::State::kAlive; }

// BlueZ has one word for HCI 0x3E, a device gone back to sleep, and Wi-Fi on the same antenna: only
// the mass of them says something about the place.
void Central::Impl::onConnectFailed() {
  const SteadyTime now = clock.steadyNow();
  failedConnects.push_back(now);
  while (now - failedConnects.front() > kPoorWindow) failedConnects.pop_front();
  if (failedConnects.size() < kManyFailures) return;
  failedConnects.clear();
  listener.onNote(
      Note::kRadioPoor,
      "many connections fail: put the hub nearer, use a wired network instead of Wi-Fi, "
      "or a USB Bluetooth adapter on an extension lead");
}

// A new adapter in the place of a broken one: once it has all the bonds, it is no spare.
void Central::Impl::onLinkReady() {
  if (isPreferred(adapter) || !options.adapter.empty() || isHomeThere()) return;
  const bool hasAll = std::ranges::all_of(links, [this](const auto& entry) {
    const auto path = tree.pathOf(entry.first, adapter);
    return entry.second->isRetired() || (path && tree.isSet(*path, kDevice, "Paired"));
  });
  if (!hasAll) return;
  home = tree.addressOf(adapter);
  reportRadio();
}

bool Central::Impl::isHomeThere() const {
  return std::ranges::any_of(
      tree.adapters(), [this](const std::string& path) { return tree.addressOf(path) == home; });
}

RadioState Central::Impl::radio() const {
  RadioState state;
  state.hasService = remote.isUp();
  state.hasRadio = isPowered;
  state.isSearching = discovery.isOn();
  state.isDead = watch.state() == RadioWatch::State::kDead;
  state.adapter = nameOfAdapter(adapter);
  state.address = tree.addressOf(adapter);
  state.home = home;
  state.isHomeThere = isHomeThere();
  state.isSpare = !adapter.empty() && !isPreferred(adapter);
  return state;
}

void Central::Impl::reportRadio() {
  RadioState now = radio();
  now.isSearching = reported.isSearching;
  if (now == reported) return;
  reported = now;
  listener.onRadio(radio());
}

}  // namespace vardnav::ble::bluez
