// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What BlueZ knows of one device: org.bluez.Device1 (BlueZ 5.66, doc/device-api.txt), its link,
// its bond and its GATT objects. Lives as long as the program; the D-Bus object comes with the
// first advert heard, or with a bond, and goes 30 s after the last advert of an unpaired device.
// Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ble/virtual/agent_registry.h"
#include "ble/virtual/bond_store.h"
#include "ble/virtual/gatt_objects.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/peripheral.h"

namespace vardnav::ble::virtual_home {

class DeviceObject final : public GattLink {
 public:
  struct Context {
    sdbus::IConnection& bus;
    Loop& loop;
    AgentRegistry& agents;
    BondStore& bonds;
    std::string adapter;                        ///< object path
    std::function<void(const Error&)> onFault;  ///< the bonds cannot be kept
  };

  DeviceObject(const Context& context, Peripheral& peripheral);

  const std::string& path() const { return path_; }
  const Peripheral& peripheral() const { return peripheral_; }
  bool isKnown() const { return object_ != nullptr; }

  /// An advert was received; `isReported` if some client is searching for such devices.
  void onAdvert(bool isReported);
  /// Nobody searches any more: what was heard counts no longer (RSSI goes).
  void searchEnded();
  void onValue(const Outgoing& outgoing);
  void onLinkLost();
  void clientGone(const std::string& client);
  /// Adapter1.RemoveDevice: link, bond and object.
  void remove();
  /// The adapter is switched off.
  void powerOff();
  /// bluetoothd ends: links, objects and whatever was asked of it, without a word; bonds stay.
  void serviceEnds();
  /// It begins, or is back.
  void serviceBegins();
  /// The device has forgotten its bond: until it is paired with anew, its links end unresolved.
  void forgottenByPeer() { isForgotten_ = isPaired_; }

  // GattLink
  bool isConnected() const override { return isConnected_; }
  std::uint16_t mtu() const override { return peripheral_.plan().mtu; }
  void read(const std::string& characteristic, ReadDone done) override;
  void write(const std::string& characteristic, Bytes value, Done done) override;
  void subscribe(const std::string& characteristic, bool isOn, Done done) override;

 private:
  struct Bonding {
    std::string client;
    Done done;
  };

  void appear();
  void vanish();
  void publish();
  void setHeard(bool isHeard);
  void tell(const std::vector<std::string>& properties);
  void keepWhileHeard();

  void connectCalled(const sdbus::MethodCall& call);
  void disconnectCalled(const sdbus::MethodCall& call);
  void pairCalled(const sdbus::MethodCall& call);
  void cancelPairingCalled(const sdbus::MethodCall& call);

  void reach(Done done);
  void establish();
  void failReaching();
  void dropLink();
  void linkDown(const std::function<void()>& reply = {});
  void resolve();
  void becomeResolved(const std::vector<std::string>& told);
  void bond(const std::string& client, Done done);
  void askAgent(const std::string& client);
  void finishBonding(const std::optional<sdbus::Error>& error);
  void keepBond();
  bool isAuthenticationWanted(AttError error);
  void later(Milliseconds delay, Loop::Task task);

  Context context_;
  Peripheral& peripheral_;
  std::string path_;
  std::unique_ptr<sdbus::IObject> object_;
  std::unique_ptr<GattObjects> gatt_;
  std::string alias_;
  bool isForgotten_ = false;
  bool isPaired_ = false;
  bool isTrusted_ = false;
  bool isConnected_ = false;
  bool isResolved_ = false;
  bool isHeard_ = false;  // by the present search; only then is there an RSSI
  std::int16_t rssi_ = 0;
  std::uint64_t link_ = 0;  // counts links, so that what was meant for an earlier one is dropped
  std::vector<Done> reaching_;
  Loop::TimerId reachTimer_ = 0;
  Loop::TimerId establishTimer_ = 0;
  Loop::TimerId goneTimer_ = 0;
  std::optional<Bonding> bonding_;
};

}  // namespace vardnav::ble::virtual_home
