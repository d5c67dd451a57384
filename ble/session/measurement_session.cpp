// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/measurement_session.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "ble/gatt/heart_rate.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/uuids.h"
#include "ble/session/conversation.h"
#include "ble/session/measurement_stamp.h"
#include "ble/session/record_transfer.h"
#include "ble/session/user_consents.h"

namespace vardnav::ble {
namespace {

// A scale weighs first, then sends a current through the same person.
constexpr Milliseconds kSameWeighing{30'000};

enum class Steadiness : std::uint8_t { kGood, kNoReading, kUnreadable };

bool isEndless(std::string_view characteristic) {
  return characteristic == gatt::kContinuousOximeterUuid ||
         characteristic == gatt::kHeartRateMeasurementUuid;
}

Steadiness steadinessOf(std::string_view characteristic, ByteView octets) {
  if (characteristic == gatt::kHeartRateMeasurementUuid) {
    const auto decoded = gatt::decodeHeartRateMeasurement(octets);
    if (!decoded) return Steadiness::kUnreadable;
    using Contact = gatt::HeartRateMeasurement::Contact;
    const bool isOn = decoded->value.contact != Contact::kNotDetected;
    return isOn && decoded->value.perMinute > 0 ? Steadiness::kGood : Steadiness::kNoReading;
  }
  const auto decoded = gatt::decodeContinuousOximeterMeasurement(octets);
  if (!decoded) return Steadiness::kUnreadable;
  const auto& measurement = decoded->value;
  return measurement.status.isReading() && measurement.normal.spo2Percent ? Steadiness::kGood
                                                                          : Steadiness::kNoReading;
}

class MeasurementSession final : public Conversation {
 public:
  MeasurementSession(const SessionPorts& ports, MeasurementOptions options)
      : Conversation(ports),
        options_(std::move(options)),
        consents_(ports.settings.consents),
        transfer_(gatt::RecordNumberWidth::kU16, std::nullopt) {}

 private:
  void begin() override {
    std::erase_if(options_.sources, [this](std::string_view source) { return !has(source); });
    if (options_.sources.empty()) return end(Outcome::kUnsupported, "no measurement to subscribe");
    readClock({gatt::kCurrentTimeUuid, gatt::kDateTimeUuid}, [this] {
      if (options_.clock.when != ClockSetting::When::kBeforeRecords) return subscribeFrom(0);
      setClock(options_.clock, [this] { subscribeFrom(0); });
    });
  }

  void subscribeFrom(std::size_t index) {
    if (index >= options_.sources.size()) return onSubscribed();
    subscribe(options_.sources[index], Need::kRequired,
              [this, index] { subscribeFrom(index + 1); });
  }

  void onSubscribed() {
    isListening_ = true;
    hasUserControl_ = has(gatt::kUserControlUuid);
    if (!hasUserControl_) return pullStored();
    subscribe(gatt::kUserControlUuid, Need::kOptional, [this] { askConsent(); });
  }

  void askConsent() {
    auto octets = consents_.next();
    if (!octets) return pullStored();
    startTimer(options_.consentTimeout, [this] {
      consents_.onTimeout();
      askConsent();
    });
    write(gatt::kUserControlUuid, std::move(*octets), Need::kOptional, [] {});
  }

  void onConsentAnswer(const Bytes& value) {
    if (!consents_.onIndication(value)) return;
    hasConsentTurn_ = true;
    waitForQuiet();
  }

  /// What the scale holds of this user comes now; the next user's turn is when it has come.
  void waitForQuiet() {
    startTimer(options_.consentQuiet, [this] {
      hasConsentTurn_ = false;
      askConsent();
    });
  }

  void pullStored() {
    if (!has(gatt::kSpotCheckMeasurementUuid) || !has(gatt::kRecordAccessUuid)) {
      return restartTimer();
    }
    subscribe(gatt::kRecordAccessUuid, Need::kOptional, [this] {
      auto step = transfer_.begin();
      restartTimer();
      write(gatt::kRecordAccessUuid, std::move(step.request), Need::kOptional, [] {});
    });
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic == gatt::kUserControlUuid) return onConsentAnswer(value);
    if (characteristic == gatt::kRecordAccessUuid) return onRecordAccess(value);
    if (std::ranges::find(options_.sources, characteristic) == options_.sources.end()) return;
    ++received_;
    if (isEndless(characteristic)) {
      sample(characteristic, std::move(value), receivedAt);
    } else {
      take(characteristic, std::move(value), receivedAt);
    }
    restartTimer();
  }

  void take(std::string_view characteristic, Bytes value, UtcTime receivedAt) {
    RawRecord record = recordOf(characteristic, std::move(value), receivedAt);
    record.context = contextOf(record);
    if (characteristic == gatt::kWeightMeasurementUuid) {
      lastWeight_ = {record.bytes, steadyNow()};
    }
    if (transfer_.isRunning()) transfer_.onRecord(std::nullopt);
    if (options_.clock.when != ClockSetting::When::kAfterFirstRecord || hasTakenFirst_) {
      return deliver(std::move(record));
    }
    hasTakenFirst_ = true;
    deliver(std::move(record), [this] { setClock(options_.clock, [] {}); });
  }

  Bytes contextOf(const RawRecord& record) const {
    const bool isBody = record.characteristic == gatt::kBodyCompositionUuid;
    if (!isBody && record.characteristic != gatt::kWeightMeasurementUuid) return {};
    if (isBody && !lastWeight_.octets.empty() && steadyNow() - lastWeight_.at <= kSameWeighing) {
      return lastWeight_.octets;
    }
    if (const auto user = consents_.onlyUser()) return {*user};
    return {};
  }

  void sample(std::string_view characteristic, Bytes value, UtcTime receivedAt) {
    const Steadiness steadiness = steadinessOf(characteristic, value);
    if (steadiness == Steadiness::kNoReading) return;
    RawRecord record = recordOf(characteristic, std::move(value), receivedAt);
    if (steadiness == Steadiness::kUnreadable) {
      // One is evidence; the same again every second is not.
      if (std::exchange(hasKeptUnreadable_, true)) return countDropped();
      return deliver(std::move(record));
    }
    auto& sampler = samplers_.try_emplace(record.characteristic, options_.steady).first->second;
    if (auto due = sampler.offer(std::move(record), steadyNow())) deliver(std::move(*due));
  }

  void onRecordAccess(const Bytes& value) {
    const auto step = transfer_.onIndication(value);
    if (step.kind == RecordTransfer::Step::Kind::kFailed) refusal_ = step.detail;
    if (step.kind != RecordTransfer::Step::Kind::kNothing) restartTimer();
  }

  void restartTimer() {
    if (!isListening_ || consents_.isWaiting()) return;
    if (hasConsentTurn_) return waitForQuiet();
    const bool isPulling = transfer_.isRunning();
    startTimer(isPulling ? options_.recordTimeout : options_.idle, [this, isPulling] {
      if (isPulling) return end(Outcome::kTimedOut, "no answer to record access");
      finish();
    });
  }

  /// After the last value, so that every stamp of this link was read against one clock.
  void finish() {
    if (options_.clock.when != ClockSetting::When::kAfterRecords) return conclude();
    setClock(options_.clock, [this] { conclude(); });
  }

  void conclude() {
    flushSamplers();
    end(endedAs(), reason());
  }

  void flushSamplers() {
    for (auto& [characteristic, sampler] : samplers_) {
      if (auto last = sampler.finish()) deliver(std::move(*last));
    }
  }

  /// A scale that shares out by consent gave nothing, because nobody's code is known here.
  bool lacksCodes() const {
    return received_ == 0 && settings().consents.empty() && hasUserControl_;
  }

  Outcome endedAs() const { return reason().empty() ? Outcome::kCompleted : Outcome::kRefused; }

  std::string reason() const {
    if (refusal_) return *refusal_;
    if (!consents_.refusals().empty()) return consents_.refusals();
    if (lacksCodes()) return "it waits for consent: give its bindings their consent_code";
    return {};
  }

  /// These devices hang up when they are done.
  Outcome onLinkLost() override {
    flushSamplers();
    if (!isListening_ || transfer_.isRunning()) return Outcome::kLinkLost;
    end(endedAs(), reason());
    return endedAs();
  }

  std::optional<LocalTime> stampOf(const RawRecord& record) const override {
    const auto stamp = measurementStampOf(record);
    return stamp ? stamp->local() : std::nullopt;
  }

  /// Profiles do not say which measurements come from memory. One stamped before the clock was read
  /// does; without a clock nobody can say that a stamped one was made while connected.
  void complete(RawRecord& record) override {
    const auto stamp = measurementStampOf(record);
    if (!stamp) {
      record.isStored = isFromStorage(record);
      return;
    }
    const auto local = stamp->local();
    record.isStored = !local || !record.clock || *local < record.clock->device.at;
  }

  struct Weight {
    Bytes octets;
    SteadyTime at{};
  };

  MeasurementOptions options_;
  UserConsents consents_;
  RecordTransfer transfer_;
  std::map<std::string, SteadySampler> samplers_;
  Weight lastWeight_;
  std::optional<std::string> refusal_;
  unsigned received_ = 0;
  bool isListening_ = false;
  bool hasUserControl_ = false;
  bool hasConsentTurn_ = false;
  bool hasTakenFirst_ = false;
  bool hasKeptUnreadable_ = false;
};

}  // namespace

std::unique_ptr<Session> makeMeasurementSession(const SessionPorts& ports,
                                                MeasurementOptions options) {
  return std::make_unique<MeasurementSession>(ports, std::move(options));
}

}  // namespace vardnav::ble
