// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Assigned numbers of the services and characteristics in use, in the short form of RawRecord
// (Bluetooth SIG, Assigned Numbers, sections 3.4 and 3.8).
#pragma once

#include <string_view>

namespace vardnav::ble::gatt {

inline constexpr std::string_view kGlucoseService = "1808";
inline constexpr std::string_view kWeightScaleService = "181D";
inline constexpr std::string_view kGenericHealthSensorService = "1840";
inline constexpr std::string_view kCurrentTimeService = "1805";
inline constexpr std::string_view kElapsedTimeService = "183F";

inline constexpr std::string_view kDateTimeUuid = "2A08";
inline constexpr std::string_view kCurrentTimeUuid = "2A2B";
inline constexpr std::string_view kElapsedTimeUuid = "2BF2";
inline constexpr std::string_view kGlucoseMeasurementUuid = "2A18";
inline constexpr std::string_view kGlucoseContextUuid = "2A34";
inline constexpr std::string_view kGlucoseFeatureUuid = "2A51";
inline constexpr std::string_view kRecordAccessUuid = "2A52";
inline constexpr std::string_view kWeightMeasurementUuid = "2A9D";
inline constexpr std::string_view kWeightScaleFeatureUuid = "2A9E";
inline constexpr std::string_view kLiveObservationsUuid = "2B8B";
inline constexpr std::string_view kStoredObservationsUuid = "2BDD";
inline constexpr std::string_view kHealthSensorControlUuid = "2BF4";

}  // namespace vardnav::ble::gatt
