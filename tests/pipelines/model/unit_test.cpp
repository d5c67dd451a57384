// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/unit.h"

#include <gtest/gtest.h>

namespace vardnav {
namespace {

TEST(Unit, ReadsBackFromItsUcumCode) {
  for (const Unit unit : {Unit::kMilligramPerDecilitre, Unit::kMillimolePerLitre, Unit::kKilogram,
                          Unit::kPound, Unit::kLitre, Unit::kLitrePerMinute, Unit::kPercent}) {
    EXPECT_EQ(unitFromUcum(ucumOf(unit)), unit);
  }
  EXPECT_FALSE(unitFromUcum("mmol/l").has_value());
}

// The published pairs (ADA Standards of Care; both units of each limit): 70/3.9, 54/3.0,
// 180/10.0, 250/13.9.
TEST(Unit, ConvertsTheRoundPublishedGlucosePairs) {
  const std::pair<int, const char*> pairs[] = {
      {70, "3.9"}, {54, "3.0"}, {180, "10.0"}, {250, "13.9"}};
  for (const auto& [milligram, millimole] : pairs) {
    EXPECT_EQ(glucoseToMillimolePerLitre({milligram, 0})->toString(), millimole);
  }
}

// NIST Special Publication 811, appendix B.8: 1 lb = 0.453 592 37 kg exactly.
TEST(Unit, ConvertsAPoundExactly) {
  EXPECT_EQ(poundToKilogram({1, 0})->toString(), "0.45359237");
  EXPECT_EQ(poundToKilogram({260, 0}), Decimal::parse("117.9340162"));
}

TEST(Unit, NormalisesToWhatIsShown) {
  EXPECT_EQ(normalised({{90, 0}, Unit::kMilligramPerDecilitre})->unit, Unit::kMillimolePerLitre);
  EXPECT_EQ(normalised({{3630, 0}, Unit::kMillilitre}), (Quantity{{363, -2}, Unit::kLitre}));
  EXPECT_EQ(normalised({{7000, -2}, Unit::kKilogram})->value.toString(), "70.00");
}

// NIST SP 811, B.8: 1 mmHg = 0.1333224 kPa. 16 kPa is the 120 mmHg of every textbook.
TEST(Unit, KilopascalToMillimetreOfMercury) {
  EXPECT_EQ(kilopascalToMillimetreOfMercury({16, 0})->toString(), "120.01");
  EXPECT_EQ(kilopascalToMillimetreOfMercury({1333224, -7})->toString(), "1.00");
  EXPECT_EQ(kilopascalToMillimetreOfMercury({0, 0})->toString(), "0.00");
}

// NIST SP 811, B.8: (t - 32)/1.8. 98.6 and 100.4 are the fever charts' 37 and 38.
TEST(Unit, FahrenheitToCelsius) {
  EXPECT_EQ(fahrenheitToCelsius({986, -1})->toString(), "37.00");
  EXPECT_EQ(fahrenheitToCelsius({1004, -1})->toString(), "38.00");
  EXPECT_EQ(fahrenheitToCelsius({1003, -1})->toString(), "37.94");
  EXPECT_EQ(fahrenheitToCelsius({32, 0})->toString(), "0.00");
  EXPECT_FALSE(fahrenheitToCelsius({INT64_MAX, 0}));
}

}  // namespace
}  // namespace vardnav
