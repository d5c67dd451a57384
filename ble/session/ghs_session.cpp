// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/ghs_session.h"

#include <optional>
#include <utility>

#include "ble/gatt/segments.h"
#include "ble/gatt/uuids.h"
#include "ble/session/conversation.h"
#include "ble/session/record_order.h"
#include "ble/session/record_transfer.h"

namespace vardnav::ble {
namespace {

/// Generic Health Sensor Service 1.0, control point (2BF4): send live observations.
constexpr std::uint8_t kStartSending = 0x01;

std::optional<std::uint32_t> recordNumberOf(const Bytes& frame) {
  if (frame.size() < 4) return std::nullopt;
  return frame[0] | std::uint32_t{frame[1]} << 8 | std::uint32_t{frame[2]} << 16 |
         std::uint32_t{frame[3]} << 24;
}

class GhsSession final : public Conversation {
 public:
  GhsSession(const SessionPorts& ports, GhsOptions options)
      : Conversation(ports),
        options_(options),
        order_([this](RawRecord record) { deliver(std::move(record)); }),
        transfer_(gatt::RecordNumberWidth::kU32, std::nullopt) {}

 private:
  void begin() override {
    if (!has(gatt::kLiveObservationsUuid) && !has(gatt::kStoredObservationsUuid)) {
      return end(Outcome::kUnsupported, "no characteristic 2B8B or 2BDD");
    }
    readClock({gatt::kElapsedTimeUuid, gatt::kCurrentTimeUuid}, [this] {
      subscribeIfThere(gatt::kLiveObservationsUuid, [this] {
        if (!has(gatt::kStoredObservationsUuid)) return goLive();
        subscribeIfThere(gatt::kStoredObservationsUuid, [this] {
          subscribe(gatt::kRecordAccessUuid, Need::kRequired, [this] { pull(); });
        });
      });
    });
  }

  void subscribeIfThere(std::string_view characteristic, Next next) {
    if (!has(characteristic)) return next();
    subscribe(characteristic, Need::kRequired, std::move(next));
  }

  void pull() {
    transfer_ =
        RecordTransfer(gatt::RecordNumberWidth::kU32, cursorOf(gatt::kStoredObservationsUuid));
    act(transfer_.begin());
  }

  void goLive() {
    if (!has(gatt::kLiveObservationsUuid)) return endWith(Outcome::kCompleted);
    isLive_ = true;
    restartTimer();
    if (!has(gatt::kHealthSensorControlUuid)) return;
    subscribe(gatt::kHealthSensorControlUuid, Need::kOptional, [this] {
      write(gatt::kHealthSensorControlUuid, {kStartSending}, Need::kOptional, [] {});
    });
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic == gatt::kLiveObservationsUuid) {
      if (isLive_) restartTimer();
      onSegment(live_, characteristic, value, receivedAt);
    } else if (characteristic == gatt::kStoredObservationsUuid) {
      if (transfer_.isRunning()) restartTimer();
      onSegment(stored_, characteristic, value, receivedAt);
    } else if (characteristic == gatt::kRecordAccessUuid) {
      act(transfer_.onIndication(value));
    }
  }

  void onSegment(gatt::Reassembler& reassembler, std::string_view characteristic,
                 const Bytes& value, UtcTime receivedAt) {
    lastReceivedAt_ = receivedAt;
    auto step = reassembler.push(value);
    if (step.abandoned) takeBroken(characteristic, std::move(*step.abandoned), receivedAt);
    if (!step.frame) return;
    if (characteristic == gatt::kLiveObservationsUuid) {
      return deliver(recordOf(characteristic, std::move(*step.frame), receivedAt));
    }
    const auto number = recordNumberOf(*step.frame);
    if (!transfer_.onRecord(number)) return;
    RawRecord record = recordOf(characteristic, std::move(*step.frame), receivedAt);
    record.isStored = true;
    record.recordNumber = number;
    order_.offer(std::move(record));
  }

  /// Kept as bytes, without a number: the device may still have it whole, and is asked once more.
  void takeBroken(std::string_view characteristic, Bytes part, UtcTime receivedAt) {
    const bool isStored = characteristic == gatt::kStoredObservationsUuid;
    if (isStored && !transfer_.onRecord(std::nullopt)) return;
    if (isStored && !hasAskedAgain_) {
      hasLostStored_ = true;
      order_.hold();
    }
    if (part.empty()) return;
    RawRecord record = recordOf(characteristic, std::move(part), receivedAt);
    record.isStored = isStored;
    deliver(std::move(record));
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
        return onPulled();
      case RecordTransfer::Step::Kind::kFailed:
        countLeftOnDevice(order_.abandon());
        refusal_ = std::move(step.detail);
        return goLive();
    }
  }

  void onPulled() {
    if (hasLostStored_ && !hasAskedAgain_) {
      hasAskedAgain_ = true;
      order_.abandon();
      return pull();
    }
    order_.complete();
    goLive();
  }

  void restartTimer() {
    if (transfer_.isRunning()) {
      return startTimer(options_.recordTimeout, [this] {
        countLeftOnDevice(order_.abandon());
        end(Outcome::kTimedOut, "no answer to record access");
      });
    }
    startTimer(options_.idle, [this] { endWith(Outcome::kCompleted); });
  }

  /// A transfer the device refused is not forgotten because live observations came.
  void endWith(Outcome outcome) {
    if (refusal_) return end(Outcome::kRefused, *refusal_);
    end(outcome);
  }

  Outcome onLinkLost() override {
    if (auto part = live_.abandon()) {
      takeBroken(gatt::kLiveObservationsUuid, std::move(*part), lastReceivedAt_);
    }
    if (!isLive_) {
      countLeftOnDevice(order_.abandon());
      return Outcome::kLinkLost;
    }
    return refusal_ ? Outcome::kRefused : Outcome::kCompleted;
  }

  GhsOptions options_;
  gatt::Reassembler live_;
  gatt::Reassembler stored_;
  RecordOrder order_;
  RecordTransfer transfer_;
  UtcTime lastReceivedAt_{};
  bool hasLostStored_ = false;
  bool hasAskedAgain_ = false;
  bool isLive_ = false;
  std::optional<std::string> refusal_;
};

}  // namespace

std::unique_ptr<Session> makeGhsSession(const SessionPorts& ports, GhsOptions options) {
  return std::make_unique<GhsSession>(ports, options);
}

}  // namespace vardnav::ble
