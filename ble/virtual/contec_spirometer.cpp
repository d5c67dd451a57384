// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/contec_spirometer.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/contec_record.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr std::string_view kService = "FF12";
constexpr std::string_view kWriteUuid = "FF01";
constexpr std::string_view kNotifyUuid = "FF02";

enum Command : std::uint8_t {
  kHello = 0x80,
  kState = 0x82,
  kSetTime = 0x83,
  kCount = 0x90,
  kRecords = 0x91,
  kWaveform = 0x92,
  kDelete = 0x93,
  kPredicted = 0x94,
};
enum Which : std::uint8_t { kFirst = 0x00, kNext = 0x01, kKeep = 0x7E, kForget = 0x7F };

constexpr std::uint8_t kSevenBits = 0x7F;
constexpr std::uint8_t kNoRecord = 126;
// Of an answer, its first octet and the checksum included.
constexpr std::size_t kStateSize = 8;
constexpr std::size_t kCountSize = 10;
constexpr std::size_t kPredictedSize = 23;
constexpr std::size_t kWaveformHead = 5;
constexpr std::size_t kSampleSize = 8;
constexpr std::size_t kSamples = 12;

std::uint8_t checksumOf(ByteView octets) {
  unsigned sum = 0;
  for (const std::uint8_t octet : octets) sum += octet;
  return static_cast<std::uint8_t>(sum & kSevenBits);
}

/// FEV1/FVC in tenths of a percent.
Decimal ratioOf(const Decimal& fev1, const Decimal& fvc) {
  const auto part = fev1.rounded(2);
  const auto whole = fvc.rounded(2);
  if (!part || !whole || whole->mantissa() == 0) return {};
  return {(part->mantissa() * 1000 + whole->mantissa() / 2) / whole->mantissa(), -1};
}

std::vector<Service> contecServices() {
  return {{std::string{kService},
           {{std::string{kWriteUuid}, {"write"}}, {std::string{kNotifyUuid}, {"notify"}}}}};
}

}  // namespace

ContecSpirometer::ContecSpirometer(const DeviceClock& clock, std::uint16_t mtu)
    : GattTable(contecServices(), "Spirometer (FF12)"),
      clock_(clock),
      valueSize_(std::size_t{mtu} - 3) {}

void ContecSpirometer::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) return holdCapture(*capture);
  const auto* value = std::get_if<ContecBlow>(&what);
  if (value == nullptr) return;
  const LocalTime at = clock_.at(measuredAt);
  gatt::ContecRecord record;
  record.number = static_cast<std::uint16_t>(held_.size() + 1);
  record.time = gatt::DateTime::of(at);
  record.fev1Litre = value->fev1;
  record.fvcLitre = value->fvc;
  record.pefLitrePerSecond = value->pefPerSecond;
  record.ratioPercent = ratioOf(value->fev1, value->fvc);
  const auto octets = gatt::encode(record);
  if (!octets) return;  // the scenario's loader lets no such value through
  held_.push_back({{.bytes = *octets, .recordNumber = record.number, .deviceTime = at}});
}

void ContecSpirometer::holdCapture(const Capture& capture) {
  SentRecord record{.bytes = capture.bytes, .counts = capture.counts};
  if (const auto decoded = gatt::decodeContecRecord(capture.bytes)) {
    record.deviceTime = decoded->value.time.local();
    record.recordNumber = decoded->value.number;
  }
  if (capture.number) record.recordNumber = capture.number;
  held_.push_back({std::move(record)});
}

std::expected<void, AttError> ContecSpirometer::write(std::string_view characteristic,
                                                      ByteView value, const Link& link,
                                                      UtcTime now) {
  if (characteristic != kWriteUuid) return GattTable::write(characteristic, value, link, now);
  // What is no command is not answered.
  if (value.size() < 2 || checksumOf(value.first(value.size() - 1)) != value.back()) return {};
  obey(value.first(value.size() - 1), now);
  return {};
}

