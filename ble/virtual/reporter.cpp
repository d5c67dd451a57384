// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/reporter.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/current_time.h"
#include "ble/gatt/heart_rate.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/record_access.h"
#include "ble/gatt/temperature_measurement.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble::virtual_home {
namespace {

using gatt::RecordRequest;
using gatt::RecordResponseCode;

constexpr auto kNumbers = gatt::RecordNumberWidth::kU16;

Characteristic named(std::string_view uuid, std::vector<std::string> flags) {
  return {std::string{uuid}, std::move(flags)};
}

std::vector<Service> servicesOf(ModelKind kind) {
  const Characteristic dateTime = named(gatt::kDateTimeUuid, {"read", "write"});
  const Service currentTime{std::string{gatt::kCurrentTimeService},
                            {named(gatt::kCurrentTimeUuid, {"read", "write"})}};
  switch (kind) {
    case ModelKind::kOximeter:
      return {{std::string{gatt::kPulseOximeterService},
               {named(gatt::kSpotCheckMeasurementUuid, {"indicate"}),
                named(gatt::kContinuousOximeterUuid, {"notify"}),
                named(gatt::kOximeterFeaturesUuid, {"read"}),
                named(gatt::kRecordAccessUuid, {"write", "indicate"})}},
              currentTime};
    case ModelKind::kThermometer:
      return {{std::string{gatt::kHealthThermometerService},
               {named(gatt::kTemperatureMeasurementUuid, {"indicate"}), dateTime}}};
    case ModelKind::kHeartRate:
      return {{std::string{gatt::kHeartRateService},
               {named(gatt::kHeartRateMeasurementUuid, {"notify"})}}};
    default:
      return {{std::string{gatt::kBloodPressureService},
               {named(gatt::kBloodPressureMeasurementUuid, {"indicate"}), dateTime}},
              currentTime};
  }
}

std::string_view nameOf(ModelKind kind) {
  switch (kind) {
    case ModelKind::kOximeter:
      return "Oximeter";
    case ModelKind::kThermometer:
      return "Thermometer";
    case ModelKind::kHeartRate:
      return "Heart rate belt";
    default:
      return "Blood pressure monitor";
  }
}

struct Encoded {
  std::string_view characteristic;
  gatt::Encoding octets = std::unexpected(gatt::Fault::kNotEncodable);
  bool hasTime = true;
  bool counts = true;
};

/// As the device would send it. The loader lets nothing through that cannot be.
struct Encoder {
  gatt::DateTime time;

  Encoded operator()(const PressureValue& value) const {
    gatt::BloodPressureMeasurement measured;
    measured.systolic = value.systolic;
    measured.diastolic = value.diastolic;
    measured.mean = std::unexpected(gatt::NoNumber::kNaN);
    measured.context.time = time;
    measured.context.pulsePerMinute = value.pulse;
    return {gatt::kBloodPressureMeasurementUuid, gatt::encode(measured)};
  }
  Encoded operator()(const OxygenValue& value) const {
    if (value.isLive) {
      // A stream, of which a client takes what it wants.
      gatt::ContinuousOximeterMeasurement measured;
      measured.normal = {value.spo2, value.pulse};
      return {gatt::kContinuousOximeterUuid, gatt::encode(measured), false, false};
    }
    gatt::SpotCheckMeasurement measured;
    measured.normal = {value.spo2, value.pulse};
    measured.time = time;
    return {gatt::kSpotCheckMeasurementUuid, gatt::encode(measured)};
  }
  Encoded operator()(const TemperatureValue& value) const {
    gatt::TemperatureMeasurement measured;
    measured.temperature = value.celsius;
    measured.time = time;
    measured.type = gatt::TemperatureType::kEar;
    return {gatt::kTemperatureMeasurementUuid, gatt::encode(measured)};
  }
  Encoded operator()(const HeartRateValue& value) const {
    gatt::HeartRateMeasurement measured;
    measured.perMinute = value.perMinute;
    measured.contact = gatt::HeartRateMeasurement::Contact::kDetected;
    return {gatt::kHeartRateMeasurementUuid, gatt::encode(measured), false, false};
  }
  template <class Other>
  Encoded operator()(const Other&) const {
    return {};
  }
};

}  // namespace

Reporter::Reporter(ModelKind kind, const DeviceClock& clock)
    : Reporter(servicesOf(kind), nameOf(kind), clock) {
  gatt::OximeterFeatures supported;
  supported.bits = gatt::OximeterFeatures::kSpotCheckStorage | gatt::OximeterFeatures::kTimestamp;
  const auto features = gatt::encode(supported);
  if (kind == ModelKind::kOximeter && features) setValue(gatt::kOximeterFeaturesUuid, *features);
}

Reporter::Reporter(std::vector<Service> services, std::string_view modelName,
                   const DeviceClock& clock)
    : GattTable(std::move(services), modelName), clock_(clock) {}

