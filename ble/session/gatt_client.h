// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port through which a session talks to one connected device. ble/bluez implements it over
// D-Bus; tests over a scripted fake. Loop thread only. UUIDs are lower-case 128-bit strings.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/bytes.h"
#include "pipelines/model/time.h"

namespace vardnav::ble {

using Uuid = std::string;

/// "2a18" or "2A18" → "00002a18-0000-1000-8000-00805f9b34fb".
Uuid uuidFrom16(std::string_view shortUuid);
/// Short or whole, either case → as GattClient has it.
Uuid uuidOf(std::string_view uuid);
/// The 16-bit form, upper case, if `uuid` is on the Bluetooth base; else `uuid` itself.
std::string shortUuidOf(const Uuid& uuid);

struct GattError {
  enum class Kind : std::uint8_t {
    kDisconnected,  ///< link gone; nothing more will succeed in this session
    kNotFound,      ///< the device has no such characteristic
    kNotPermitted,
    kNotSupported,
    kAuthentication,  ///< bond missing or refused by the device
    kTimeout,
    kFailed,
  };
  Kind kind = Kind::kFailed;
  std::string detail;  ///< for the log; never a value
};

class GattClient {
 public:
  using ReadDone = std::function<void(std::expected<Bytes, GattError>)>;
  using Done = std::function<void(std::expected<void, GattError>)>;
  /// `receivedAt` is taken as the bus delivered it. Values are in the order of arrival over all
  /// characteristics.
  using ValueListener = std::function<void(const Uuid&, Bytes value, UtcTime receivedAt)>;
  using DisconnectListener = std::function<void()>;

  virtual ~GattClient() = default;

  /// Characteristics present, once services are resolved and the object tree has settled.
  virtual std::vector<Uuid> characteristics() const = 0;

  /// Both must be set before the first subscribe: a value can come before its reply.
  virtual void onValue(ValueListener listener) = 0;
  virtual void onDisconnect(DisconnectListener listener) = 0;

  /// One operation is in flight at a time; further ones wait in order. Every call completes
  /// exactly once, with kDisconnected when the link goes.
  virtual void read(const Uuid& characteristic, ReadDone done) = 0;
  virtual void write(const Uuid& characteristic, Bytes value, Done done) = 0;
  virtual void subscribe(const Uuid& characteristic, Done done) = 0;

  /// Ends the link from our side; onDisconnect is told.
  virtual void disconnect() = 0;
};

}  // namespace vardnav::ble
