// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/ieee11073_float.h"

#include <gtest/gtest.h>

namespace vardnav::ble::gatt {
namespace {

TEST(Sfloat, KeepsThePrecisionTheDeviceSent) {
  // 2.0: mantissa 20, exponent -1 (HL7 PHD implementation guide, FLOATS).
  EXPECT_EQ(decodeSfloat(0xF014)->toString(), "2.0");
  EXPECT_EQ(decodeSfloat(0x0002)->toString(), "2");
}

TEST(Sfloat, SpecialMantissasAreNoNumbersWithAnyExponent) {
  for (unsigned exponent = 0; exponent < 16; ++exponent) {
    const unsigned high = exponent << 12;
    EXPECT_EQ(decodeSfloat(static_cast<std::uint16_t>(high | 0x7FF)).error(), NoNumber::kNaN);
    EXPECT_EQ(decodeSfloat(static_cast<std::uint16_t>(high | 0x800)).error(), NoNumber::kNRes);
    EXPECT_EQ(decodeSfloat(static_cast<std::uint16_t>(high | 0x7FE)).error(),
              NoNumber::kPlusInfinity);
    EXPECT_EQ(decodeSfloat(static_cast<std::uint16_t>(high | 0x802)).error(),
              NoNumber::kMinusInfinity);
    EXPECT_EQ(decodeSfloat(static_cast<std::uint16_t>(high | 0x801)).error(), NoNumber::kReserved);
  }
}

TEST(Sfloat, EveryNumberAndReasonSurvivesEncoding) {
  unsigned numbers = 0;
  for (unsigned wire = 0; wire <= 0xFFFF; ++wire) {
    const Number number = decodeSfloat(static_cast<std::uint16_t>(wire));
    const auto again = encodeSfloat(number);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, number ? wire : wire & 0xFFF);
    numbers += number ? 1 : 0;
  }
  EXPECT_EQ(numbers, 16U * (4096 - 5));
}

TEST(Sfloat, TakesAnotherExponentOnlyIfTheValueStaysTheSame) {
  EXPECT_EQ(decodeSfloat(*encodeSfloat(Decimal(36400, -3))), Number(Decimal(364, -1)));
  EXPECT_EQ(decodeSfloat(*encodeSfloat(Decimal(2, 9))), Number(Decimal(200, 7)));
  EXPECT_EQ(decodeSfloat(*encodeSfloat(Decimal(0, 40))), Number(Decimal(0, 0)));
  EXPECT_EQ(encodeSfloat(Decimal(2046, 0)).error(), Fault::kNotEncodable);
  EXPECT_EQ(encodeSfloat(Decimal(1, -9)).error(), Fault::kNotEncodable);
  EXPECT_EQ(encodeSfloat(Decimal(1, 11)).error(), Fault::kNotEncodable);
}

TEST(Float, KeepsSignAndExponentAtTheEdges) {
  EXPECT_EQ(*decodeFloat(0x807FFFFD), Decimal((1 << 23) - 3, -128));
  EXPECT_EQ(*decodeFloat(0x7F800003), Decimal(-((1 << 23) - 3), 127));
  EXPECT_EQ(*encodeFloat(Decimal((1 << 23) - 3, -128)), 0x807FFFFDU);
  EXPECT_EQ(*encodeFloat(Decimal(-((1 << 23) - 3), 127)), 0x7F800003U);
  EXPECT_EQ(encodeFloat(Decimal((1 << 23) - 2, 0)).error(), Fault::kNotEncodable);
  EXPECT_EQ(encodeFloat(Decimal(1, -129)).error(), Fault::kNotEncodable);
}

// Android-nRF-Toolbox takes the octets FF FF FF 7F for +INF; their mantissa is -1.
TEST(Float, MinusOneWithTheLargestExponentIsNotInfinity) {
  EXPECT_EQ(*decodeFloat(0x7FFFFFFF), Decimal(-1, 127));
}

}  // namespace
}  // namespace vardnav::ble::gatt
