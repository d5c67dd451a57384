// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/glucose_sensor.h"

#include <limits>
#include <utility>

#include "ble/gatt/cgm_control.h"
#include "ble/gatt/cgm_measurement.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr std::string_view kFeatureUuid = "2AA8";
constexpr std::string_view kStatusUuid = "2AA9";
constexpr std::uint8_t kInterstitialFluid = 9;  // type of 2AA8, low nibble
constexpr std::uint8_t kSubcutaneous = 5;       // location, high nibble
constexpr std::uint16_t kNoCrc = 0xFFFF;        // of 2AA8 where no CRC is sent
constexpr std::uint8_t kGetInterval = 0x02;
constexpr std::uint8_t kInterval = 0x03;
constexpr std::uint8_t kResponse = 0x1C;
constexpr std::uint8_t kNotSupported = 2;
constexpr std::uint8_t kEveryMinutes = 5;
constexpr std::chrono::hours kRunTime{14 * 24};

std::vector<Service> sensorServices() {
  return {{std::string{gatt::kContinuousGlucoseService},
           {{std::string{gatt::kCgmMeasurementUuid}, {"notify"}, true},
            {std::string{kFeatureUuid}, {"read"}},
            {std::string{kStatusUuid}, {"read"}},
            {std::string{gatt::kCgmSessionStartUuid}, {"read"}},
            {std::string{gatt::kCgmSessionRunTimeUuid}, {"read"}},
            {std::string{gatt::kRecordAccessUuid}, {"write", "indicate"}, true},
            {std::string{gatt::kCgmControlUuid}, {"write", "indicate"}, true}}}};
}

/// 2AA8: features 3 octets, type and location, CRC.
Bytes features() {
  return {0,
          0,
          0,
          static_cast<std::uint8_t>(kInterstitialFluid | kSubcutaneous << 4),
          kNoCrc & 0xFF,
          kNoCrc >> 8};
}

}  // namespace

GlucoseSensor::GlucoseSensor(const DeviceClock& clock, UtcTime start)
    : GattTable(sensorServices(), "Continuous glucose monitor"),
      begun_(start - kAge),
      begunShown_(clock.at(begun_)) {
  setValue(kFeatureUuid, features());
  gatt::CgmSessionStart began;
  began.time = gatt::DateTime::of(begunShown_);
  began.offsets = {std::unexpected(gatt::Unknown{}), std::unexpected(gatt::Unknown{})};
  if (const auto octets = gatt::encode(began)) setValue(gatt::kCgmSessionStartUuid, *octets);
  const auto run = gatt::encode(gatt::CgmSessionRunTime{.expected = kRunTime});
  if (run) setValue(gatt::kCgmSessionRunTimeUuid, *run);
}

std::optional<std::uint16_t> GlucoseSensor::minuteOf(UtcTime instant) const {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(instant - begun_).count();
  if (minutes < 0 || minutes > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(minutes);
}

void GlucoseSensor::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) {
    SentRecord record{.bytes = capture->bytes, .counts = capture->counts};
    const auto decoded = gatt::decodeCgmMeasurement(capture->bytes);
    if (decoded && !decoded->value.records.empty()) {
      record.recordNumber =
          static_cast<std::uint32_t>(decoded->value.records.front().offset.count());
    }
    if (capture->number) record.recordNumber = capture->number;
    if (!record.recordNumber) record.recordNumber = records_.nextNumber();
    return keep(std::move(record));
  }
  const auto* value = std::get_if<GlucoseValue>(&what);
  const auto minute = minuteOf(measuredAt);
  if (value == nullptr || !minute) return;
  gatt::CgmMeasurement measured;
  measured.records.emplace_back();
  measured.records.back().glucose = value->milligramPerDecilitre;
  measured.records.back().offset = std::chrono::minutes{*minute};
  const auto octets = gatt::encode(measured);
  if (!octets) return;  // the scenario's loader lets no such value through
  keep({.bytes = *octets,
        .recordNumber = *minute,
        .deviceTime = begunShown_ + std::chrono::minutes{*minute}});
}

void GlucoseSensor::keep(SentRecord record) {
  if (isSubscribed(gatt::kCgmMeasurementUuid)) live_.push_back(record);
  records_.add(std::move(record));
}

std::expected<Bytes, AttError> GlucoseSensor::read(std::string_view characteristic,
                                                   const Link& link, UtcTime now) {
  if (characteristic != kStatusUuid) return GattTable::read(characteristic, link, now);
  // 2AA9: minutes since the session's start u16, status 3 octets.
  const std::uint16_t minute = minuteOf(now).value_or(0);
  return Bytes{static_cast<std::uint8_t>(minute & 0xFF), static_cast<std::uint8_t>(minute >> 8), 0,
               0, 0};
}

std::expected<void, AttError> GlucoseSensor::subscribe(std::string_view characteristic, bool isOn,
                                                       const Link& link) {
  if (isOn && !link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  return GattTable::subscribe(characteristic, isOn, link);
}

std::expected<void, AttError> GlucoseSensor::write(std::string_view characteristic, ByteView value,
                                                   const Link& link, UtcTime now) {
  const bool isRecordAccess = characteristic == gatt::kRecordAccessUuid;
  if (!isRecordAccess && characteristic != gatt::kCgmControlUuid) {
    return GattTable::write(characteristic, value, link, now);
  }
  if (!link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  if (!isSubscribed(characteristic) || !isSubscribed(gatt::kCgmMeasurementUuid)) {
    return std::unexpected(AttError::kCccdImproperlyConfigured);
  }
  return isRecordAccess ? records_.write(value) : obey(value);
}

std::expected<void, AttError> GlucoseSensor::obey(ByteView request) {
  if (answer_) return std::unexpected(AttError::kProcedureInProgress);
  const auto decoded = gatt::decodeCgmControl(request);
  if (!decoded) return std::unexpected(AttError::kInvalidLength);
  gatt::CgmControl answer;
  if (decoded->value.op == kGetInterval) {
    answer.op = kInterval;
    answer.operand = gatt::CgmInterval{kEveryMinutes};
  } else {
    answer.op = kResponse;
    answer.operand = gatt::CgmResponse{decoded->value.op, kNotSupported};
  }
  if (const auto octets = gatt::encode(answer)) answer_ = *octets;
  return {};
}

std::optional<Outgoing> GlucoseSensor::takeNext() {
  if (!isSubscribed(gatt::kCgmMeasurementUuid)) {
    records_.linkLost();
    live_.clear();
    return std::nullopt;
  }
  if (answer_) {
    return Outgoing{std::string{gatt::kCgmControlUuid}, *std::exchange(answer_, std::nullopt),
                    std::nullopt};
  }
  if (!live_.empty()) {
    SentRecord record = std::move(live_.front());
    live_.pop_front();
    Bytes octets = record.bytes;
    return Outgoing{std::string{gatt::kCgmMeasurementUuid}, std::move(octets), std::move(record)};
  }
  auto step = records_.take();
  if (!step) return std::nullopt;
  if (auto* record = std::get_if<SentRecord>(&*step)) {
    Bytes octets = record->bytes;
    return Outgoing{std::string{gatt::kCgmMeasurementUuid}, std::move(octets), std::move(*record)};
  }
  return Outgoing{std::string{gatt::kRecordAccessUuid},
                  std::get<RecordAccessServer::Indication>(std::move(*step)), std::nullopt};
}

void GlucoseSensor::linkLost() {
  records_.linkLost();
  live_.clear();
  answer_.reset();
  GattTable::linkLost();
}

}  // namespace vardnav::ble::virtual_home
