// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A device to talk to, a sink to deliver to, and time that moves when told. Everything a session
// does is written down; nothing happens by itself.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ble/session/gatt_client.h"
#include "ble/session/record_sink.h"
#include "ble/session/session.h"
#include "ble/session/timer.h"
#include "pipelines/model/clock.h"

namespace vardnav::ble {

/// Both clocks and all timers.
class FakeTime final : public Timers, public Clock {
 public:
  explicit FakeTime(UtcTime start) : start_(start) {}

  std::unique_ptr<Timer> make() override;
  UtcTime utcNow() const override { return start_ + elapsed_; }
  SteadyTime steadyNow() const override { return SteadyTime(elapsed_); }
  /// Fires what is due on the way, in order.
  void pass(Milliseconds duration);
  unsigned running() const;

 private:
  class FakeTimer;
  UtcTime start_;
  Milliseconds elapsed_{0};
  std::set<FakeTimer*> timers_;
};

/// Answers at once or when told, by characteristic; short UUIDs throughout. Every write of every
/// test is held against a list of its own of what would clear a device.
class FakeClient final : public GattClient {
 public:
  explicit FakeClient(FakeTime& time) : time_(time) {}

  std::vector<Uuid> characteristics() const override;
  void onValue(ValueListener listener) override;
  void onDisconnect(DisconnectListener listener) override;
  void read(const Uuid& characteristic, ReadDone done) override;
  void write(const Uuid& characteristic, Bytes value, Done done) override;
  void subscribe(const Uuid& characteristic, Done done) override;
  void disconnect() override;

  /// A value arrives from the device, now.
  void notify(const std::string& characteristic, const Bytes& value);
  void notify(const std::string& characteristic, std::string_view hex);
  /// The device goes away: open operations fail, then the listener is told.
  void drop();
  /// Answers the operations that wait because of `isHolding`, in order, and new ones at once.
  void answerAll();

  std::set<std::string> present;
  std::map<std::string, Bytes> readable;
  std::map<std::string, GattError::Kind> failing;  ///< any operation on it fails so
  /// What the device does with a write; after the write is confirmed.
  std::function<void(const std::string& characteristic, const std::string& hex)> onWrite;
  std::function<void(const std::string& characteristic)> onSubscribe;  ///< before it is confirmed
  Milliseconds readTakes{0};
  bool isHolding = false;
  bool isUp = true;
  /// "listen", "read 2A08", "subscribe 2A18", "write 2A52 0101", "disconnect".
  std::vector<std::string> journal;

 private:
  void answer(const std::string& characteristic,
              std::function<void(std::optional<GattError>)> done);

  FakeTime& time_;
  ValueListener valueListener_;
  DisconnectListener disconnectListener_;
  std::deque<std::function<void(std::optional<GattError>)>> open_;
  std::deque<std::optional<GattError>> answers_;
};

/// Commits at once, or when told; its cursor is the highest number committed, as with the real one.
class FakeSink final : public RecordSink {
 public:
  void deliver(RawRecord record, Committed done) override;
  std::optional<std::uint32_t> lastRecordNumber(const DeviceId& device,
                                                const std::string& characteristic) override;
  /// Answers the oldest delivery that is open.
  void settle(Result<void> result = {});
  void settleAll();

  bool isHolding = false;
  std::optional<std::size_t> failAt;  ///< index of the delivery that cannot be stored
  std::vector<RawRecord> delivered;
  std::vector<RawRecord> committed;
  std::optional<std::uint32_t> cursor;

 private:
  struct Open {
    RawRecord record;
    Committed done;
  };
  std::deque<Open> open_;
};

/// One session with the above, and its report.
struct Bench {
  Bench();
  using Make = std::function<std::unique_ptr<Session>(const SessionPorts&)>;
  void start(const Make& make);
  SessionPorts ports();
  bool isDone() const { return report.has_value(); }

  DeviceSettings settings;
  std::optional<SessionReport> report;
  unsigned doneCalls = 0;
  FakeTime time;
  FakeClient client;
  FakeSink sink;
  /// Destroyed from within its done callback, as an owner may.
  std::unique_ptr<Session> session;
};

/// Octets that delete a device's records, users, bond or sensor session.
bool wouldClear(const std::string& uuid, const std::string& hex);

std::vector<std::uint32_t> numbersOf(const std::vector<RawRecord>& records);
std::vector<std::string> hexOf(const std::vector<RawRecord>& records);

}  // namespace vardnav::ble
