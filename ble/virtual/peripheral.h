// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A virtual device as its radio: it sleeps, wakes when it has something to give, advertises for a
// while, may be connected to, sends at its pace, and hangs up when nothing happens. The model
// says what it is. Loop thread only.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ble/virtual/device_model.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/radio.h"
#include "ble/virtual/scenario.h"
#include "pipelines/model/clock.h"

namespace vardnav::ble::virtual_home {

class Peripheral {
 public:
  /// Whoever looks on.
  struct Observer {
    std::function<void(const Peripheral&)> onWake;
    /// A value goes out; once more if its link ended before it was confirmed.
    std::function<void(const Peripheral&, const Outgoing&)> onSend;
  };

  Peripheral(DevicePlan plan, std::unique_ptr<DeviceModel> model, Loop& loop, const Clock& clock,
             Radio& radio, Observer observer);

  /// The scenario's beginning; once.
  void begin();

  const DevicePlan& plan() const { return plan_; }
  const DeviceModel& model() const { return *model_; }
  bool isAdvertising() const { return isAdvertising_; }
  bool isConnected() const { return isConnected_; }
  /// All that the scenario gave it has appeared, and nothing of it waits for a client.
  bool isDone() const;
  /// It stands on an adapter, whose address becomes its own.
  void setAddress(std::string address) { plan_.address = std::move(address); }

  /// Faults, see fault.h. The link ends when this many more values have gone out, or at once where
  /// there is none to send.
  void dropLinkAfter(unsigned values);
  void miscountNext() { model_->miscountNext(); }
  void garbleNext() { model_->garbleNext(); }
  /// From now on; 0: as fast as it can.
  void answerLate(Milliseconds by) { lateBy_ = by; }
  /// How much later than usual its answer to a request comes now.
  Milliseconds lateness() const { return lateBy_; }
  void moveClock(std::chrono::seconds by) { model_->moveClock(by); }

  void connect();
  /// The link ended, from whichever side.
  void disconnect();

  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link);
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link);
  std::expected<void, AttError> subscribe(std::string_view characteristic, const Link& link);
  /// A subscription of an earlier link holds again; nothing is sent for it yet.
  std::expected<void, AttError> resubscribe(std::string_view characteristic, const Link& link);
  void unsubscribe(std::string_view characteristic, const Link& link);
  /// Sends one value, if there is one, before anything else happens: devices that indicate the
  /// moment they are subscribed to are faster than the reply to the subscription.
  void sendOne();
  /// The value handed to the radio is out: the next one may follow.
  void sent();

 private:
  void wake();
  void stopAdvertising();
  void active();
  void pump();
  void nothingToSend();

  DevicePlan plan_;
  std::unique_ptr<DeviceModel> model_;
  Loop& loop_;
  const Clock& clock_;
  Radio& radio_;
  Observer observer_;
  std::size_t toAppear_ = 0;
  bool isAdvertising_ = false;
  bool isConnected_ = false;
  std::optional<unsigned> valuesLeft_;  ///< until the link is dropped
  std::optional<Outgoing> sending_;
  bool hasSent_ = false;  // on this link
  Milliseconds lateBy_{0};
  Loop::TimerId sleep_ = 0;
  Loop::TimerId idle_ = 0;
  Loop::TimerId next_ = 0;
};

}  // namespace vardnav::ble::virtual_home
