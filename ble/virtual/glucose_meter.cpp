// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/glucose_meter.h"

#include <utility>

#include "ble/gatt/date_time.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_feature.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble::virtual_home {
namespace {

// Clocks that can be set and not read; in their octets the date and time follow a head.
constexpr std::string_view kContourService = "00000000-0002-11e2-9e96-0800200c9a66";
constexpr std::string_view kContourClockUuid = "00001026-0002-11e2-9e96-0800200c9a66";
constexpr std::size_t kContourHead = 1;
constexpr std::string_view kCareSensService = "FFF0";
constexpr std::string_view kCareSensClockUuid = "FFF1";
constexpr std::size_t kCareSensHead = 4;
constexpr std::size_t kDateTimeSize = 7;
constexpr std::chrono::minutes kLargestOffset{32'000};
constexpr auto kKetoneMeal = gatt::GlucoseContext::Meal{6};

std::vector<Service> glucoseServices(Make make) {
  Service glucose{std::string{gatt::kGlucoseService},
                  {{std::string{gatt::kGlucoseMeasurementUuid}, {"notify"}},
                   {std::string{gatt::kGlucoseFeatureUuid}, {"read"}},
                   {std::string{gatt::kRecordAccessUuid}, {"write", "indicate"}, true}}};
  const auto add = [&](std::string_view uuid, std::vector<std::string> flags) {
    glucose.characteristics.push_back({std::string{uuid}, std::move(flags)});
  };
  if (make != Make::kTaiDoc) add(gatt::kGlucoseContextUuid, {"notify"});
  if (make == Make::kStandard) add(gatt::kDateTimeUuid, {"read"});
  if (make == Make::kAccuChek) add(gatt::kDateTimeUuid, {"read", "write"});
  std::vector<Service> services{std::move(glucose)};
  const auto addClock = [&](std::string_view service, std::string_view uuid) {
    services.push_back({std::string{service}, {{std::string{uuid}, {"write", "notify"}, true}}});
  };
  if (make == Make::kContour) addClock(kContourService, kContourClockUuid);
  if (make == Make::kCareSens) addClock(kCareSensService, kCareSensClockUuid);
  return services;
}

std::optional<LocalTime> timeAfter(std::size_t head, ByteView octets) {
  if (octets.size() < head + kDateTimeSize) return std::nullopt;
  const auto decoded = gatt::decodeDateTime(octets.subspan(head, kDateTimeSize));
  return decoded ? decoded->value.local() : std::nullopt;
}

}  // namespace

GlucoseMeter::GlucoseMeter(const DeviceClock& clock, std::chrono::minutes timeOffset, Make make)
    : GattTable(glucoseServices(make), "Glucose meter"),
      clock_(clock),
      timeOffset_(timeOffset),
      make_(make) {
  const auto feature = gatt::encode(gatt::GlucoseFeature{gatt::GlucoseFeature::kResultHighLow});
  if (feature) setValue(gatt::kGlucoseFeatureUuid, *feature);
}

void GlucoseMeter::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) return holdCapture(*capture);
  if (const auto* value = std::get_if<GlucoseValue>(&what)) {
    holdValue(*value, clock_.at(measuredAt));
  }
  if (const auto* value = std::get_if<KetoneValue>(&what)) {
    holdKetone(*value, clock_.at(measuredAt));
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
  keep(std::move(record));
}

void GlucoseMeter::keep(SentRecord record) {
  if (make_ == Make::kTaiDoc) {
    records_.addAsZero(std::move(record));
  } else {
    records_.add(std::move(record));
  }
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
      value.isControl ? Measured::SampleType::kControlSolution
                      : Measured::SampleType::kCapillaryWholeBlood,
      value.isControl ? Measured::SampleLocation::kControlSolution
                      : Measured::SampleLocation::kFinger};
  const auto encoded = gatt::encode(measured);
  if (!encoded) return;  // the scenario's loader lets no such value through
  keep({*encoded, measured.sequence, at, !value.isControl});
}

