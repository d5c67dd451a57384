// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/weight_session.h"

#include <utility>

#include "ble/gatt/uuids.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/session/conversation.h"

namespace vardnav::ble {
namespace {

class WeightSession final : public Conversation {
 public:
  WeightSession(const SessionPorts& ports, WeightOptions options)
      : Conversation(ports), options_(options) {}

 private:
  void begin() override {
    readClock({gatt::kCurrentTimeUuid, gatt::kDateTimeUuid}, [this] {
      subscribe(gatt::kWeightMeasurementUuid, Need::kRequired, [this] {
        isListening_ = true;
        restartIdle();
      });
    });
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic != gatt::kWeightMeasurementUuid) return;
    deliver(recordOf(characteristic, std::move(value), receivedAt));
    if (isListening_) restartIdle();
  }

  /// A scale hangs up when it is done.
  Outcome onLinkLost() override { return isListening_ ? Outcome::kCompleted : Outcome::kLinkLost; }

  /// The profile does not say which measurements come from memory. One stamped before the clock was
  /// read does; without a clock nobody can say that a stamped one was made while connected.
  void complete(RawRecord& record) override {
    const auto decoded = gatt::decodeWeightMeasurement(record.bytes);
    if (!decoded || !decoded->value.time) return;
    const auto stamp = decoded->value.time->local();
    record.isStored = !stamp || !record.clock || *stamp < record.clock->device.at;
  }

  void restartIdle() {
    startTimer(options_.idle, [this] { end(Outcome::kCompleted); });
  }

  WeightOptions options_;
  bool isListening_ = false;
};

}  // namespace

std::unique_ptr<Session> makeWeightSession(const SessionPorts& ports, WeightOptions options) {
  return std::make_unique<WeightSession>(ports, options);
}

}  // namespace vardnav::ble
