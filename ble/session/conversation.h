// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What every session does alike: listeners, reading the clock, subscribing, delivery in order, and
// the end. A session derives from it and says what happens in between. Internal to this folder;
// loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ble/session/clock_setting.h"
#include "ble/session/delivery.h"
#include "ble/session/session.h"

namespace vardnav::ble {

class Conversation : public Session {
 public:
  void start(Done done) final;
  void cancel() final;

 protected:
  using Next = std::function<void()>;

  explicit Conversation(const SessionPorts& ports);

  // What a session fills in. None is called before start() or after the end.
  /// Listeners stand; values may have come already.
  virtual void begin() = 0;
  virtual void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) = 0;
  /// The link is gone: the last moment to deliver what is held. How the session ended, if it had
  /// not ended itself before.
  virtual Outcome onLinkLost() = 0;
  /// Just before a record goes to the sink; its clock is filled in.
  virtual void complete(RawRecord& record) { static_cast<void>(record); }

  /// When the record says it was measured, by the device's clock; only asked once that was set.
  virtual std::optional<LocalTime> stampOf(const RawRecord& record) const {
    static_cast<void>(record);
    return std::nullopt;
  }

  bool has(std::string_view characteristic) const;
  /// Tries these characteristics in order, takes the first that tells a time, and releases what is
  /// delivered: until then records wait, so that they carry the clock.
  void readClock(std::vector<std::string_view> characteristics, Next next);
  /// For a device whose clock is no characteristic of its own.
  void setClockReading(const ClockReading& reading);
  const std::optional<ClockReading>& clockReading() const { return clock_; }
  bool hasSetClock() const { return clockSince_.has_value(); }
  /// Sets the device's clock where the hub's is known and the device's is not right already; goes
  /// on either way. Records stamped since then carry the clock as set, earlier ones the one read
  /// before; a stamp that fits both carries none.
  void setClock(const ClockSetting& setting, Next next);
  /// `done` also without a value.
  void read(std::string_view characteristic, std::function<void(std::optional<Bytes>)> done);
  /// Without one that is required the session ends.
  enum class Need : std::uint8_t { kRequired, kOptional };
  void subscribe(std::string_view characteristic, Need need, Next next);
  void write(std::string_view characteristic, Bytes value, Need need, Next next);

  RawRecord recordOf(std::string_view characteristic, Bytes value, UtcTime receivedAt) const;
  /// `committed` is called when this record is on disk, and only if the session still runs.
  void deliver(RawRecord record, Next committed = {});
  std::optional<std::uint32_t> cursorOf(std::string_view characteristic) const;

  /// Ends the link. Values that still arrive are taken; the first outcome stands, unless a commit
  /// fails.
  void end(Outcome outcome, std::string detail = {});
  void startTimer(Milliseconds delay, Next expired);
  void stopTimer() { timer_->cancel(); }
  bool isEnding() const { return isEnding_; }
  SteadyTime steadyNow() const { return ports_.clock.steadyNow(); }
  UtcTime utcNow() const { return ports_.clock.utcNow(); }
  const DeviceSettings& settings() const { return ports_.settings; }
  void countDropped() { ++report_.dropped; }
  void countLeftOnDevice(unsigned records) { report_.leftOnDevice += records; }

 private:
  /// Every way in from outside goes through here: the end, and with it perhaps the destruction of
  /// this session, waits until nothing of it is on the stack.
  template <class Callback>
  void run(Callback callback) {
    const std::weak_ptr<const char> alive = alive_;
    ++depth_;
    callback();
    if (alive.expired()) return;
    if (--depth_ == 0) finishIfSettled();
  }
  /// Wraps a callback so that it does nothing once the session is gone.
  template <class Callback>
  auto guarded(Callback callback) {
    return [this, alive = std::weak_ptr<const char>(alive_),
            callback = std::move(callback)](auto&&... arguments) {
      if (alive.expired()) return;
      run([&] { callback(std::forward<decltype(arguments)>(arguments)...); });
    };
  }
  std::optional<ClockReading> clockFor(const RawRecord& record) const;
  void tryClock(std::vector<std::string_view> characteristics, std::size_t index, Next next);
  /// true: go on.
  bool check(const std::expected<void, GattError>& result, Need need, std::string_view what);
  void linkLost();
  void finishIfSettled();

  SessionPorts ports_;
  Delivery delivery_;
  std::unique_ptr<Timer> timer_;
  std::optional<ClockReading> clock_;
  std::optional<ClockReading> clockSince_;  ///< as set by this session
  Done done_;
  SessionReport report_;
  bool isLinkUp_ = true;
  bool isEnding_ = false;
  unsigned depth_ = 0;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble
