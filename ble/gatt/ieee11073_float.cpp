// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/ieee11073_float.h"

#include <optional>

namespace vardnav::ble::gatt {
namespace {

/// One of the two formats: mantissa bits, exponent limits.
struct Format {
  unsigned mantissaBits;
  int lowestExponent;
  int highestExponent;

  constexpr std::int64_t half() const { return std::int64_t{1} << (mantissaBits - 1); }
  /// Largest ordinary mantissa; the smallest is its negative.
  constexpr std::int64_t largest() const { return half() - 3; }
};

constexpr Format kShort{12, -8, 7};
constexpr Format kLong{24, -128, 127};

/// `mantissa` as on the wire, without sign extension.
std::optional<NoNumber> specialOf(std::int64_t mantissa, const Format& format) {
  const std::int64_t half = format.half();
  if (mantissa == half - 1) return NoNumber::kNaN;
  if (mantissa == half - 2) return NoNumber::kPlusInfinity;
  if (mantissa == half) return NoNumber::kNRes;
  if (mantissa == half + 1) return NoNumber::kReserved;
  if (mantissa == half + 2) return NoNumber::kMinusInfinity;
  return std::nullopt;
}

std::uint32_t wireOf(NoNumber reason, const Format& format) {
  const auto half = static_cast<std::uint32_t>(format.half());
  switch (reason) {
    case NoNumber::kNaN:
      return half - 1;
    case NoNumber::kNRes:
      return half;
    case NoNumber::kPlusInfinity:
      return half - 2;
    case NoNumber::kMinusInfinity:
      return half + 2;
    case NoNumber::kReserved:
      return half + 1;
  }
  return half - 1;
}

Number decode(std::uint32_t wireMantissa, int exponent, const Format& format) {
  const std::int64_t mantissa{wireMantissa};
  if (const auto special = specialOf(mantissa, format)) return std::unexpected(*special);
  const std::int64_t half = format.half();
  return Decimal(mantissa >= half ? mantissa - 2 * half : mantissa, exponent);
}

/// The same number with an exponent and a mantissa the format holds; nullopt: there is none.
std::optional<Decimal> fitted(const Decimal& number, const Format& format) {
  std::int64_t mantissa = number.mantissa();
  int exponent = number.exponent();
  const auto isLarge = [&] { return mantissa > format.largest() || mantissa < -format.largest(); };
  while (isLarge() || exponent < format.lowestExponent) {
    if (mantissa == 0) {
      exponent = format.lowestExponent;
    } else {
      if (mantissa % 10 != 0) return std::nullopt;
      mantissa /= 10;
      ++exponent;
    }
  }
  while (exponent > format.highestExponent) {
    if (mantissa == 0) {
      exponent = format.highestExponent;
    } else {
      mantissa *= 10;
      --exponent;
      if (isLarge()) return std::nullopt;
    }
  }
  return Decimal(mantissa, exponent);
}

std::expected<std::uint32_t, Fault> encodeAs(const Number& number, const Format& format) {
  if (!number) return wireOf(number.error(), format);
  const auto decimal = fitted(*number, format);
  if (!decimal) return std::unexpected(Fault::kNotEncodable);
  const auto mask = static_cast<std::uint32_t>(2 * format.half() - 1);
  const auto mantissa = static_cast<std::uint32_t>(decimal->mantissa()) & mask;
  return static_cast<std::uint32_t>(decimal->exponent()) << format.mantissaBits | mantissa;
}

}  // namespace

std::string_view nameOf(NoNumber reason) {
  switch (reason) {
    case NoNumber::kNaN:
      return "NaN";
    case NoNumber::kNRes:
      return "NRes";
    case NoNumber::kPlusInfinity:
      return "+INF";
    case NoNumber::kMinusInfinity:
      return "-INF";
    case NoNumber::kReserved:
      return "Reserved";
  }
  return "Reserved";
}

Number decodeSfloat(std::uint16_t wire) {
  const int nibble = wire >> 12;
  return decode(wire & 0x0FFFU, nibble >= 8 ? nibble - 16 : nibble, kShort);
}

Number decodeFloat(std::uint32_t wire) {
  return decode(wire & 0x00FFFFFFU, static_cast<std::int8_t>(wire >> 24), kLong);
}

std::expected<std::uint16_t, Fault> encodeSfloat(const Number& number) {
  const auto wire = encodeAs(number, kShort);
  if (!wire) return std::unexpected(wire.error());
  return static_cast<std::uint16_t>(*wire);
}

std::expected<std::uint32_t, Fault> encodeFloat(const Number& number) {
  return encodeAs(number, kLong);
}

}  // namespace vardnav::ble::gatt