void ContecSpirometer::obey(ByteView command, UtcTime now) {
  switch (command.front()) {
    case kHello:
      return answer({0xF0});
    case kSetTime:
      return setClock(command, now);
    case kState: {
      Bytes state(kStateSize - 1, 0);
      state.front() = 0xF2;
      return answer(std::move(state));
    }
    case kPredicted: {
      Bytes predicted(kPredictedSize - 1, 0);
      predicted.front() = 0xE4;
      return answer(std::move(predicted));
    }
    case kCount: {
      Bytes count(kCountSize - 1, 0);
      const std::size_t told = held_.size() + std::exchange(miscount_, 0U);
      count[0] = 0xE0;
      count[1] = static_cast<std::uint8_t>(told & kSevenBits);
      count[2] = static_cast<std::uint8_t>((told >> 7) & kSevenBits);
      return answer(std::move(count));
    }
    case kRecords:
      return giveRecords(command);
    case kWaveform: {
      // Its head says how many samples follow; nothing closes them.
      Bytes waveform(kWaveformHead + kSamples * kSampleSize, 0);
      waveform[0] = 0xE2;
      waveform[3] = kSamples;
      return send(waveform);
    }
    case kDelete:
      held_.clear();
      given_.reset();
      return;
    default:
      return;
  }
}

void ContecSpirometer::giveRecords(ByteView command) {
  if (command.size() < 2) return;
  const bool isOver = command[1] == kKeep || command[1] == kForget;
  // Who asks for more, or ends well, has what was given.
  if (given_ && command[1] != kFirst) held_[*given_].isCollected = true;
  if (command[1] == kForget) held_.clear();
  if (isOver) {
    given_.reset();
    return;
  }
  const std::size_t next = command[1] == kNext && given_ ? *given_ + 1 : 0;
  if (next < held_.size()) return giveRecord(next);
  Bytes none(gatt::ContecRecord::kSize - 1, 0);
  none[0] = 0xE1;
  none[1] = kNoRecord;
  answer(std::move(none));
}

void ContecSpirometer::giveRecord(std::size_t index) {
  given_ = index;
  send(held_[index].record.bytes);
  pieces_.back().record = held_[index].record;
}

void ContecSpirometer::setClock(ByteView command, UtcTime now) {
  constexpr std::size_t kFields = 6;
  constexpr std::uint16_t kCentury = 2000;
  if (command.size() < 1 + kFields) return;
  gatt::DateTime time;
  time.year = static_cast<std::uint16_t>(kCentury + command[1]);
  time.month = command[2];
  time.day = command[3];
  time.hour = command[4];
  time.minute = command[5];
  time.second = command[6];
  if (const auto shown = time.local()) clock_ = DeviceClock(*shown, now);
  answer({0xF3, 0x00});
}

void ContecSpirometer::answer(Bytes octets) {
  octets.push_back(checksumOf(octets));
  send(octets);
}

void ContecSpirometer::send(const Bytes& octets) {
  for (std::size_t from = 0; from < octets.size(); from += valueSize_) {
    const auto begin = octets.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t size = std::min(valueSize_, octets.size() - from);
    pieces_.push_back({std::string{kNotifyUuid},
                       Bytes(begin, begin + static_cast<std::ptrdiff_t>(size)), std::nullopt});
  }
}

std::optional<Outgoing> ContecSpirometer::takeNext() {
  if (!isSubscribed(kNotifyUuid)) pieces_.clear();
  if (pieces_.empty()) return std::nullopt;
  Outgoing next = std::move(pieces_.front());
  pieces_.pop_front();
  if (next.record && given_) held_[*given_].hasGoneOut = true;
  return next;
}

void ContecSpirometer::linkLost() {
  pieces_.clear();
  given_.reset();
  GattTable::linkLost();
}

bool ContecSpirometer::hasUncollected() const {
  return std::ranges::any_of(
      held_, [](const Held& held) { return held.record.counts && !held.isCollected; });
}

std::size_t ContecSpirometer::unsent() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      held_, [](const Held& held) { return held.record.counts && !held.hasGoneOut; }));
}

}  // namespace vardnav::ble::virtual_home
