// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A virtual device as its radio: it sleeps, wakes when it has something to give, advertises for a
// while, may be connected to, sends at its pace, and hangs up when nothing happens. The model
// says what it is. Loop thread only.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ble/virtual/device_model.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/scenario.h"
#include "pipelines/model/clock.h"

namespace vardnav::ble::virtual_home {

class Peripheral {
 public:
  /// Whoever stands at the other end of the radio, and whoever looks on.
  class Peer {
   public:
    virtual ~Peer() = default;
    virtual void onAdvert(Peripheral& peripheral) = 0;
    virtual void onValue(Peripheral& peripheral, const Outgoing& outgoing) = 0;
    /// The device hung up.
    virtual void onLinkLost(Peripheral& peripheral) = 0;
    virtual void onWake(const Peripheral& peripheral) = 0;
  };

  Peripheral(DevicePlan plan, std::unique_ptr<DeviceModel> model, Loop& loop, const Clock& clock,
             Peer& peer);

  /// The scenario's beginning; once.
  void begin();

  const DevicePlan& plan() const { return plan_; }
  const DeviceModel& model() const { return *model_; }
  bool isAdvertising() const { return isAdvertising_; }

  void connect();
  /// The client's side ended the link; onLinkLost is not told.
  void disconnect();

  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link);
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link);
  std::expected<void, AttError> subscribe(std::string_view characteristic, const Link& link);
  void unsubscribe(std::string_view characteristic, const Link& link);
  /// Sends one value, if there is one, before anything else happens: devices that indicate the
  /// moment they are subscribed to are faster than the reply to the subscription.
  void sendOne();

 private:
  void wake();
  void advertise();
  void stopAdvertising();
  void active();
  void pump();

  DevicePlan plan_;
  std::unique_ptr<DeviceModel> model_;
  Loop& loop_;
  const Clock& clock_;
  Peer& peer_;
  bool isAdvertising_ = false;
  bool isConnected_ = false;
  Loop::TimerId advert_ = 0;
  Loop::TimerId sleep_ = 0;
  Loop::TimerId idle_ = 0;
  Loop::TimerId next_ = 0;
};

}  // namespace vardnav::ble::virtual_home
