// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/spirometer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/segments.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr std::string_view kFeaturesUuid = "2BF3";
constexpr std::uint8_t kNtp = 1;  // synchronisation source of the clock

// ISO/IEEE 11073-10101.
constexpr std::uint32_t kFev1 = 152586;
constexpr std::uint32_t kFvc = 188928;
constexpr std::uint32_t kPef = 152584;
constexpr std::uint32_t kLitre = 263744;
constexpr std::uint32_t kLitrePerMinute = 265216;

std::vector<Service> spirometerServices() {
  return {
      {std::string{gatt::kGenericHealthSensorService},
       {{std::string{kFeaturesUuid}, {"read"}},
        {std::string{gatt::kLiveObservationsUuid}, {"notify"}},
        {std::string{gatt::kStoredObservationsUuid}, {"notify"}},
        {std::string{gatt::kRecordAccessUuid}, {"write", "indicate"}, true}}},
      {std::string{gatt::kElapsedTimeService}, {{std::string{gatt::kElapsedTimeUuid}, {"read"}}}}};
}

/// 2BF3: flags, number of observation types, types (u32).
Bytes features() {
  constexpr std::array kTypes{kFev1, kFvc, kPef};
  Bytes octets{0, static_cast<std::uint8_t>(kTypes.size())};
  for (const std::uint32_t type : kTypes) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      octets.push_back(static_cast<std::uint8_t>(type >> shift));
    }
  }
  return octets;
}

UtcTime asUtc(LocalTime shown) { return UtcTime{shown.time_since_epoch()}; }

std::optional<LocalTime> timeOf(const gatt::HealthFrame& frame) {
  for (const gatt::HealthObservation& observation : frame.observations) {
    const auto time =
        observation.header.time ? observation.header.time->deviceTime() : std::nullopt;
    if (time) return time->at;
  }
  return std::nullopt;
}

gatt::HealthObservation numeric(std::uint32_t type, std::uint32_t unit, const Decimal& value,
                                const gatt::ElapsedTime& time) {
  gatt::HealthObservation observation;
  observation.header.type = type;
  observation.header.time = time;
  observation.value = gatt::HealthNumeric{unit, value};
  return observation;
}

}  // namespace

Spirometer::Spirometer(const DeviceClock& clock, std::uint16_t mtu)
    : GattTable(spirometerServices(), "Spirometer (Generic Health Sensor)"),
      clock_(clock),
      valueSize_(std::size_t{mtu} - 3) {
  setValue(kFeaturesUuid, features());
}

void Spirometer::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) return holdCapture(*capture);
  if (const auto* blow = std::get_if<Blow>(&what)) holdBlow(*blow, clock_.at(measuredAt));
}

void Spirometer::holdCapture(const Capture& capture) {
  SentRecord record{.bytes = capture.bytes, .counts = capture.counts};
  if (capture.characteristic == gatt::kLiveObservationsUuid) {
    const auto decoded = gatt::decodeHealthFrame(capture.bytes);
    if (decoded) record.deviceTime = timeOf(decoded->value);
    live_.push_back(std::move(record));
    return;
  }
  const auto decoded = gatt::decodeStoredHealthFrame(capture.bytes);
  if (decoded) record.deviceTime = timeOf(decoded->value.frame);
  if (capture.number) {
    record.recordNumber = capture.number;
  } else {
    record.recordNumber = decoded ? decoded->value.recordNumber : records_.nextNumber();
  }
  records_.add(std::move(record));
}

// One blow is one record: a bundle whose members share its time.
void Spirometer::holdBlow(const Blow& blow, LocalTime at) {
  const gatt::ElapsedTime time = gatt::elapsedUtc(asUtc(at), kNtp);
  gatt::StoredHealthFrame frame;
  frame.recordNumber = records_.nextNumber();
  frame.frame.bundle.emplace().time = time;
  frame.frame.observations = {numeric(kFev1, kLitre, blow.fev1, time),
                              numeric(kFvc, kLitre, blow.fvc, time),
                              numeric(kPef, kLitrePerMinute, blow.pef, time)};
  const auto encoded = gatt::encode(frame);
  if (!encoded) return;  // the scenario's loader lets no such value through
  records_.add({*encoded, frame.recordNumber, at, true});
}

std::expected<Bytes, AttError> Spirometer::read(std::string_view characteristic, const Link& link,
                                                UtcTime now) {
  if (characteristic != gatt::kElapsedTimeUuid) return GattTable::read(characteristic, link, now);
  auto encoded =
      gatt::encode(gatt::ElapsedTimeClock{.time = gatt::elapsedUtc(asUtc(clock_.at(now)), kNtp)});
  if (!encoded) return std::unexpected(AttError::kReadNotPermitted);
  return *encoded;
}

std::expected<void, AttError> Spirometer::write(std::string_view characteristic, ByteView value,
                                                const Link& link, UtcTime now) {
  if (characteristic != gatt::kRecordAccessUuid) {
    return GattTable::write(characteristic, value, link, now);
  }
  if (!link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  if (!isSubscribed(gatt::kRecordAccessUuid) || !isSubscribed(gatt::kStoredObservationsUuid)) {
    return std::unexpected(AttError::kCccdImproperlyConfigured);
  }
  return records_.write(value);
}

void Spirometer::segment(std::string_view characteristic, SentRecord record,
                         std::uint8_t& counter) {
  for (Bytes& value : gatt::intoSegments(record.bytes, valueSize_, counter)) {
    segments_.push_back({std::string{characteristic}, std::move(value), std::nullopt});
  }
  segments_.back().record = std::move(record);
}

std::optional<Outgoing> Spirometer::takeNext() {
  // Without both subscriptions a procedure ends.
  if (!isSubscribed(gatt::kRecordAccessUuid) || !isSubscribed(gatt::kStoredObservationsUuid)) {
    records_.linkLost();
  }
  if (segments_.empty() && !live_.empty() && isSubscribed(gatt::kLiveObservationsUuid)) {
    segment(gatt::kLiveObservationsUuid, live_.front(), liveCounter_);
  } else if (segments_.empty()) {
    auto step = records_.take();
    if (!step) return std::nullopt;
    if (auto* indication = std::get_if<RecordAccessServer::Indication>(&*step)) {
      return Outgoing{std::string{gatt::kRecordAccessUuid}, std::move(*indication), std::nullopt};
    }
    segment(gatt::kStoredObservationsUuid, std::get<SentRecord>(std::move(*step)), storedCounter_);
  }
  Outgoing next = std::move(segments_.front());
  segments_.pop_front();
  if (next.record && next.characteristic == gatt::kLiveObservationsUuid) live_.pop_front();
  return next;
}

void Spirometer::linkLost() {
  segments_.clear();
  records_.linkLost();
  GattTable::linkLost();
}

std::size_t Spirometer::unsent() const {
  return records_.unsent() +
         static_cast<std::size_t>(std::ranges::count_if(live_, &SentRecord::counts));
}

}  // namespace vardnav::ble::virtual_home