void Reporter::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) {
    return keep({capture->characteristic, {.bytes = capture->bytes, .counts = capture->counts}});
  }
  const LocalTime at = clock_.at(measuredAt);
  const Encoded encoded = std::visit(Encoder{gatt::DateTime::of(at)}, what);
  if (!encoded.octets) return;
  SentRecord record{.bytes = *encoded.octets, .counts = encoded.counts};
  if (encoded.hasTime) record.deviceTime = at;
  keep({std::string{encoded.characteristic}, std::move(record)});
}

std::expected<Bytes, AttError> Reporter::read(std::string_view characteristic, const Link& link,
                                              UtcTime now) {
  const LocalTime shown = clock_.at(now);
  gatt::Encoding octets = std::unexpected(gatt::Fault::kNotEncodable);
  if (characteristic == gatt::kDateTimeUuid) {
    octets = gatt::encode(gatt::DateTime::of(shown));
  } else if (characteristic == gatt::kCurrentTimeUuid) {
    octets = gatt::encode(gatt::CurrentTime{.time = gatt::DateTime::of(shown)});
  } else {
    return GattTable::read(characteristic, link, now);
  }
  if (!octets) return std::unexpected(AttError::kReadNotPermitted);
  return *octets;
}

std::expected<void, AttError> Reporter::write(std::string_view characteristic, ByteView value,
                                              const Link& link, UtcTime now) {
  if (characteristic == gatt::kRecordAccessUuid) return askRecords(value);
  std::optional<LocalTime> set;
  if (characteristic == gatt::kDateTimeUuid) {
    if (const auto decoded = gatt::decodeDateTime(value)) set = decoded->value.local();
  } else if (characteristic == gatt::kCurrentTimeUuid) {
    if (const auto decoded = gatt::decodeCurrentTime(value)) set = decoded->value.time.local();
  } else {
    return GattTable::write(characteristic, value, link, now);
  }
  if (!set) return std::unexpected(AttError::kInvalidLength);
  clock_ = DeviceClock(*set, now);
  clockSet();
  return {};
}

// Pulse Oximeter Service 1.0, 3.4: all stored spot checks, or how many there are.
std::expected<void, AttError> Reporter::askRecords(ByteView request) {
  const auto decoded = gatt::decodeRecordRequest(request, kNumbers);
  if (!decoded) return std::unexpected(AttError::kInvalidLength);
  if (!isSubscribed(gatt::kRecordAccessUuid)) {
    return std::unexpected(AttError::kCccdImproperlyConfigured);
  }
  const auto respond = [&](RecordResponseCode code) {
    const auto octets = gatt::encode(gatt::RecordResponse{decoded->value.op, code});
    if (octets) answer(gatt::kRecordAccessUuid, *octets);
  };
  const auto stored =
      std::ranges::count(waiting_, gatt::kSpotCheckMeasurementUuid, &Waiting::characteristic);
  if (decoded->value.refusal) {
    respond(*decoded->value.refusal);
  } else if (decoded->value.op == static_cast<std::uint8_t>(RecordRequest::Op::kCount)) {
    const auto octets =
        gatt::encode(gatt::RecordCount{static_cast<std::uint32_t>(stored)}, kNumbers);
    if (octets) answer(gatt::kRecordAccessUuid, *octets);
  } else if (decoded->value.op == static_cast<std::uint8_t>(RecordRequest::Op::kAbort)) {
    isAsked_ = false;
    respond(RecordResponseCode::kSuccess);
  } else if (stored == 0) {
    respond(RecordResponseCode::kNoRecordsFound);
  } else {
    isAsked_ = true;
  }
  return {};
}

void Reporter::answer(std::string_view characteristic, Bytes value) {
  answers_.push_back({std::string{characteristic}, std::move(value), std::nullopt});
}

bool Reporter::mayGo(const Waiting& waiting) const {
  if (waiting.characteristic == gatt::kSpotCheckMeasurementUuid && !isAsked_) return false;
  return isSubscribed(waiting.characteristic);
}

std::optional<Outgoing> Reporter::takeNext() {
  taken_.reset();
  if (!answers_.empty()) {
    Outgoing first = std::move(answers_.front());
    answers_.pop_front();
    return first;
  }
  const auto found =
      std::ranges::find_if(waiting_, [this](const Waiting& waiting) { return mayGo(waiting); });
  if (found == waiting_.end()) {
    if (!std::exchange(isAsked_, false)) return std::nullopt;
    const auto octets = gatt::encode(gatt::RecordResponse{
        static_cast<std::uint8_t>(RecordRequest::Op::kReport), RecordResponseCode::kSuccess});
    if (!octets) return std::nullopt;
    return Outgoing{std::string{gatt::kRecordAccessUuid}, *octets, std::nullopt};
  }
  taken_ = std::move(*found);
  waiting_.erase(found);
  return Outgoing{taken_->characteristic, taken_->record.bytes, taken_->record};
}

void Reporter::unconfirmed(const Outgoing& outgoing) {
  if (outgoing.record && taken_) waiting_.push_front(*std::exchange(taken_, std::nullopt));
}

void Reporter::linkLost() {
  isAsked_ = false;
  answers_.clear();
  GattTable::linkLost();
}

std::size_t Reporter::unsent() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(waiting_, [](const Waiting& w) { return w.record.counts; }));
}

}  // namespace vardnav::ble::virtual_home
