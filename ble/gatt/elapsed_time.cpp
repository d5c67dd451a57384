// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/elapsed_time.h"

#include "ble/gatt/elapsed_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kTick = 1U << 0;
constexpr std::uint8_t kUtc = 1U << 1;
constexpr unsigned kResolutionShift = 2;
constexpr std::uint8_t kResolutionMask = 3;
constexpr std::uint8_t kOffsetUsed = 1U << 4;
constexpr std::uint8_t kCurrentTimeline = 1U << 5;

constexpr std::chrono::sys_days kEpoch2000 = std::chrono::year(2000) / 1 / 1;
constexpr std::chrono::sys_days kYear10000 = std::chrono::year(10000) / 1 / 1;

std::uint64_t unitsPerSecond(ElapsedTime::Resolution resolution) {
  switch (resolution) {
    case ElapsedTime::Resolution::kSecond:
      return 1;
    case ElapsedTime::Resolution::kTenth:
      return 10;
    case ElapsedTime::Resolution::kMillisecond:
      return 1000;
    case ElapsedTime::Resolution::kTenthOfMillisecond:
      return 10000;
  }
  return 1;
}

std::chrono::seconds secondsOf(const ElapsedTime& time) {
  // 48 bits at most after decoding; masked so that a hand-made value cannot overflow either.
  const std::uint64_t raw = time.raw & ((std::uint64_t{1} << 48) - 1);
  return std::chrono::seconds(raw / unitsPerSecond(time.resolution));
}

}  // namespace

std::optional<DeviceTime> ElapsedTime::deviceTime() const {
  if (isTick) return std::nullopt;
  DeviceTime out;
  out.timeline = isUtc ? DeviceTime::Timeline::kUtc : DeviceTime::Timeline::kLocal;
  out.at = LocalTime(kEpoch2000.time_since_epoch() + secondsOf(*this));
  return out;
}

Milliseconds ElapsedTime::resolutionTime() const {
  switch (resolution) {
    case Resolution::kSecond:
      return Milliseconds(1000);
    case Resolution::kTenth:
      return Milliseconds(100);
    case Resolution::kMillisecond:
    case Resolution::kTenthOfMillisecond:
      return Milliseconds(1);
  }
  return Milliseconds(1000);
}

ElapsedTime elapsedUtc(UtcTime at, std::uint8_t syncSource) {
  ElapsedTime out;
  out.isUtc = true;
  out.isCurrentTimeline = true;
  out.syncSource = syncSource;
  const auto since = std::chrono::floor<std::chrono::seconds>(at - kEpoch2000);
  out.raw = since.count() < 0 ? 0 : static_cast<std::uint64_t>(since.count());
  return out;
}

ElapsedTime readElapsedTime(OctetReader& reader) {
  const std::uint8_t flags = reader.u8();
  ElapsedTime out;
  out.isTick = (flags & kTick) != 0;
  out.isUtc = (flags & kUtc) != 0;
  out.resolution =
      static_cast<ElapsedTime::Resolution>(flags >> kResolutionShift & kResolutionMask);
  out.usesOffset = (flags & kOffsetUsed) != 0;
  out.isCurrentTimeline = (flags & kCurrentTimeline) != 0;
  out.raw = reader.u48();
  out.syncSource = reader.u8();
  out.offsetQuarters = static_cast<std::int8_t>(reader.u8());
  return out;
}

bool isPossible(const ElapsedTime& time) {
  return time.isTick || kEpoch2000 + secondsOf(time) < kYear10000;
}

bool isEncodable(const ElapsedTime& time) { return time.raw >> 48 == 0 && isPossible(time); }

void writeElapsedTime(OctetWriter& writer, const ElapsedTime& time) {
  unsigned flags = static_cast<unsigned>(time.resolution) << kResolutionShift;
  if (time.isTick) flags |= kTick;
  if (time.isUtc) flags |= kUtc;
  if (time.usesOffset) flags |= kOffsetUsed;
  if (time.isCurrentTimeline) flags |= kCurrentTimeline;
  writer.u8(static_cast<std::uint8_t>(flags));
  writer.u48(time.raw);
  writer.u8(time.syncSource);
  writer.u8(static_cast<std::uint8_t>(time.offsetQuarters));
}

Decoding<ElapsedTime> decodeElapsedTime(ByteView octets) {
  OctetReader reader(octets);
  const ElapsedTime time = readElapsedTime(reader);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (!isPossible(time)) return std::unexpected(Fault::kBadDate);
  return Decoded<ElapsedTime>{time, reader.remaining()};
}

Encoding encode(const ElapsedTime& time) {
  if (!isEncodable(time)) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writeElapsedTime(writer, time);
  return writer.take();
}

Decoding<ElapsedTimeClock> decodeElapsedTimeClock(ByteView octets) {
  OctetReader reader(octets);
  ElapsedTimeClock clock;
  clock.time = readElapsedTime(reader);
  clock.status = reader.u8();
  clock.capabilities = reader.u8();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (!isPossible(clock.time)) return std::unexpected(Fault::kBadDate);
  return Decoded<ElapsedTimeClock>{clock, reader.remaining()};
}

Encoding encode(const ElapsedTimeClock& clock) {
  if (!isEncodable(clock.time)) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writeElapsedTime(writer, clock.time);
  writer.u8(clock.status);
  writer.u8(clock.capabilities);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
