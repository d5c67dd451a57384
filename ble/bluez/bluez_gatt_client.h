// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// GattClient over BlueZ: one operation in flight, values as one ordered stream of
// PropertiesChanged. StartNotify and not AcquireNotify: separate sockets lose packets at the
// start and the order between characteristics. Loop thread only; made and destroyed by DeviceLink.
//
// Subscriptions are never taken back: BlueZ renews them by itself when the device comes again, so
// that an indication sent right after connecting is not confirmed and dropped by bluetoothd
// before a session has begun. Such values wait here until onValue() is set.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ble/bluez/remote.h"
#include "ble/session/gatt_client.h"
#include "ble/session/timer.h"

namespace vardnav::ble::bluez {

class BluezGattClient final : public GattClient {
 public:
  struct Options {
    Milliseconds operationTimeout{
        30'000};  ///< of ATT transactions (Core 5.4, Vol 3, Part F, 3.3.3)
    Milliseconds busyDelay{200};
    unsigned busyRetries = 5;
  };

  struct Hooks {
    std::function<void()> disconnect;
    /// Whether BlueZ notifies the bus of this object's values: also by a subscription of before.
    std::function<bool(const std::string& path)> isNotifying;
  };

  BluezGattClient(Remote& remote, Timers& timers, Options options,
                  std::map<Uuid, std::string> characteristics, Hooks hooks);

  std::vector<Uuid> characteristics() const override;
  void onValue(ValueListener listener) override;
  void onDisconnect(DisconnectListener listener) override;
  void read(const Uuid& characteristic, ReadDone done) override;
  void write(const Uuid& characteristic, Bytes value, Done done) override;
  void subscribe(const Uuid& characteristic, Done done) override;
  void disconnect() override;

  /// A value as BlueZ announced it for the object at `path`.
  void valueChanged(const std::string& path, Bytes value, UtcTime receivedAt);
  /// Completes everything with kDisconnected, then tells the disconnect listener. Once.
  void linkLost();
  /// An operation has succeeded, or a value has come.
  bool hasSucceeded() const { return hasSucceeded_; }
  /// The device refused an operation for want of a bond.
  bool sawAuthenticationError() const { return sawAuthenticationError_; }

 private:
  enum class Kind : std::uint8_t { kRead, kWrite, kSubscribe };
  using Outcome = std::expected<Bytes, GattError>;
  struct Operation {
    std::uint64_t number = 0;
    Kind kind = Kind::kRead;
    Uuid characteristic;
    Bytes value;
    std::function<void(Outcome)> done;
    unsigned retries = 0;
  };

  void enqueue(Kind kind, const Uuid& characteristic, Bytes value,
               std::function<void(Outcome)> done);
  void startNext();
  void send();
  void onReply(std::uint64_t number, std::expected<Bytes, CallError> reply);
  void complete(std::uint64_t number, Outcome outcome);
  void deliverEarly();

  Remote& remote_;
  Options options_;
  std::map<Uuid, std::string> paths_;
  std::map<std::string, Uuid> uuids_;  // by path
  Hooks hooks_;
  std::unique_ptr<Timer> busyTimer_;
  ValueListener valueListener_;
  DisconnectListener disconnectListener_;
  std::deque<Operation> waiting_;
  std::optional<Operation> current_;
  std::uint64_t lastNumber_ = 0;
  std::set<Uuid> subscribed_;
  std::set<Uuid> read_;
  struct Waiting {
    Uuid characteristic;
    Bytes value;
    UtcTime receivedAt{};
  };
  std::deque<Waiting> early_;
  bool isLost_ = false;
  bool hasSucceeded_ = false;
  bool sawAuthenticationError_ = false;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
