// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Record of a Contec spirometer (SP10BT, SP80B), notified on FF02 in several pieces; vendor layout
// known from one public application, not validated on hardware. 44 octets, all but the first 7-bit;
// pairs are low 7, high 7:
//   0 E1 . 2 measure type . 3-4 record number . 5-10 year from 2000, month, day, hour, minute,
//   second . 11 sex (0 male) . 12 age . 13-14 height, cm . 15 standard (1 ECCS, 2 Knudson, 3 USA)
//   . 16 drug . 17 FVC . 19 FEV0.5 . 21 FEV1 (/100 L) . 23 FEV1/FVC (/10 %) . 25 FEV3 . 27 FEV6
//   (/100 L) . 29 PEF . 31 FEF25 . 33 FEF50 . 35 FEF75 . 37 FEF25-75 (/100 L/s) . 39 PEF time, ms
//   . 41 extrapolated volume, mL . 43 checksum, the sum of those before it in 7 bits
// Units of 39 and 41 are assumed. Octet 1 is not explained.
#pragma once

#include <array>
#include <cstdint>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

struct ContecRecord {
  static constexpr std::size_t kSize = 44;

  std::uint8_t unexplained = 0;  ///< octet 1
  std::uint8_t measureType = 0;  ///< 0 all, 1 FVC, 2 VC, 3 MVV, 4 MV
  std::uint16_t number = 0;
  DateTime time;
  std::uint8_t sex = 0;  ///< 0 male; what another value means is not known for sure
  std::uint8_t ageYears = 0;
  std::uint16_t heightCentimetre = 0;
  std::uint8_t standard = 0;
  std::uint8_t drug = 0;  ///< 0 before, 1 after medication
  Decimal fvcLitre;
  Decimal fev05Litre;
  Decimal fev1Litre;
  Decimal ratioPercent;  ///< FEV1/FVC
  Decimal fev3Litre;
  Decimal fev6Litre;
  Decimal pefLitrePerSecond;
  Decimal fef25LitrePerSecond;
  Decimal fef50LitrePerSecond;
  Decimal fef75LitrePerSecond;
  Decimal fef2575LitrePerSecond;
  std::uint16_t pefTimeMilliseconds = 0;
  std::uint16_t extrapolatedVolumeMillilitre = 0;

  bool isMale() const { return sex == 0; }
  friend bool operator==(const ContecRecord&, const ContecRecord&) = default;
};

/// A whole record, its pieces joined. Faults: kTruncated, kBadFrame (no E1, or an octet of 8 bits:
/// pieces of two records), kBadChecksum, kBadDate.
Decoding<ContecRecord> decodeContecRecord(ByteView octets);
Encoding encode(const ContecRecord& record);

}  // namespace vardnav::ble::gatt