// As a glucose result, but for a meal that the profile reserves.
void GlucoseMeter::holdKetone(const KetoneValue& value, LocalTime at) {
  using Measured = gatt::GlucoseMeasurement;
  Measured measured;
  measured.sequence = static_cast<std::uint16_t>(records_.nextNumber());
  measured.baseTime = gatt::DateTime::of(at - timeOffset_);
  measured.timeOffset = timeOffset_;
  measured.contextFollows = true;
  measured.concentration = Measured::Concentration{
      value.millimolePerLitre.shifted(-3), Measured::WireUnit::kMolePerLitre,
      Measured::SampleType::kCapillaryWholeBlood, Measured::SampleLocation::kFinger};
  gatt::GlucoseContext context;
  context.sequence = measured.sequence;
  context.meal = kKetoneMeal;
  const auto octets = gatt::encode(measured);
  const auto contextOctets = gatt::encode(context);
  if (!octets || !contextOctets) return;  // the scenario's loader lets no such value through
  SentRecord record{*octets, measured.sequence, at, true};
  record.context = *contextOctets;
  keep(std::move(record));
}

std::expected<Bytes, AttError> GlucoseMeter::read(std::string_view characteristic, const Link& link,
                                                  UtcTime now) {
  if (characteristic != gatt::kDateTimeUuid || !has(characteristic, "read")) {
    return GattTable::read(characteristic, link, now);
  }
  auto encoded = gatt::encode(gatt::DateTime::of(clock_.at(now)));
  if (!encoded) return std::unexpected(AttError::kReadNotPermitted);
  return *encoded;
}

std::expected<void, AttError> GlucoseMeter::write(std::string_view characteristic, ByteView value,
                                                  const Link& link, UtcTime now) {
  if (characteristic == gatt::kDateTimeUuid || characteristic == kContourClockUuid ||
      characteristic == kCareSensClockUuid) {
    if (!has(characteristic, "write")) return GattTable::write(characteristic, value, link, now);
    if (!link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
    const std::size_t head = characteristic == kContourClockUuid    ? kContourHead
                             : characteristic == kCareSensClockUuid ? kCareSensHead
                                                                    : 0;
    const auto shown = timeAfter(head, value);
    if (!shown) return std::unexpected(AttError::kInvalidLength);
    setClock(*shown, now);
    return {};
  }
  if (characteristic != gatt::kRecordAccessUuid) {
    return GattTable::write(characteristic, value, link, now);
  }
  if (!link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  if (!isSubscribed(gatt::kRecordAccessUuid) || !isSubscribed(gatt::kGlucoseMeasurementUuid)) {
    return std::unexpected(AttError::kCccdImproperlyConfigured);
  }
  return records_.write(value);
}

// The base time goes on as it went, so that records keep their order; a step that the offset's 16
// bits cannot hold moves the base.
void GlucoseMeter::setClock(LocalTime shown, UtcTime now) {
  timeOffset_ += std::chrono::round<std::chrono::minutes>(shown - clock_.at(now));
  if (std::chrono::abs(timeOffset_) > kLargestOffset) timeOffset_ = std::chrono::minutes{0};
  clock_ = DeviceClock(shown, now);
}

std::optional<Outgoing> GlucoseMeter::takeNext() {
  // Without both subscriptions a procedure ends.
  if (!isSubscribed(gatt::kRecordAccessUuid) || !isSubscribed(gatt::kGlucoseMeasurementUuid)) {
    records_.linkLost();
    more_.clear();
  }
  if (!more_.empty()) {
    Outgoing next = std::move(more_.front());
    more_.pop_front();
    return next;
  }
  auto step = records_.take();
  if (!step) return std::nullopt;
  if (auto* record = std::get_if<SentRecord>(&*step)) {
    Outgoing outgoing{std::string{gatt::kGlucoseMeasurementUuid}, record->bytes,
                      std::move(*record)};
    const auto addContext = [&] {
      const Bytes& context = outgoing.record->context;
      if (context.empty() || !isSubscribed(gatt::kGlucoseContextUuid)) return;
      more_.push_back({std::string{gatt::kGlucoseContextUuid}, context, std::nullopt});
    };
    addContext();
    if (make_ == Make::kCareSens) {
      more_.push_back(outgoing);
      addContext();
    }
    return outgoing;
  }
  return Outgoing{std::string{gatt::kRecordAccessUuid},
                  std::get<RecordAccessServer::Indication>(std::move(*step)), std::nullopt};
}

void GlucoseMeter::linkLost() {
  records_.linkLost();
  more_.clear();
  GattTable::linkLost();
}

}  // namespace vardnav::ble::virtual_home
