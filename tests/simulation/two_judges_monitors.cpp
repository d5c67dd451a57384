// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/two_judges_monitors.h"

#include <utility>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/temperature_measurement.h"
#include "pipelines/model/code.h"

namespace vardnav::simulation {
namespace {

using namespace std::chrono_literals;
using ble::gatt::NoNumber;
using ble::gatt::Number;

// MDC units.
constexpr std::uint32_t kLitre = 263744;
constexpr std::uint32_t kLitrePerMinute = 265216;
/// i-SENS: the value of this meal is ketone.
constexpr auto kKetoneMeal = ble::gatt::GlucoseContext::Meal{6};

RawRecord recordOf(std::string characteristic, Bytes bytes) {
  RawRecord record;
  record.characteristic = std::move(characteristic);
  record.bytes = std::move(bytes);
  return record;
}

}  // namespace

Monitor::Monitor(World& world, HubNode& hub, DeviceId id, MonitorKind kind)
    : world_(world), hub_(hub), id_(std::move(id)), kind_(kind) {
  wrongBy_ = world_.chance.happens(200) ? -Milliseconds{24h * 365 * 6}
                                        : world_.chance.between(-90min, 90min);
}

std::int64_t Monitor::value(const Range& range) {
  return isIll_ ? world_.chance.between(range.illLow, range.illHigh)
                : world_.chance.between(range.low, range.high);
}

LocalTime Monitor::clockNow() const {
  return LocalTime{
      std::chrono::floor<std::chrono::seconds>((world_.now() + wrongBy_).time_since_epoch())};
}

RawRecord Monitor::glucose(bool isKetone) {
  ble::gatt::GlucoseMeasurement measurement;
  measurement.sequence = ++count_;
  measurement.baseTime = ble::gatt::DateTime::of(clockNow());
  auto& concentration = measurement.concentration.emplace();
  concentration.unit = ble::gatt::GlucoseMeasurement::WireUnit::kMolePerLitre;
  const auto tenths = isKetone ? value({1, 5, 5, 35}) : value({45, 99, 24, 180});
  concentration.value = Decimal(tenths, -4);
  const auto odd = world_.chance.between(0, 39);
  if (odd == 0) concentration.value = std::unexpected(NoNumber::kPlusInfinity);
  if (odd == 1 && !isKetone) concentration.value = std::unexpected(NoNumber::kMinusInfinity);
  if (odd == 2) concentration.value = std::unexpected(NoNumber::kNaN);
  measurement.contextFollows = isKetone;
  RawRecord record =
      recordOf(isKetone ? "2A18/caresens" : "2A18", ble::gatt::encode(measurement).value());
  if (isKetone) {
    ble::gatt::GlucoseContext context;
    context.sequence = measurement.sequence;
    context.meal = kKetoneMeal;
    record.context = ble::gatt::encode(context).value();
  }
  record.recordNumber = measurement.sequence;
  return record;
}

RawRecord Monitor::spirometry() {
  struct Part {
    Code code;
    std::uint32_t unit;
    Range range;
    int exponent;
  };
  const Part parts[] = {{Code::kFev1, kLitre, {230, 255, 150, 220}, -2},
                        {Code::kFvc, kLitre, {330, 360, 230, 320}, -2},
                        {Code::kPef, kLitrePerMinute, {310, 350, 200, 330}, 0}};
  ble::gatt::HealthHeader header;
  ble::gatt::ElapsedTime& time = header.time.emplace();
  time.isCurrentTimeline = true;
  time.raw = static_cast<std::uint64_t>(
      (clockNow() -
       LocalTime{std::chrono::sys_days{std::chrono::January / 1 / 2000}.time_since_epoch()})
          .count());
  header.status =
      world_.chance.happens(60) ? std::uint16_t{ble::gatt::kHealthQuestionable} : std::uint16_t{0};
  ble::gatt::HealthFrame frame;
  frame.bundle = header;
  for (const Part& part : parts) {
    ble::gatt::HealthObservation observation;
    observation.header = header;
    observation.header.type = rowOf(part.code).mdc;
    Number number = Decimal(value(part.range), part.exponent);
    if (world_.chance.happens(15)) number = std::unexpected(NoNumber::kNaN);
    observation.value = ble::gatt::HealthNumeric{part.unit, number};
    frame.observations.push_back(std::move(observation));
  }
  return recordOf("2B8B", ble::gatt::encode(frame).value());
}

RawRecord Monitor::saturation() {
  ble::gatt::SpotCheckMeasurement measurement;
  measurement.normal.spo2Percent = Decimal(value({93, 98, 80, 96}), 0);
  measurement.normal.pulsePerMinute = Decimal(value({55, 95, 38, 140}), 0);
  if (world_.chance.happens(100)) {
    measurement.normal.pulsePerMinute = std::unexpected(NoNumber::kNaN);
  }
  measurement.time = ble::gatt::DateTime::of(clockNow());
  return recordOf("2A5E", ble::gatt::encode(measurement).value());
}

RawRecord Monitor::pressure() {
  ble::gatt::BloodPressureMeasurement measurement;
  measurement.diastolic = Decimal(value({65, 89, 45, 84}), 0);
  measurement.systolic = Decimal(value({105, 150, 84, 235}), 0);
  measurement.mean = Decimal(value({80, 104, 60, 150}), 0);
  if (world_.chance.happens(300)) measurement.mean = std::unexpected(NoNumber::kNaN);
  if (world_.chance.happens(20)) measurement.diastolic = std::unexpected(NoNumber::kNaN);
  measurement.context.time = ble::gatt::DateTime::of(clockNow());
  measurement.context.pulsePerMinute = Decimal(value({55, 95, 38, 140}), 0);
  return recordOf("2A35", ble::gatt::encode(measurement).value());
}

RawRecord Monitor::temperature() {
  ble::gatt::TemperatureMeasurement measurement;
  measurement.temperature = Decimal(value({361, 374, 345, 403}), -1);
  measurement.time = ble::gatt::DateTime::of(clockNow());
  return recordOf("2A1C", ble::gatt::encode(measurement).value());
}

RawRecord Monitor::advert() {
  ble::gatt::ScaleAdvert advert;
  advert.weight = Decimal(value({13600, 14400, 13000, 15000}) * 5, -3);
  advert.isStable = true;
  advert.time = ble::gatt::DateTime::of(clockNow());
  return recordOf("181D", ble::gatt::encodeWeightAdvert(advert).value());
}

RawRecord Monitor::frame() {
  switch (kind_) {
    case MonitorKind::kMillimoleMeter:
      return glucose(false);
    case MonitorKind::kKetoneMeter:
      return glucose(true);
    case MonitorKind::kSpirometer:
      return spirometry();
    case MonitorKind::kOximeter:
      return saturation();
    case MonitorKind::kCuff:
      return pressure();
    case MonitorKind::kThermometer:
      return temperature();
    case MonitorKind::kAdvertScale:
      return advert();
  }
  return {};
}

void Monitor::measure() {
  if (world_.chance.happens(isIll_ ? 150 : 30)) isIll_ = !isIll_;
  kept_.push_back(frame());
  kept_.back().device = id_;
}

void Monitor::show() {
  while (hub_.isRunning() && !kept_.empty()) {
    RawRecord record = kept_.front();
    record.isStored = kind_ != MonitorKind::kAdvertScale;
    if (record.isStored) {
      record.clock = ClockReading{
          {DeviceTime::Timeline::kLocal, clockNow()}, hub_.clock().utcNow(), Milliseconds{1000}};
    }
    record.receivedAt = hub_.clock().utcNow();
    if (!hub_.take(std::move(record))) return;
    // Else it is sent once more.
    if (!world_.chance.happens(30)) kept_.erase(kept_.begin());
  }
}

}  // namespace vardnav::simulation
