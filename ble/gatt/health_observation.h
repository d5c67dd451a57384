// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Observations of the Generic Health Sensor Service 1.0 (2B8B live, 2BDD stored), after the
// segments are joined (segments.h).
//   2BDD only: record number u32
//   class u8 . length u16 (octets after it) . flags u16 . [b0 type u32] . [b1 time 9]
//   . [b2 duration FLOAT s] . [b3 status u16] . [b4 id u32] . [b5 patient u8]
//   . [b6 supplemental: n u8, n x u32] . [b7 derived from: n u8, n x u32]
//   . [b8 member of: n u8, n x u32] . [b9 TLVs: refused as unsupported] . value
// Value by class:
//   1 numeric: unit u16 (262144 less than the MDC code), FLOAT      2 discrete: code u32
//   3 string: length u16, UTF-8       5 compound discrete: n u8, n x code u32
//   6 compound states or events: size u8, then three masks of so many octets: bits supported, bits
//     that are events (else states), bits that are set
//   7 compound: n u8, n x (type u32, class u8, value)
//   FF bundle: n u8, n observations, which inherit the header fields they do not have themselves
//   4 (sample array) and 8 (TLV) are kept undecoded
// Types, units and codes are MDC (ISO/IEEE 11073-10101), decimal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"

namespace vardnav::ble::gatt {

/// Bits of HealthHeader::status.
enum HealthStatus : std::uint16_t {
  kHealthInvalid = 1U << 0,
  kHealthQuestionable = 1U << 1,
  kHealthUnavailable = 1U << 2,
  kHealthCalibrating = 1U << 3,
  kHealthTest = 1U << 4,
  kHealthEarly = 1U << 5,
  kHealthManual = 1U << 6,
  kHealthSetting = 1U << 7,
  kHealthThresholdError = 1U << 14,
  kHealthThresholdDisabled = 1U << 15,
};

struct HealthNumeric {
  std::uint32_t unit = 0;  ///< MDC
  Number value;
  friend bool operator==(const HealthNumeric&, const HealthNumeric&) = default;
};

struct HealthCode {
  std::uint32_t code = 0;  ///< MDC
  friend bool operator==(const HealthCode&, const HealthCode&) = default;
};

struct HealthString {
  std::string text;  ///< octets as sent; not checked to be UTF-8
  friend bool operator==(const HealthString&, const HealthString&) = default;
};

struct HealthCodes {
  std::vector<std::uint32_t> codes;  ///< MDC
  friend bool operator==(const HealthCodes&, const HealthCodes&) = default;
};

/// Three masks of one size.
struct HealthStates {
  Bytes supported;
  Bytes events;
  Bytes set;
  friend bool operator==(const HealthStates&, const HealthStates&) = default;
};

struct HealthComponent {
  std::uint32_t type = 0;  ///< MDC
  std::variant<HealthNumeric, HealthCode, HealthString> value;
  friend bool operator==(const HealthComponent&, const HealthComponent&) = default;
};

struct HealthCompound {
  std::vector<HealthComponent> components;
  friend bool operator==(const HealthCompound&, const HealthCompound&) = default;
};

/// A class whose value is not read: 4 sample array, 8 TLV.
struct HealthUndecoded {
  std::uint8_t observationClass = 0;
  Bytes value;
  friend bool operator==(const HealthUndecoded&, const HealthUndecoded&) = default;
};

struct HealthHeader {
  std::optional<std::uint32_t> type;  ///< MDC
  std::optional<ElapsedTime> time;
  std::optional<Number> durationSeconds;
  std::optional<std::uint16_t> status;
  std::optional<std::uint32_t> id;
  std::optional<std::expected<std::uint8_t, Unknown>> patient;  ///< FF: unknown
  std::vector<std::uint32_t> supplemental;                      ///< MDC; empty: absent
  std::vector<std::uint32_t> derivedFrom;                       ///< ids
  std::vector<std::uint32_t> memberOf;                          ///< ids
  friend bool operator==(const HealthHeader&, const HealthHeader&) = default;
};

struct HealthObservation {
  HealthHeader header;
  std::variant<HealthNumeric, HealthCode, HealthString, HealthCompound, HealthUndecoded,
               HealthCodes, HealthStates>
      value;
  friend bool operator==(const HealthObservation&, const HealthObservation&) = default;
};

/// One frame: one observation, or the members of a bundle with what they inherit filled in (all
/// but the bundle's type and id).
struct HealthFrame {
  std::optional<HealthHeader> bundle;  ///< nullopt: no bundle
  std::vector<HealthObservation> observations;
  friend bool operator==(const HealthFrame&, const HealthFrame&) = default;
};

struct StoredHealthFrame {
  std::uint32_t recordNumber = 0;
  HealthFrame frame;
  friend bool operator==(const StoredHealthFrame&, const StoredHealthFrame&) = default;
};

/// 2B8B, joined.
Decoding<HealthFrame> decodeHealthFrame(ByteView octets);
/// 2BDD, joined.
Decoding<StoredHealthFrame> decodeStoredHealthFrame(ByteView octets);

/// A member's fields that equal the bundle's are left out, as decoding would fill them in again.
Encoding encode(const HealthFrame& frame);
Encoding encode(const StoredHealthFrame& frame);

}  // namespace vardnav::ble::gatt
