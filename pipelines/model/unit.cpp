// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/unit.h"

#include <array>

namespace vardnav {
namespace {

struct UnitRow {
  Unit unit;
  std::string_view ucum;
  std::uint32_t mdc;  // 0: no device sends it
};

// MDC unit codes: HL7 Personal Health Device guide, and ISO/IEEE 11073-10101.
constexpr std::array kUnits = {
    UnitRow{Unit::kOne, "1", 262656},
    UnitRow{Unit::kMilligramPerDecilitre, "mg/dL", 264274},
    UnitRow{Unit::kMillimolePerLitre, "mmol/L", 266866},
    UnitRow{Unit::kKilogram, "kg", 263875},
    UnitRow{Unit::kPound, "[lb_av]", 263904},
    UnitRow{Unit::kLitre, "L", 263744},
    UnitRow{Unit::kMillilitre, "mL", 263762},
    UnitRow{Unit::kLitrePerMinute, "L/min", 265216},
    UnitRow{Unit::kLitrePerSecond, "L/s", 265184},
    UnitRow{Unit::kPercent, "%", 262688},
    UnitRow{Unit::kPerMinute, "/min", 264864},
    UnitRow{Unit::kMillimetreOfMercury, "mm[Hg]", 266016},
    UnitRow{Unit::kDegreeCelsius, "Cel", 268192},
};

constexpr Decimal kMilligramPerDecilitrePerMillimole{180156, -4};
constexpr Decimal kKilopascalPerMillimetreOfMercury{133322387415, -12};
constexpr Decimal kKilogramPerPound{45359237, -8};

std::optional<Quantity> in(Unit unit, std::optional<Decimal> value) {
  if (!value) return std::nullopt;
  return Quantity{*value, unit};
}

}  // namespace

std::string_view ucumOf(Unit unit) {
  for (const UnitRow& row : kUnits) {
    if (row.unit == unit) return row.ucum;
  }
  return "1";
}

std::optional<Unit> unitFromUcum(std::string_view ucum) {
  for (const UnitRow& row : kUnits) {
    if (row.ucum == ucum) return row.unit;
  }
  return std::nullopt;
}

std::optional<Unit> unitFromMdc(std::uint32_t mdc) {
  for (const UnitRow& row : kUnits) {
    if (row.mdc != 0 && row.mdc == mdc) return row.unit;
  }
  return std::nullopt;
}

std::optional<Decimal> glucoseToMillimolePerLitre(const Decimal& milligramPerDecilitre) {
  return milligramPerDecilitre.dividedBy(kMilligramPerDecilitrePerMillimole, 1);
}

std::optional<Decimal> poundToKilogram(const Decimal& pound) {
  return pound.times(kKilogramPerPound);
}

std::optional<Decimal> kilopascalToMillimetreOfMercury(const Decimal& kilopascal) {
  return kilopascal.dividedBy(kKilopascalPerMillimetreOfMercury, 2);
}

std::optional<Decimal> fahrenheitToCelsius(const Decimal& fahrenheit) {
  const auto above = fahrenheit.minus({32, 0});
  const auto fives = above ? above->times({5, 0}) : std::nullopt;
  if (!fives) return std::nullopt;
  return fives->dividedBy({9, 0}, 2);
}

std::optional<Quantity> normalised(const Quantity& measured) {
  switch (measured.unit) {
    case Unit::kMilligramPerDecilitre:
      return in(Unit::kMillimolePerLitre, glucoseToMillimolePerLitre(measured.value));
    case Unit::kPound:
      return in(Unit::kKilogram, poundToKilogram(measured.value));
    case Unit::kMillilitre:
      return Quantity{measured.value.shifted(-3), Unit::kLitre};
    case Unit::kLitrePerSecond:
      return in(Unit::kLitrePerMinute, measured.value.times({60, 0}));
    default:
      return measured;
  }
}

}  // namespace vardnav
