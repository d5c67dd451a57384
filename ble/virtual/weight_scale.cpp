// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/weight_scale.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/current_time.h"
#include "ble/gatt/uuids.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr std::uint8_t kFiveGrams = 7;  // of the codes of 2A9E

std::vector<Service> scaleServices() {
  return {
      {std::string{gatt::kWeightScaleService},
       {{std::string{gatt::kWeightMeasurementUuid}, {"indicate"}},
        {std::string{gatt::kWeightScaleFeatureUuid}, {"read"}, true}}},
      {std::string{gatt::kCurrentTimeService}, {{std::string{gatt::kCurrentTimeUuid}, {"read"}}}}};
}

}  // namespace

WeightScale::WeightScale(const DeviceClock& clock)
    : GattTable(scaleServices(), "Weight scale"), clock_(clock) {
  const auto feature = gatt::encode(
      gatt::WeightScaleFeature{.hasTime = true, .hasUsers = true, .weightResolution = kFiveGrams});
  if (feature) setValue(gatt::kWeightScaleFeatureUuid, *feature);
}

void WeightScale::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) {
    SentRecord record{.bytes = capture->bytes, .counts = capture->counts};
    const auto decoded = gatt::decodeWeightMeasurement(capture->bytes);
    if (decoded && decoded->value.time) record.deviceTime = decoded->value.time->local();
    waiting_.push_back(std::move(record));
  } else if (const auto* value = std::get_if<WeightValue>(&what)) {
    const LocalTime at = clock_.at(measuredAt);
    gatt::WeightMeasurement measured;
    measured.weight = value->kilogram;
    measured.time = gatt::DateTime::of(at);
    const auto encoded = gatt::encode(measured);
    if (encoded) waiting_.push_back({*encoded, std::nullopt, at, true});
  }
}

std::expected<Bytes, AttError> WeightScale::read(std::string_view characteristic, const Link& link,
                                                 UtcTime now) {
  if (characteristic != gatt::kCurrentTimeUuid) return GattTable::read(characteristic, link, now);
  const LocalTime shown = clock_.at(now);
  const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(shown)};
  auto encoded = gatt::encode(gatt::CurrentTime{
      .time = gatt::DateTime::of(shown), .weekday = static_cast<std::uint8_t>(day.iso_encoding())});
  if (!encoded) return std::unexpected(AttError::kReadNotPermitted);
  return *encoded;
}

std::optional<Outgoing> WeightScale::takeNext() {
  if (waiting_.empty() || !isSubscribed(gatt::kWeightMeasurementUuid)) return std::nullopt;
  SentRecord record = std::move(waiting_.front());
  waiting_.pop_front();
  return Outgoing{std::string{gatt::kWeightMeasurementUuid}, record.bytes, std::move(record)};
}

void WeightScale::unconfirmed(const Outgoing& outgoing) {
  if (outgoing.record) waiting_.push_front(*outgoing.record);
}

std::size_t WeightScale::unsent() const {
  return static_cast<std::size_t>(std::ranges::count_if(waiting_, &SentRecord::counts));
}

}  // namespace vardnav::ble::virtual_home
