// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One real adapter that a virtual device stands on, through bluetoothd: switched on and named
// after the device, its services registered, advertised while it is awake. Goes on through a
// bluetoothd that restarts and an adapter that is unplugged. Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "ble/virtual/adapter_agent.h"
#include "ble/virtual/gatt_application.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/peripheral.h"
#include "ble/virtual/radio.h"

namespace vardnav::ble::virtual_home {

class AdapterRadio final : public Radio, GattRequests {
 public:
  using Properties = std::map<std::string, sdbus::Variant>;
  struct Context {
    sdbus::IConnection& bus;
    Loop& loop;
    AdapterAgent& agent;
    std::function<void(const std::string& line)> onNote;
    std::function<void(AdapterRadio&)> onLinkEnded;
  };

  /// `name`: "hci1".
  AdapterRadio(const Context& context, std::string name);
  ~AdapterRadio() override;

  const std::string& name() const { return name_; }
  const std::string& path() const { return path_; }
  bool isPlugged() const { return isPlugged_; }
  Peripheral* peripheral() { return peripheral_; }

  /// The device that stands here from now on, in place of another. It begins when its services
  /// are registered for the first time.
  void place(Peripheral& peripheral);

  /// What bluetoothd tells of the adapter and of the clients it has seen (children of path()).
  void plugged(const Properties& adapter);
  /// Also: bluetoothd is gone.
  void unplugged();
  void peerChanged(const std::string& peer, const Properties& changed);
  void peerRemoved(const std::string& peer);
  /// Ends all links without waiting for it.
  void cutLinks();

  // Radio
  void startAdvertising(Peripheral& peripheral) override;
  void stopAdvertising(Peripheral& peripheral) override;
  void send(Peripheral& peripheral, const Outgoing& outgoing) override;
  void hangUp(Peripheral& peripheral) override;

 private:
  enum class Advert : std::uint8_t { kOff, kStarting, kOn, kStopping };
  using Done = std::function<void(const sdbus::Error*)>;

  void setUp();
  void registerServices();
  void standing();
  void again(const char* what, const sdbus::Error& error);
  void set(const char* property, sdbus::Variant value, std::function<void()> next);
  void callWithPath(const char* interface, const std::string& method, const std::string& object,
                    bool hasOptions, Done done);
  void adviseAdvert();
  void takeDown();
  Link link(const std::string& peer) const;
  void noticeLink();
  void linkDown();
  void sendWhenQuiet();

  // GattRequests
  std::expected<Bytes, AttError> read(const std::string& characteristic,
                                      const std::string& peer) override;
  std::expected<void, AttError> write(const std::string& characteristic, const Bytes& value,
                                      const std::string& peer) override;
  void subscribe(const std::string& characteristic, bool isOn) override;
  void confirmed(const std::string& characteristic) override;
  Bytes serviceData() const override;
  void advertisementReleased() override;

  Context context_;
  std::string name_;
  std::string path_;
  std::unique_ptr<sdbus::IProxy> proxy_;
  Peripheral* peripheral_ = nullptr;
  std::unique_ptr<GattApplication> application_;
  bool isPlugged_ = false;
  bool isStanding_ = false;  // the services are registered
  bool hasBegun_ = false;
  bool isAwake_ = false;  // it would be advertised
  Advert advert_ = Advert::kOff;
  std::string awaiting_;             // characteristic of an indication that is not confirmed
  std::set<std::string> connected_;  // peers
  std::set<std::string> paired_;
  // Characteristics. As the specification wants it (Core 5.3, vol. 3, part G, 3.3.3.3), bluetoothd
  // keeps a bonded client's subscriptions over links, and does not tell them again.
  std::set<std::string> subscribed_;
  Loop::TimerId quiet_ = 0;
  std::uint64_t epoch_ = 0;  // counts set-ups, so that answers to an earlier one are not heard
};

}  // namespace vardnav::ble::virtual_home
