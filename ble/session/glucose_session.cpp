// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/glucose_session.h"

#include <optional>
#include <utility>

#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/uuids.h"
#include "ble/session/conversation.h"
#include "ble/session/record_order.h"
#include "ble/session/record_transfer.h"

namespace vardnav::ble {
namespace {

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
        order_([this](RawRecord record) { deliver(std::move(record)); }),
        transfer_(gatt::RecordNumberWidth::kU16, std::nullopt) {}

 private:
  void begin() override {
    subscribe(gatt::kGlucoseMeasurementUuid, Need::kRequired, [this] {
      subscribe(gatt::kGlucoseContextUuid, Need::kOptional, [this] {
        subscribe(gatt::kRecordAccessUuid, Need::kRequired, [this] {
          readClock({gatt::kDateTimeUuid, gatt::kCurrentTimeUuid}, [this] { pull(); });
        });
      });
    });
  }

  void pull() {
    const auto cursor =
        options_.recordNumbersStable ? cursorOf(gatt::kGlucoseMeasurementUuid) : std::nullopt;
    transfer_ = RecordTransfer(gatt::RecordNumberWidth::kU16, cursor);
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
    const auto decoded = gatt::decodeGlucoseMeasurement(value);
    RawRecord record = recordOf(gatt::kGlucoseMeasurementUuid, std::move(value), receivedAt);
    record.isStored = true;
    if (options_.recordNumbersStable) record.recordNumber = sequence;
    if (decoded && decoded->value.contextFollows) {
      pending_ = Pending{std::move(record), decoded->value.sequence};
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
        return end(Outcome::kCompleted);
      case RecordTransfer::Step::Kind::kFailed:
        giveUp();
        return end(Outcome::kRefused, std::move(step.detail));
    }
  }

  void restartTimer() {
    if (!transfer_.isRunning()) return;
    startTimer(options_.recordTimeout, [this] {
      giveUp();
      end(Outcome::kTimedOut, "no answer to record access");
    });
  }

  /// A measurement whose context is late goes without it: the value may matter now.
  void giveUp() {
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
  RecordOrder order_;
  RecordTransfer transfer_;
  std::optional<Pending> pending_;
};

}  // namespace

std::unique_ptr<Session> makeGlucoseSession(const SessionPorts& ports, GlucoseOptions options) {
  return std::make_unique<GlucoseSession>(ports, options);
}

}  // namespace vardnav::ble
