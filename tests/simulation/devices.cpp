// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/devices.h"

#include <utility>

#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/weight_measurement.h"

namespace vardnav::simulation {
namespace {

using namespace std::chrono_literals;

ble::gatt::DateTime dateTimeOf(LocalTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  ble::gatt::DateTime result;
  result.year = static_cast<std::uint16_t>(static_cast<int>(date.year()));
  result.month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
  result.day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));
  result.hour = static_cast<std::uint8_t>(clock.hours().count());
  result.minute = static_cast<std::uint8_t>(clock.minutes().count());
  result.second = static_cast<std::uint8_t>(clock.seconds().count());
  return result;
}

}  // namespace

Meter::Meter(World& world, HubNode& hub, DeviceId id)
    : world_(world), hub_(hub), id_(std::move(id)) {
  // Some were never set and are years behind.
  wrongBy_ = world_.chance.happens(300) ? -Milliseconds{24h * 365 * 6}
                                        : world_.chance.between(-90min, 90min);
}

LocalTime Meter::clockAt(UtcTime time) const {
  return LocalTime{std::chrono::floor<std::chrono::seconds>((time + wrongBy_).time_since_epoch())};
}

Bytes Meter::octetsOf(const Truth& truth) const {
  ble::gatt::GlucoseMeasurement measurement;
  measurement.sequence = static_cast<std::uint16_t>(truth.number);
  measurement.baseTime = dateTimeOf(clockAt(truth.at));
  measurement.concentration.emplace();
  // kg/L, as 2A18 has it.
  measurement.concentration->value = Decimal(truth.milligramPerDecilitre, -5);
  if (truth.isControl) {
    measurement.concentration->type = ble::gatt::GlucoseMeasurement::SampleType::kControlSolution;
  }
  return ble::gatt::encode(measurement).value();
}

void Meter::measure() {
  Truth truth;
  truth.at = world_.now();
  truth.number = static_cast<std::uint32_t>(memory_.size()) + 1;
  const bool isLow = world_.chance.happens(60);
  truth.milligramPerDecilitre =
      isLow ? world_.chance.between(38, 69) : world_.chance.between(75, 290);
  truth.isControl = world_.chance.happens(10);
  memory_.push_back(truth);
}

void Meter::show() {
  if (!hub_.isRunning()) return;
  const auto last = hub_.lastRecordNumber(id_, "2A18");
  const ClockReading clock{{DeviceTime::Timeline::kLocal, clockAt(world_.now())},
                           hub_.clock().utcNow(),
                           Milliseconds{1000}};
  for (const Truth& truth : memory_) {
    if (last && truth.number <= *last) continue;
    if (world_.chance.happens(10)) return;  // a strip goes in: the meter drops the link
    RawRecord record;
    record.device = id_;
    record.characteristic = "2A18";
    record.bytes = octetsOf(truth);
    record.recordNumber = truth.number;
    record.clock = clock;
    record.isStored = true;
    record.receivedAt = hub_.clock().utcNow();
    if (!hub_.take(std::move(record))) return;
  }
}

void Scale::weigh() {
  ble::gatt::WeightMeasurement measurement;
  measurement.weight = Decimal(world_.chance.between(13600, 14400) * 5, -3);
  RawRecord record;
  record.device = id_;
  record.characteristic = "2A9D";
  record.bytes = ble::gatt::encode(measurement).value();
  if (!hub_.isRunning()) {
    ++lost;
    return;
  }
  record.receivedAt = hub_.clock().utcNow();
  if (const auto accepted = hub_.take(std::move(record))) {
    taken.push_back(accepted->key);
  } else {
    ++lost;
  }
}

}  // namespace vardnav::simulation
