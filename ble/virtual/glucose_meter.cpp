// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/glucose_meter.h"

#include <utility>

#include "ble/gatt/date_time.h"
#include "ble/gatt/glucose_feature.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble::virtual_home {
namespace {

std::vector<Service> glucoseServices() {
  return {{std::string{gatt::kGlucoseService},
           {{std::string{gatt::kGlucoseMeasurementUuid}, {"notify"}},
            {std::string{gatt::kGlucoseContextUuid}, {"notify"}},
            {std::string{gatt::kGlucoseFeatureUuid}, {"read"}},
            {std::string{gatt::kRecordAccessUuid}, {"write", "indicate"}, true},
            {std::string{gatt::kDateTimeUuid}, {"read"}}}}};
}

}  // namespace

GlucoseMeter::GlucoseMeter(const DeviceClock& clock, std::chrono::minutes timeOffset)
    : GattTable(glucoseServices(), "Glucose meter"), clock_(clock), timeOffset_(timeOffset) {
  const auto feature = gatt::encode(gatt::GlucoseFeature{gatt::GlucoseFeature::kResultHighLow});
  if (feature) setValue(gatt::kGlucoseFeatureUuid, *feature);
}

void GlucoseMeter::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) return holdCapture(*capture);
  if (const auto* value = std::get_if<GlucoseValue>(&what)) {
    holdValue(*value, clock_.at(measuredAt));
  }
}

void GlucoseMeter::holdCapture(const Capture& capture) {
  SentRecord record{.bytes = capture.bytes, .counts = capture.counts};
  const auto decoded = gatt::decodeGlucoseMeasurement(capture.bytes);
  if (decoded) record.deviceTime = decoded->value.userFacingTime();
  if (capture.number) {
    record.recordNumber = capture.number;
  } else {
    record.recordNumber = decoded ? decoded->value.sequence : records_.nextNumber();
  }
  records_.add(std::move(record));
}

void GlucoseMeter::holdValue(const GlucoseValue& value, LocalTime at) {
  using Measured = gatt::GlucoseMeasurement;
  Measured measured;
  measured.sequence = static_cast<std::uint16_t>(records_.nextNumber());
  measured.baseTime = gatt::DateTime::of(at - timeOffset_);
  measured.timeOffset = timeOffset_;
  // 1 mg/dL is 10^-5 kg/L.
  measured.concentration = Measured::Concentration{
      value.milligramPerDecilitre.shifted(-5), Measured::WireUnit::kKilogramPerLitre,
      Measured::SampleType::kCapillaryWholeBlood, Measured::SampleLocation::kFinger};
  const auto encoded = gatt::encode(measured);
  if (!encoded) return;  // the scenario's loader lets no such value through
  records_.add({*encoded, measured.sequence, at, true});
}

std::expected<Bytes, AttError> GlucoseMeter::read(std::string_view characteristic, const Link& link,
                                                  UtcTime now) {
  if (characteristic != gatt::kDateTimeUuid) return GattTable::read(characteristic, link, now);
  auto encoded = gatt::encode(gatt::DateTime::of(clock_.at(now)));
  if (!encoded) return std::unexpected(AttError::kReadNotPermitted);
  return *encoded;
}

std::expected<void, AttError> GlucoseMeter::write(std::string_view characteristic, ByteView value,
                                                  const Link& link, UtcTime now) {
  if (characteristic != gatt::kRecordAccessUuid) {
    return GattTable::write(characteristic, value, link, now);
  }
  if (!link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  if (!isSubscribed(gatt::kRecordAccessUuid) || !isSubscribed(gatt::kGlucoseMeasurementUuid)) {
    return std::unexpected(AttError::kCccdImproperlyConfigured);
  }
  return records_.write(value);
}

std::optional<Outgoing> GlucoseMeter::takeNext() {
  // Without both subscriptions a procedure ends.
  if (!isSubscribed(gatt::kRecordAccessUuid) || !isSubscribed(gatt::kGlucoseMeasurementUuid)) {
    records_.linkLost();
  }
  auto step = records_.take();
  if (!step) return std::nullopt;
  if (auto* record = std::get_if<SentRecord>(&*step)) {
    return Outgoing{std::string{gatt::kGlucoseMeasurementUuid}, record->bytes, std::move(*record)};
  }
  return Outgoing{std::string{gatt::kRecordAccessUuid},
                  std::get<RecordAccessServer::Indication>(std::move(*step)), std::nullopt};
}

void GlucoseMeter::linkLost() {
  records_.linkLost();
  GattTable::linkLost();
}

}  // namespace vardnav::ble::virtual_home
