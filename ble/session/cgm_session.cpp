// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/cgm_session.h"

#include <optional>
#include <utility>

#include "ble/gatt/cgm_measurement.h"
#include "ble/gatt/uuids.h"
#include "ble/session/conversation.h"
#include "ble/session/record_order.h"
#include "ble/session/record_transfer.h"

namespace vardnav::ble {
namespace {

constexpr std::string_view kCgmStatusUuid = "2AA9";
constexpr Milliseconds kMinute{60'000};
constexpr LocalTime kNumbersBegin =
    LocalTime(std::chrono::seconds(946'684'800));  // 2000-01-01T00:00:00

std::optional<std::uint16_t> minutesIn(ByteView octets, std::size_t position) {
  if (octets.size() < position + 2) return std::nullopt;
  return static_cast<std::uint16_t>(octets[position] | octets[position + 1] << 8);
}

class CgmSession final : public Conversation {
 public:
  CgmSession(const SessionPorts& ports, CgmOptions options)
      : Conversation(ports),
        options_(options),
        order_([this](RawRecord record) { deliver(std::move(record)); }),
        transfer_(gatt::RecordNumberWidth::kU16, std::nullopt) {}

 private:
  void begin() override {
    read(gatt::kCgmSessionStartUuid, [this](const std::optional<Bytes>& value) {
      takeStart(value);
      const UtcTime asked = utcNow();
      const SteadyTime askedSteady = steadyNow();
      read(kCgmStatusUuid, [this, asked, askedSteady](const std::optional<Bytes>& status) {
        if (status) takeStatus(*status, asked, steadyNow() - askedSteady);
        // Releases what has come meanwhile.
        readClock({}, [this] { subscribeAll(); });
      });
    });
  }

  void takeStart(const std::optional<Bytes>& value) {
    if (!value) return;
    const auto decoded = gatt::decodeCgmSessionStart(*value);
    if (!decoded) return;
    const auto local = decoded->value.time.local();
    if (!local || *local < kNumbersBegin) return;
    start_ = *value;
    startMinute_ = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::minutes>(*local - kNumbersBegin).count());
    startAt_ = *local;
  }

  /// The sensor's clock: it counts whole minutes since its start.
  void takeStatus(const Bytes& status, UtcTime asked, Milliseconds roundTrip) {
    const auto minutes = minutesIn(status, 0);
    if (!minutes || !startMinute_) return;
    setClockReading({{DeviceTime::Timeline::kLocal, startAt_ + std::chrono::minutes(*minutes)},
                     asked + roundTrip / 2,
                     roundTrip + kMinute});
  }

  void subscribeAll() {
    subscribe(gatt::kCgmMeasurementUuid, Need::kRequired, [this] {
      if (!startMinute_ || !has(gatt::kRecordAccessUuid)) return goLive();
      subscribe(gatt::kRecordAccessUuid, Need::kRequired, [this] { pull(); });
    });
  }

  /// The device selects by minute of its session, the cursor counts over sessions.
  void pull() {
    std::optional<std::uint32_t> cursor = cursorOf(gatt::kCgmMeasurementUuid);
    if (cursor && *cursor < *startMinute_) cursor.reset();
    if (cursor) *cursor -= *startMinute_;
    transfer_ = RecordTransfer(gatt::RecordNumberWidth::kU16, cursor);
    act(transfer_.begin());
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic == gatt::kRecordAccessUuid) return act(transfer_.onIndication(value));
    if (characteristic != gatt::kCgmMeasurementUuid) return;
    const auto decoded = gatt::decodeCgmMeasurement(value);
    if (!decoded) {
      takeRecord(std::move(value), std::nullopt, receivedAt);
    } else {
      // Sizes add up: it was decoded.
      std::size_t position = 0;
      for (const gatt::CgmRecord& record : decoded->value.records) {
        const std::size_t size = value[position];
        takeRecord(Bytes(value.begin() + static_cast<std::ptrdiff_t>(position),
                         value.begin() + static_cast<std::ptrdiff_t>(position + size)),
                   static_cast<std::uint32_t>(record.offset.count()), receivedAt);
        position += size;
      }
    }
    if (transfer_.isRunning() || isLive_) restartTimer();
  }

  void takeRecord(Bytes octets, std::optional<std::uint32_t> minute, UtcTime receivedAt) {
    const bool isPulling = transfer_.isRunning();
    if (isPulling && !transfer_.onRecord(minute)) return;
    RawRecord record = recordOf(gatt::kCgmMeasurementUuid, std::move(octets), receivedAt);
    record.context = start_;
    record.isStored = isPulling;
    if (minute && startMinute_) record.recordNumber = *startMinute_ + *minute;
    if (!isPulling) return deliver(std::move(record));
    order_.offer(std::move(record));
  }

  void act(RecordTransfer::Step step) {
    switch (step.kind) {
      case RecordTransfer::Step::Kind::kNothing:
        return;
      case RecordTransfer::Step::Kind::kRequest: {
        order_.complete();
        const auto from = transfer_.from();
        order_.begin(from ? std::optional(*from + *startMinute_) : std::nullopt);
        restartTimer();
        return write(gatt::kRecordAccessUuid, std::move(step.request), Need::kRequired, [] {});
      }
      case RecordTransfer::Step::Kind::kFinished:
        order_.complete();
        return goLive();
      case RecordTransfer::Step::Kind::kFailed:
        countLeftOnDevice(order_.abandon());
        refusal_ = std::move(step.detail);
        return goLive();
    }
  }

  void goLive() {
    isLive_ = true;
    restartTimer();
  }

  void restartTimer() {
    if (transfer_.isRunning()) {
      return startTimer(options_.recordTimeout, [this] {
        countLeftOnDevice(order_.abandon());
        end(Outcome::kTimedOut, "no answer to record access");
      });
    }
    startTimer(options_.idle, [this] {
      if (refusal_) return end(Outcome::kRefused, *refusal_);
      end(Outcome::kCompleted);
    });
  }

  Outcome onLinkLost() override {
    countLeftOnDevice(order_.abandon());
    if (!isLive_) return Outcome::kLinkLost;
    return refusal_ ? Outcome::kRefused : Outcome::kCompleted;
  }

  CgmOptions options_;
  RecordOrder order_;
  RecordTransfer transfer_;
  Bytes start_;
  LocalTime startAt_{};
  std::optional<std::uint32_t> startMinute_;
  bool isLive_ = false;
  std::optional<std::string> refusal_;
};

}  // namespace

std::unique_ptr<Session> makeCgmSession(const SessionPorts& ports, CgmOptions options) {
  return std::make_unique<CgmSession>(ports, options);
}

}  // namespace vardnav::ble
