// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Assigned numbers of the services and characteristics in use, in the short form of RawRecord
// (Bluetooth SIG, Assigned Numbers, sections 3.4 and 3.8).
#pragma once

#include <string_view>

namespace vardnav::ble::gatt {

inline constexpr std::string_view kGlucoseService = "1808";
inline constexpr std::string_view kHealthThermometerService = "1809";
inline constexpr std::string_view kDeviceInformationService = "180A";
inline constexpr std::string_view kHeartRateService = "180D";
inline constexpr std::string_view kBatteryService = "180F";
inline constexpr std::string_view kBloodPressureService = "1810";
inline constexpr std::string_view kBodyCompositionService = "181B";
inline constexpr std::string_view kUserDataService = "181C";
inline constexpr std::string_view kWeightScaleService = "181D";
inline constexpr std::string_view kContinuousGlucoseService = "181F";
inline constexpr std::string_view kPulseOximeterService = "1822";
inline constexpr std::string_view kGenericHealthSensorService = "1840";
inline constexpr std::string_view kCurrentTimeService = "1805";
inline constexpr std::string_view kElapsedTimeService = "183F";
inline constexpr std::string_view kDeviceTimeService = "1847";

inline constexpr std::string_view kDateTimeUuid = "2A08";
inline constexpr std::string_view kCurrentTimeUuid = "2A2B";
inline constexpr std::string_view kElapsedTimeUuid = "2BF2";
inline constexpr std::string_view kGlucoseMeasurementUuid = "2A18";
inline constexpr std::string_view kGlucoseContextUuid = "2A34";
inline constexpr std::string_view kGlucoseFeatureUuid = "2A51";
inline constexpr std::string_view kRecordAccessUuid = "2A52";
inline constexpr std::string_view kWeightMeasurementUuid = "2A9D";
inline constexpr std::string_view kWeightScaleFeatureUuid = "2A9E";
inline constexpr std::string_view kBodyCompositionUuid = "2A9C";
inline constexpr std::string_view kDatabaseChangeIncrementUuid = "2A99";
inline constexpr std::string_view kUserIndexUuid = "2A9A";
inline constexpr std::string_view kUserControlUuid = "2A9F";
inline constexpr std::string_view kBloodPressureMeasurementUuid = "2A35";
inline constexpr std::string_view kIntermediateCuffPressureUuid = "2A36";
inline constexpr std::string_view kBloodPressureFeatureUuid = "2A49";
inline constexpr std::string_view kSpotCheckMeasurementUuid = "2A5E";
inline constexpr std::string_view kContinuousOximeterUuid = "2A5F";
inline constexpr std::string_view kOximeterFeaturesUuid = "2A60";
inline constexpr std::string_view kTemperatureMeasurementUuid = "2A1C";
inline constexpr std::string_view kTemperatureTypeUuid = "2A1D";
inline constexpr std::string_view kHeartRateMeasurementUuid = "2A37";
inline constexpr std::string_view kBodySensorLocationUuid = "2A38";
inline constexpr std::string_view kLocalTimeInformationUuid = "2A0F";
inline constexpr std::string_view kDeviceTimeUuid = "2B90";
inline constexpr std::string_view kBatteryLevelUuid = "2A19";
inline constexpr std::string_view kSystemIdUuid = "2A23";
inline constexpr std::string_view kModelNumberUuid = "2A24";
inline constexpr std::string_view kSerialNumberUuid = "2A25";
inline constexpr std::string_view kFirmwareRevisionUuid = "2A26";
inline constexpr std::string_view kHardwareRevisionUuid = "2A27";
inline constexpr std::string_view kSoftwareRevisionUuid = "2A28";
inline constexpr std::string_view kManufacturerNameUuid = "2A29";
inline constexpr std::string_view kPnpIdUuid = "2A50";
inline constexpr std::string_view kCgmMeasurementUuid = "2AA7";
inline constexpr std::string_view kCgmSessionStartUuid = "2AAA";
inline constexpr std::string_view kCgmSessionRunTimeUuid = "2AAB";
inline constexpr std::string_view kCgmControlUuid = "2AAC";
inline constexpr std::string_view kLiveObservationsUuid = "2B8B";
inline constexpr std::string_view kStoredObservationsUuid = "2BDD";
inline constexpr std::string_view kHealthSensorControlUuid = "2BF4";

}  // namespace vardnav::ble::gatt
