// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One normalised value: what the rest of the product speaks of. Plain data, any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "pipelines/model/code.h"
#include "pipelines/model/digest.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/unit.h"

namespace vardnav {

/// A number, or one of the things a meter says instead of one. Three different things: absent is
/// no Observation at all, failed is kNotANumber, out of the meter's range is kHigh or kLow.
struct Value {
  enum class Kind : std::uint8_t { kNumber, kHigh, kLow, kNotANumber };
  Kind kind = Kind::kNumber;
  Decimal number;  ///< 0 unless kNumber

  static Value of(const Decimal& number) { return {Kind::kNumber, number}; }
  friend bool operator==(const Value&, const Value&) = default;
};

/// Decimal string, or "HI", "LO", "NaN".
std::string toString(const Value& value);
std::optional<Value> valueFromString(std::string_view text);

/// Why a reading may not count. Names as in readings files.
enum class Flag : std::uint8_t {
  kControlSolution,    // control-solution
  kBadBlow,            // bad-blow
  kPersonOther,        // person-other
  kPersonUnconfirmed,  // person-unconfirmed
  kClockFault,         // clock-fault
  kSuspectedRepeat,    // suspected-repeat
  kManual,             // manual
  kQuestionable,       // questionable: the device doubts it (movement, weak signal); it counts
};

std::string_view nameOf(Flag flag);
std::optional<Flag> flagFromName(std::string_view name);

class Flags {
 public:
  constexpr Flags() = default;
  constexpr Flags(std::initializer_list<Flag> flags) {
    for (const Flag flag : flags) set(flag);
  }
  constexpr void set(Flag flag) { bits_ |= bit(flag); }
  constexpr bool has(Flag flag) const { return (bits_ & bit(flag)) != 0; }
  constexpr std::uint32_t bits() const { return bits_; }  ///< for storage
  static constexpr Flags fromBits(std::uint32_t bits) {
    Flags flags;
    flags.bits_ = bits;
    return flags;
  }
  friend bool operator==(const Flags&, const Flags&) = default;

 private:
  static constexpr std::uint32_t bit(Flag flag) { return 1U << static_cast<unsigned>(flag); }
  std::uint32_t bits_ = 0;
};

enum class TimeMethod : std::uint8_t {
  kDeviceSynchronised,  ///< the device's clock is kept by an outside source: "device-synchronised"
  kAnchored,            ///< device stamp moved by (hub − device) read in that session: "anchored"
  kHubReceive,          ///< the device sends no time; measured while connected: "hub-receive"
  kUnanchored,          ///< time fault: `at` is only the receive time, for ordering: "unanchored"
};

std::string_view nameOf(TimeMethod method);
std::optional<TimeMethod> timeMethodFromName(std::string_view name);

struct Observation {
  ReadingKey reading;          ///< of the record it came from
  std::uint16_t revision = 1;  ///< counts corrections of the same reading
  Code code = Code::kGlucose;
  Value value;             ///< in the device's own unit
  Unit unit = Unit::kOne;  ///< the device's own unit
  /// In the product's unit (mmol/L, kg, L); absent unless value is a number.
  std::optional<Quantity> shown;
  PersonId person;
  DeviceId device;
  std::optional<std::uint8_t> slot;  ///< user number on the device, where it has several
  std::optional<std::uint32_t> recordNumber;
  std::optional<DeviceTime> deviceTime;  ///< as the device sent it
  UtcTime at{};                          ///< corrected event time
  TimeMethod method = TimeMethod::kHubReceive;
  Milliseconds uncertainty{0};
  UtcTime receivedAt{};  ///< by the hub
  Flags flags;
};

}  // namespace vardnav
