// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/conversation.h"

#include <algorithm>

#include "ble/session/destructive_write.h"
#include "ble/session/device_clock.h"

namespace vardnav::ble {
namespace {

// A clock this near is right: setting it would only move what is stored against what comes.
constexpr Milliseconds kRightEnough{30'000};
// By this much a stamp may precede the setting, or a fresh one follow its receipt.
constexpr Milliseconds kSettingSlack{2'000};

Milliseconds distance(Milliseconds a, Milliseconds b) { return a < b ? b - a : a - b; }

/// What this clock showed at `time`.
Milliseconds shownAt(const ClockReading& clock, UtcTime time) {
  return clock.device.at.time_since_epoch() + (time - clock.hub);
}

Outcome outcomeOf(GattError::Kind kind) {
  switch (kind) {
    case GattError::Kind::kDisconnected:
      return Outcome::kLinkLost;
    case GattError::Kind::kNotFound:
    case GattError::Kind::kNotSupported:
      return Outcome::kUnsupported;
    case GattError::Kind::kNotPermitted:
    case GattError::Kind::kAuthentication:
      return Outcome::kNotAllowed;
    case GattError::Kind::kTimeout:
      return Outcome::kTimedOut;
    case GattError::Kind::kFailed:
      return Outcome::kRefused;
  }
  return Outcome::kRefused;
}

}  // namespace

Conversation::Conversation(const SessionPorts& ports)
    : ports_(ports),
      delivery_(ports.sink, {.complete =
                                 [this](RawRecord& record) {
                                   record.clock = clockFor(record);
                                   complete(record);
                                 },
                             .settled = [this] { finishIfSettled(); },
                             .failed =
                                 [this](const Error& error) {
                                   run([&] {
                                     end(Outcome::kNotCommitted);
                                     report_.outcome = Outcome::kNotCommitted;
                                     report_.detail = error.context;
                                   });
                                 }}),
      timer_(ports.timers.make()) {}

void Conversation::start(Done done) {
  done_ = std::move(done);
  ports_.client.onDisconnect(guarded([this] { linkLost(); }));
  ports_.client.onValue(
      guarded([this](const Uuid& characteristic, Bytes value, UtcTime receivedAt) {
        if (isLinkUp_) onValue(shortUuidOf(characteristic), std::move(value), receivedAt);
      }));
  run([this] {
    if (!isEnding_) begin();
  });
}

void Conversation::cancel() {
  run([this] { end(Outcome::kCancelled); });
}

bool Conversation::has(std::string_view characteristic) const {
  if (!isLinkUp_) return false;
  const std::vector<Uuid> present = ports_.client.characteristics();
  return std::find(present.begin(), present.end(), uuidOf(characteristic)) != present.end();
}

void Conversation::readClock(std::vector<std::string_view> characteristics, Next next) {
  std::erase_if(characteristics, [this](std::string_view uuid) { return !has(uuid); });
  tryClock(std::move(characteristics), 0, std::move(next));
}

void Conversation::tryClock(std::vector<std::string_view> characteristics, std::size_t index,
                            Next next) {
  if (isEnding_) return;
  if (index >= characteristics.size() || clock_) {
    delivery_.release();
    if (!isEnding_) next();
    return;
  }
  const std::string_view characteristic = characteristics[index];
  const UtcTime askedAt = ports_.clock.utcNow();
  const SteadyTime askedSteady = ports_.clock.steadyNow();
  ports_.client.read(
      uuidOf(characteristic),
      guarded([this, characteristic, askedAt, askedSteady, index, next = std::move(next),
               characteristics](const std::expected<Bytes, GattError>& value) {
        if (!value && value.error().kind == GattError::Kind::kDisconnected) return linkLost();
        const auto read = value ? decodeClock(characteristic, *value) : std::nullopt;
        if (read) {
          const Milliseconds roundTrip = ports_.clock.steadyNow() - askedSteady;
          clock_ = ClockReading{read->time, askedAt + roundTrip / 2, roundTrip + read->resolution};
          report_.clockWasRead = true;
        }
        tryClock(characteristics, index + 1, next);
      }));
}

void Conversation::setClockReading(const ClockReading& reading) {
  clock_ = reading;
  report_.clockWasRead = true;
}

void Conversation::setClock(const ClockSetting& setting, Next next) {
  if (isEnding_) return;
  if (!settings().maySetClock || clockSince_ || !has(setting.characteristic)) return next();
  const UtcTime now = utcNow();
  const LocalTime local = toStockholm(now);
  const bool isRight =
      clock_ && distance(shownAt(*clock_, now), local.time_since_epoch()) <= kRightEnough;
  if (isRight && !setting.isAlways) return next();
  const SteadyTime asked = steadyNow();
  const std::string characteristic(setting.characteristic);
  ports_.client.write(uuidOf(characteristic), encodeClock(setting.layout, now),
                      guarded([this, now, local, asked, characteristic, next = std::move(next)](
                                  const std::expected<void, GattError>& result) {
                        if (!check(result, Need::kOptional, characteristic)) return;
                        if (result) {
                          const Milliseconds roundTrip = steadyNow() - asked;
                          clockSince_ = ClockReading{{DeviceTime::Timeline::kLocal, local},
                                                     now + roundTrip / 2,
                                                     roundTrip + Milliseconds(1000)};
                          report_.clockWasSet = true;
                        }
                        next();
                      }));
}

std::optional<ClockReading> Conversation::clockFor(const RawRecord& record) const {
  if (!clockSince_) return clock_;
  const auto stamp = stampOf(record);
  if (!stamp) return clock_;
  const Milliseconds shown = stamp->time_since_epoch();
  const bool isSince = shown + kSettingSlack >= clockSince_->device.at.time_since_epoch() &&
                       shown <= shownAt(*clockSince_, record.receivedAt) + kSettingSlack;
  if (!isSince) return clock_;
  if (!clock_ || distance(shownAt(*clock_, record.receivedAt),
                          shownAt(*clockSince_, record.receivedAt)) <= kRightEnough) {
    return clockSince_;
  }
  // A clock that was behind cannot have shown this before; one that was ahead can.
  const bool wasShownBefore = shown <= shownAt(*clock_, record.receivedAt);
  return wasShownBefore ? std::nullopt : clockSince_;
}

void Conversation::read(std::string_view characteristic,
                        std::function<void(std::optional<Bytes>)> done) {
  if (isEnding_) return;
  if (!has(characteristic)) return done(std::nullopt);
  ports_.client.read(
      uuidOf(characteristic),
      guarded([this, done = std::move(done)](const std::expected<Bytes, GattError>& value) {
        if (!value && value.error().kind == GattError::Kind::kDisconnected) {
          return linkLost();
        }
        if (isEnding_) return;
        done(value ? std::optional(*value) : std::nullopt);
      }));
}

void Conversation::deliver(RawRecord record, Next committed) {
  if (!committed) return delivery_.push(std::move(record));
  delivery_.push(std::move(record), guarded([this, committed = std::move(committed)] {
                   if (!isEnding_) committed();
                 }));
}

bool Conversation::check(const std::expected<void, GattError>& result, Need need,
                         std::string_view what) {
  if (isEnding_) return false;
  if (result) return true;
  if (result.error().kind == GattError::Kind::kDisconnected) {
    linkLost();
    return false;
  }
  if (need == Need::kOptional) return true;
  end(outcomeOf(result.error().kind), std::string(what) + ": " + result.error().detail);
  return false;
}

void Conversation::subscribe(std::string_view characteristic, Need need, Next next) {
  if (!has(characteristic)) {
    if (need == Need::kOptional) return next();
    return end(Outcome::kUnsupported, "no characteristic " + std::string(characteristic));
  }
  ports_.client.subscribe(uuidOf(characteristic),
                          guarded([this, characteristic, need, next = std::move(next)](
                                      const std::expected<void, GattError>& result) {
                            if (check(result, need, "subscribe " + std::string(characteristic)))
                              next();
                          }));
}

void Conversation::write(std::string_view characteristic, Bytes value, Need need, Next next) {
  if (!isLinkUp_) return;
  if (isDestructive(characteristic, value)) {
    return end(Outcome::kRefused, "would have written a clearing command: this is a fault of ours");
  }
  ports_.client.write(uuidOf(characteristic), std::move(value),
                      guarded([this, characteristic, need, next = std::move(next)](
                                  const std::expected<void, GattError>& result) {
                        if (check(result, need, "write " + std::string(characteristic))) next();
                      }));
}

RawRecord Conversation::recordOf(std::string_view characteristic, Bytes value,
                                 UtcTime receivedAt) const {
  RawRecord record;
  record.device = ports_.device;
  record.characteristic = characteristic;
  record.bytes = std::move(value);
  record.receivedAt = receivedAt;
  return record;
}

std::optional<std::uint32_t> Conversation::cursorOf(std::string_view characteristic) const {
  return ports_.sink.lastRecordNumber(ports_.device, std::string(characteristic));
}

void Conversation::startTimer(Milliseconds delay, Next expired) {
  if (!isEnding_) timer_->start(delay, guarded(std::move(expired)));
}

void Conversation::end(Outcome outcome, std::string detail) {
  if (isEnding_) return;
  isEnding_ = true;
  stopTimer();
  report_.outcome = outcome;
  report_.detail = std::move(detail);
  if (isLinkUp_) ports_.client.disconnect();  // its disconnect listener leads to linkLost()
}

void Conversation::linkLost() {
  if (!isLinkUp_) return;
  isLinkUp_ = false;
  end(onLinkLost());
  delivery_.release();
}

void Conversation::finishIfSettled() {
  if (depth_ != 0 || !isEnding_ || isLinkUp_ || !delivery_.isSettled() || !done_) return;
  report_.committed = delivery_.committed();
  report_.leftOnDevice += delivery_.refused();
  // The owner may destroy the session in it.
  const Done done = std::exchange(done_, nullptr);
  const SessionReport report = report_;
  done(report);
}

}  // namespace vardnav::ble
