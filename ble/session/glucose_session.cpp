// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/glucose_session.h"

#include <optional>
#include <utility>

#include "ble/gatt/uuids.h"
#include "ble/session/conversation.h"
#include "ble/session/record_order.h"
#include "ble/session/record_transfer.h"

namespace vardnav::ble {
namespace {

constexpr std::uint8_t kContextFollows = 0x10;

/// Measurement and context both begin: flags, sequence u16. nullopt if cut before its end.
std::optional<std::uint16_t> sequenceOf(const Bytes& value) {
  if (value.size() < 3) return std::nullopt;
  return static_cast<std::uint16_t>(value[1] | value[2] << 8);
}

class GlucoseSession final : public Conversation {
 public:
  GlucoseSession(const SessionPorts& ports, GlucoseOptions options)
      : Conversation(ports),
        options_(options),
        kind_(std::string(gatt::kGlucoseMeasurementUuid) +
              (options.dialect.empty() ? "" : "/" + std::string(options.dialect))),
        order_([this](RawRecord record) { deliver(std::move(record)); }),
        transfer_(gatt::RecordNumberWidth::kU16, std::nullopt) {}

 private:
  void begin() override {
    subscribe(gatt::kGlucoseMeasurementUuid, Need::kRequired, [this] {
      subscribe(gatt::kGlucoseContextUuid, Need::kOptional, [this] {
        subscribe(gatt::kRecordAccessUuid, Need::kRequired, [this] {
          readClock({gatt::kDateTimeUuid, gatt::kCurrentTimeUuid}, [this] { prepare(); });
        });
      });
    });
  }

  void prepare() {
    if (options_.alsoSubscribe.empty()) return pull();
    subscribe(options_.alsoSubscribe, Need::kOptional, [this] { pull(); });
  }

  void pull() {
    const auto cursor = options_.recordNumbersStable ? cursorOf(kind_) : std::nullopt;
    const auto count =
        options_.checksCount ? RecordTransfer::Count::kChecked : RecordTransfer::Count::kTrusted;
    transfer_ = RecordTransfer(gatt::RecordNumberWidth::kU16, cursor, count);
    act(transfer_.begin());
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic == gatt::kGlucoseMeasurementUuid) {
      onMeasurement(std::move(value), receivedAt);
    } else if (characteristic == gatt::kGlucoseContextUuid) {
      onContext(std::move(value));
    } else if (characteristic == gatt::kRecordAccessUuid) {
      flushPending();
      act(transfer_.onIndication(value));
    }
  }

  void onMeasurement(Bytes value, UtcTime receivedAt) {
    restartTimer();
    flushPending();
    const auto sequence = sequenceOf(value);
    if (!transfer_.onRecord(sequence)) return;
    // Looked at even if the rest cannot be read: intake may know the vendor's way of it.
    const bool contextFollows = sequence && (value[0] & kContextFollows) != 0;
    RawRecord record = recordOf(kind_, std::move(value), receivedAt);
    record.isStored = true;
    if (options_.recordNumbersStable) record.recordNumber = sequence;
    if (contextFollows) {
      pending_ = Pending{std::move(record), *sequence};
    } else {
      order_.offer(std::move(record));
    }
  }

  /// Kept as it came, readable or not; only its number is looked at.
  void onContext(Bytes value) {
    restartTimer();
    if (transfer_.isProbing()) return;
    if (!pending_ || sequenceOf(value) != pending_->sequence) return countDropped();
    pending_->record.context = std::move(value);
    flushPending();
  }

  void flushPending() {
    if (!pending_) return;
    order_.offer(std::exchange(pending_, std::nullopt)->record);
  }

  void act(RecordTransfer::Step step) {
    switch (step.kind) {
      case RecordTransfer::Step::Kind::kNothing:
        return;
      case RecordTransfer::Step::Kind::kRequest:
        order_.complete();
        order_.begin(transfer_.from());
        restartTimer();
        return write(gatt::kRecordAccessUuid, std::move(step.request), Need::kRequired, [] {});
      case RecordTransfer::Step::Kind::kFinished:
        order_.complete();
        return conclude(std::move(step.detail));
      case RecordTransfer::Step::Kind::kFailed:
        giveUp();
        return end(Outcome::kRefused, std::move(step.detail));
    }
  }

  /// Only now: no stored stamp may be read against a clock that was set after it.
  void conclude(std::string detail) {
    if (options_.clock.when != ClockSetting::When::kAfterRecords) {
      return end(Outcome::kCompleted, std::move(detail));
    }
    startTimer(options_.recordTimeout, [this, detail] { end(Outcome::kCompleted, detail); });
    setClock(options_.clock, [this, detail] { end(Outcome::kCompleted, detail); });
  }

  void restartTimer() {
    if (!transfer_.isRunning()) return;
    if (transfer_.isCounting()) {
      return startTimer(options_.countTimeout, [this] {
        order_.complete();
        conclude({});
      });
    }
    startTimer(options_.recordTimeout, [this] {
      giveUp();
      end(Outcome::kTimedOut, "no answer to record access");
    });
  }

  /// A measurement whose context is late goes without it: the value may matter now.
  void giveUp() {
    if (options_.contextDecides && pending_) {
      pending_.reset();
      countLeftOnDevice(1);
    }
    flushPending();
    countLeftOnDevice(order_.abandon());
  }

  Outcome onLinkLost() override {
    giveUp();
    return Outcome::kLinkLost;
  }

  struct Pending {
    RawRecord record;
    std::uint16_t sequence = 0;
  };

  GlucoseOptions options_;
  std::string kind_;
  RecordOrder order_;
  RecordTransfer transfer_;
  std::optional<Pending> pending_;
};

}  // namespace

std::unique_ptr<Session> makeGlucoseSession(const SessionPorts& ports, GlucoseOptions options) {
  return std::make_unique<GlucoseSession>(ports, options);
}

}  // namespace vardnav::ble
