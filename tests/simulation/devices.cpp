// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/devices.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/weight_measurement.h"

namespace vardnav::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kMostTogether = 8;

/// A trusted clock that is wrong all the same.
bool isDeceived(const HubNode& hub, const World& world) {
  return hub.clock().isTrusted() &&
         std::chrono::abs(hub.clock().utcNow() - world.now()) > kMostWrong;
}

/// Of a meter's clock.
Milliseconds someError(World& world) {
  // Some were never set and are years behind.
  return world.chance.happens(300) ? -Milliseconds{24h * 365 * 6}
                                   : world.chance.between(-90min, 90min);
}

}  // namespace

Meter::Meter(World& world, HubNode& hub, DeviceId id)
    : world_(world), hub_(hub), id_(std::move(id)), wrongBy_(someError(world)) {}

LocalTime Meter::clockNow() const {
  return LocalTime{
      std::chrono::floor<std::chrono::seconds>((world_.now() + wrongBy_).time_since_epoch())};
}

void Meter::setClock() {
  wrongBy_ = someError(world_);
  for (Truth& truth : memory_) {
    if (truth.number > given_) truth.isTimeLost = true;
  }
}

Bytes Meter::octetsOf(const Truth& truth) const {
  ble::gatt::GlucoseMeasurement measurement;
  measurement.sequence = static_cast<std::uint16_t>(truth.number);
  measurement.baseTime = ble::gatt::DateTime::of(truth.shown);
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
  truth.shown = clockNow();
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
  const ClockReading clock{
      {DeviceTime::Timeline::kLocal, clockNow()}, hub_.clock().utcNow(), Milliseconds{1000}};
  std::vector<RawRecord> come;
  for (Truth& truth : memory_) {
    if (last && truth.number <= *last) continue;
    if (world_.chance.happens(10)) break;  // a strip goes in: the meter drops the link
    if (isDeceived(hub_, world_)) truth.isTimeLost = true;
    RawRecord record;
    record.device = id_;
    record.characteristic = "2A18";
    record.bytes = octetsOf(truth);
    record.recordNumber = truth.number;
    record.clock = clock;
    record.isStored = true;
    record.receivedAt = hub_.clock().utcNow();
    come.push_back(std::move(record));
    // Now and then they come faster than they are committed.
    const std::size_t together = 1 + truth.number % kMostTogether;
    if (come.size() >= together && !give(std::exchange(come, {}))) return;
  }
  if (!come.empty()) give(std::move(come));
}

/// False: one could not be stored, and the session ends.
bool Meter::give(std::vector<RawRecord> records) {
  const std::uint32_t first = *records.front().recordNumber;
  const auto answers = hub_.take(std::move(records));
  const auto refused = std::ranges::find_if(answers, [](const auto& answer) { return !answer; });
  const auto taken = static_cast<std::uint32_t>(refused - answers.begin());
  if (taken > 0) given_ = first + taken - 1;
  return refused == answers.end();
}

void Scale::weigh() {
  Weighing weighing;
  weighing.at = world_.now();
  weighing.gram = world_.chance.between(13600, 14400) * 5;
  if (hub_.isRunning()) {
    weighing.isTimeLost = isDeceived(hub_, world_);
    ble::gatt::WeightMeasurement measurement;
    measurement.weight = Decimal(weighing.gram, -3);
    RawRecord record;
    record.device = id_;
    record.characteristic = "2A9D";
    record.bytes = ble::gatt::encode(measurement).value();
    record.receivedAt = hub_.clock().utcNow();
    if (const auto accepted = hub_.take(std::move(record))) weighing.key = accepted->key;
  }
  weighings_.push_back(weighing);
}

}  // namespace vardnav::simulation
