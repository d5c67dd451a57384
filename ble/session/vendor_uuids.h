// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Services and characteristics of vendors, as RawRecord and the catalogue name them: short where
// they are on the Bluetooth base, else lower case and whole. Known from public applications.
#pragma once

#include <string_view>

namespace vardnav::ble {

// Telit Terminal I/O, which Vitalograph's monitors speak.
inline constexpr std::string_view kTerminalIoService = "FEFB";
inline constexpr std::string_view kVitalographWriteUuid = "00000001-0000-1000-8000-008025000000";
inline constexpr std::string_view kVitalographNotifyUuid = "00000002-0000-1000-8000-008025000000";
inline constexpr std::string_view kVitalographGiveCreditsUuid =
    "00000003-0000-1000-8000-008025000000";
inline constexpr std::string_view kVitalographTakeCreditsUuid =
    "00000004-0000-1000-8000-008025000000";

inline constexpr std::string_view kContecService = "FF12";
inline constexpr std::string_view kContecWriteUuid = "FF01";
inline constexpr std::string_view kContecNotifyUuid = "FF02";

inline constexpr std::string_view kContourService = "00000000-0002-11e2-9e96-0800200c9a66";
inline constexpr std::string_view kContourClockUuid = "00001026-0002-11e2-9e96-0800200c9a66";

inline constexpr std::string_view kCareSensService = "FFF0";
inline constexpr std::string_view kCareSensClockUuid = "FFF1";

// A&D's scales from before the Weight Scale Service.
inline constexpr std::string_view kAndScaleService = "23434100-1fe4-1eff-80cb-00ff78297d8b";
inline constexpr std::string_view kAndWeightUuid = "23434101-1fe4-1eff-80cb-00ff78297d8b";

inline constexpr std::string_view kNoninService = "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b";
inline constexpr std::string_view kNoninControlUuid = "1447af80-0d60-11e2-88b6-0002a5d5c51b";

}  // namespace vardnav::ble
