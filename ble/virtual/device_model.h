// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a Bluetooth health device is to its client: services, reads, writes, subscriptions, and
// what it sends of itself. Pure, without D-Bus, so that the same models can stand behind a real
// adapter. UUIDs are 16-bit, upper-case hexadecimal ("2A18"), or
// a vendor's, whole. Loop thread only.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ble/virtual/measurement.h"
#include "pipelines/model/bytes.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

/// ATT error codes: Core specification 5.3, vol. 3, part F, table 3.4; 0x80 and above: the
/// profile's own (0xFD and 0xFE: Core Specification Supplement, part B).
enum class AttError : std::uint8_t {
  kReadNotPermitted = 0x02,
  kWriteNotPermitted = 0x03,
  kInsufficientAuthentication = 0x05,
  kRequestNotSupported = 0x06,
  kInvalidLength = 0x0D,
  kCccdImproperlyConfigured = 0xFD,
  kProcedureInProgress = 0xFE,
};

struct Link {
  bool isEncrypted = false;  ///< by a bond or a pairing of this link
};

struct Characteristic {
  std::string uuid;
  std::vector<std::string> flags;  ///< BlueZ's words: "read", "write", "notify", "indicate"
  /// Reads and writes of it are refused on a link that is not encrypted. A client cannot see that.
  bool needsBond = false;
};

struct Service {
  std::string uuid;
  std::vector<Characteristic> characteristics;
};

/// One record as it is written down when it goes out.
struct SentRecord {
  Bytes bytes;  ///< the whole record: segments joined, segment headers off
  std::optional<std::uint32_t> recordNumber = std::nullopt;
  std::optional<LocalTime> deviceTime = std::nullopt;  ///< as the record states it, user-facing
  bool counts = true;  ///< it carries a measurement that must be stored
  Bytes context = {};  ///< follows it where its kind has one (2A34); empty: none
};

/// One notification or indication.
struct Outgoing {
  std::string characteristic;
  Bytes value;
  std::optional<SentRecord> record;  ///< set on the one that completes a record
};

class DeviceModel {
 public:
  virtual ~DeviceModel() = default;

  virtual const std::vector<Service>& services() const = 0;
  /// Something was measured, at a real instant that the device stamps in its own clock.
  virtual void hold(const Measurement& what, UtcTime measuredAt) = 0;

  virtual std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                              UtcTime now) = 0;
  virtual std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                              const Link& link, UtcTime now) = 0;
  /// The client characteristic configuration is written.
  virtual std::expected<void, AttError> subscribe(std::string_view characteristic, bool isOn,
                                                  const Link& link) = 0;

  /// What the device sends next, or nullopt if it has nothing to send now. The caller sends it
  /// at once: the model takes it as gone out, and confirmed if it is an indication.
  virtual std::optional<Outgoing> takeNext() = 0;
  /// The link ended before what was taken last was confirmed; linkLost() follows.
  virtual void unconfirmed(const Outgoing& /*outgoing*/) {}

  /// What it advertises under its first service; empty: nothing.
  virtual Bytes serviceData() const { return {}; }
  /// A record that goes out by the adverts that begin now, or nullopt.
  virtual std::optional<Outgoing> takeAdvert() { return std::nullopt; }

  /// Faults on request, see fault.h; a model without the part takes no notice.
  virtual void miscountNext() {}
  virtual void garbleNext() {}
  virtual void moveClock(std::chrono::seconds /*by*/) {}

  /// A running procedure ends; subscriptions are the client's to renew.
  virtual void linkLost() = 0;

  /// The device holds something its client has not shown to have: a reason to wake again.
  virtual bool hasUncollected() const = 0;
  /// Measurements that have never gone out.
  virtual std::size_t unsent() const = 0;
};

}  // namespace vardnav::ble::virtual_home
