// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Frames of Vitalograph's lung monitors; vendor layouts known from one public test frame and one
// public application, not validated on hardware:
//   STX 02 . ASCII text . ETX 03 . BCC (exclusive or of everything before it)
// Text of the classic layout, 56 characters; numbers are 3 digits:
//   header "FTD" . id 10 . FEV1 . FEV6 . FEV1/FEV6 . FEF25-75 . best FEV1 (/100 each) . FEV1 % of
//   best . green . yellow . orange zone, % . YYMMDDhhmmss . good flag ("0" good) . software 3
// Text of the Bluetooth monitor's layout, 68 characters:
//   header 3 . id 10 . PEF, L/min . PEV0.75 . FEV1 . FEV6 . FEV1/FEV6 . FEF25-75 (/100 each)
//   . 33 characters that no source explains . good flag at 64 . software 3
// Volumes in L, flow in L/s. The host answers a good frame with ACK, a bad one with NAK.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

inline constexpr std::uint8_t kVitalographAck = 0x06;
inline constexpr std::uint8_t kVitalographNak = 0x15;

/// What one blow gave, in either layout.
struct VitalographBlow {
  std::string header;    ///< 3 characters
  std::string deviceId;  ///< 10 characters
  Decimal fev1Litre;
  Decimal fev6Litre;
  Decimal ratio;  ///< FEV1/FEV6, 0.91
  Decimal fef2575LitrePerSecond;
  bool isGood = false;   ///< by the device; a bad blow is no reading
  std::string software;  ///< 3 characters
  friend bool operator==(const VitalographBlow&, const VitalographBlow&) = default;
};

struct VitalographClassicFrame {
  VitalographBlow blow;
  Decimal bestFev1Litre;
  std::uint16_t percentOfBest = 0;
  std::uint16_t greenZone = 0;
  std::uint16_t yellowZone = 0;
  std::uint16_t orangeZone = 0;
  DateTime time;
  friend bool operator==(const VitalographClassicFrame&, const VitalographClassicFrame&) = default;
};

struct VitalographMonitorFrame {
  VitalographBlow blow;
  Decimal pefLitrePerMinute;
  Decimal pev075Litre;
  std::string unexplained;  ///< 33 characters, as sent
  friend bool operator==(const VitalographMonitorFrame&, const VitalographMonitorFrame&) = default;
};

/// STX to BCC. Faults: kBadFrame (marks, or what is no text), kBadChecksum, kNotDigits, kBadLength
/// (a text of another layout), kBadDate.
Decoding<VitalographClassicFrame> decodeVitalographClassicFrame(ByteView octets);
Decoding<VitalographMonitorFrame> decodeVitalographMonitorFrame(ByteView octets);
Encoding encode(const VitalographClassicFrame& frame);
Encoding encode(const VitalographMonitorFrame& frame);

/// Cuts a stream of octets into frames, checksums unchecked.
class VitalographStream {
 public:
  /// A frame is complete if this returns one. Octets before an STX are dropped; a frame that grows
  /// beyond the longest layout is given up.
  std::optional<Bytes> push(std::uint8_t octet);
  bool isInsideFrame() const { return !frame_.empty(); }

 private:
  Bytes frame_;
};

}  // namespace vardnav::ble::gatt
