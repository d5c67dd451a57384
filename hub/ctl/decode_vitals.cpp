// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Blood pressure 2A35, 2A36, 2A49; oximeter 2A5E, 2A5F, 2A60; thermometer 2A1C, 2A1E, 2A1D; heart
// rate 2A37, 2A38.

#include <array>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/heart_rate.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/temperature_measurement.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;
using Names = std::string_view;

constexpr std::array<Names, 9> kPressureFeatures{
    "body_movement", "cuff_fit", "irregular_pulse",   "pulse_range",     "position",
    "multiple_bond", "e2e_crc",  "user_data_service", "user_facing_time"};
constexpr std::array<Names, 16> kMeasurementStatus{"",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "ongoing",
                                                   "early_estimated",
                                                   "validated",
                                                   "fully_qualified",
                                                   "from_storage",
                                                   "for_demonstration",
                                                   "for_testing",
                                                   "calibration_ongoing",
                                                   "unavailable",
                                                   "questionable",
                                                   "invalid"};
constexpr std::array<Names, 16> kDeviceStatus{"extended_display_update_ongoing",
                                              "equipment_malfunction",
                                              "signal_processing_irregularity",
                                              "inadequate_signal",
                                              "poor_signal",
                                              "low_perfusion",
                                              "erratic_signal",
                                              "nonpulsatile_signal",
                                              "questionable_pulse",
                                              "signal_analysis_ongoing",
                                              "sensor_interference",
                                              "sensor_unconnected_to_user",
                                              "unknown_sensor_connected",
                                              "sensor_displaced",
                                              "sensor_malfunctioning",
                                              "sensor_disconnected"};
constexpr std::array<Names, 8> kOximeterFeatures{
    "measurement_status", "device_sensor_status", "spot_check_storage",    "timestamp",
    "spo2pr_fast",        "spo2pr_slow",          "pulse_amplitude_index", "multiple_bond"};
constexpr std::array<Names, 10> kTemperatureTypes{
    "",      "armpit", "body", "ear",     "finger", "gastro_intestinal_tract",
    "mouth", "rectum", "toe",  "tympanum"};
constexpr std::array<Names, 3> kContacts{"not_supported", "not_detected", "detected"};
constexpr std::array<Names, 7> kSensorLocations{"other", "chest",    "wrist", "finger",
                                                "hand",  "ear_lobe", "foot"};

Json pressureStatus(std::uint16_t status) {
  Json out = Json::array();
  if (status & CuffContext::kBodyMovement) out.push_back("body_movement");
  if (status & CuffContext::kCuffTooLoose) out.push_back("cuff_too_loose");
  if (status & CuffContext::kIrregularPulse) out.push_back("irregular_pulse");
  if ((status & CuffContext::kPulseRangeMask) == CuffContext::kPulseAboveRange)
    out.push_back("pulse_rate_above_range");
  if ((status & CuffContext::kPulseRangeMask) == CuffContext::kPulseBelowRange)
    out.push_back("pulse_rate_below_range");
  if (status & CuffContext::kImproperPosition) out.push_back("improper_position");
  return out;
}

void addCuffContext(Json& out, const CuffContext& context) {
  if (context.time) addTime(out, "device_time", *context.time);
  if (context.pulsePerMinute) out["pulse_bpm"] = numberOf(*context.pulsePerMinute);
  if (context.user) out["user_id"] = userOf(*context.user);
  if (context.status) {
    out["status"] = *context.status;
    out["status_flags"] = pressureStatus(*context.status);
  }
}

std::string_view pressureUnit(const CuffContext& context) {
  return context.isKilopascal ? "kPa" : "mmHg";
}

Json pressureAsJson(const BloodPressureMeasurement& measurement) {
  Json out{{"unit", pressureUnit(measurement.context)},
           {"systolic", numberOf(measurement.systolic)},
           {"diastolic", numberOf(measurement.diastolic)},
           {"map", numberOf(measurement.mean)}};
  addCuffContext(out, measurement.context);
  return out;
}

Json cuffAsJson(const IntermediateCuffPressure& cuff) {
  Json out{{"unit", pressureUnit(cuff.context)}, {"cuff_pressure", numberOf(cuff.pressure)}};
  addCuffContext(out, cuff.context);
  return out;
}

Json pressureFeatureAsJson(const BloodPressureFeature& feature) {
  return {{"features", feature.bits}, {"feature_flags", flagsOf(feature.bits, kPressureFeatures)}};
}

/// `infix` is "", "_fast" or "_slow".
void addPair(Json& out, const OxygenPulse& pair, const std::string& infix) {
  out["spo2" + infix + "_pct"] = numberOf(pair.spo2Percent);
  out["pulse" + infix + "_bpm"] = numberOf(pair.pulsePerMinute);
}

void addOximeterStatus(Json& out, const OximeterStatus& status) {
  if (status.measurement) {
    out["measurement_status"] = *status.measurement;
    out["measurement_status_flags"] = flagsOf(*status.measurement, kMeasurementStatus);
  }
  if (status.device) {
    out["device_status"] = *status.device;
    out["device_status_flags"] = flagsOf(*status.device, kDeviceStatus);
  }
  if (status.pulseAmplitudeIndexPercent) {
    out["pulse_amplitude_index_pct"] = numberOf(*status.pulseAmplitudeIndexPercent);
  }
}

Json spotCheckAsJson(const SpotCheckMeasurement& measurement) {
  Json out;
  addPair(out, measurement.normal, "");
  if (measurement.time) addTime(out, "device_time", *measurement.time);
  addOximeterStatus(out, measurement.status);
  out["clock_not_set"] = measurement.isClockNotSet;
  return out;
}

Json continuousAsJson(const ContinuousOximeterMeasurement& measurement) {
  Json out;
  addPair(out, measurement.normal, "");
  if (measurement.fast) addPair(out, *measurement.fast, "_fast");
  if (measurement.slow) addPair(out, *measurement.slow, "_slow");
  addOximeterStatus(out, measurement.status);
  return out;
}

Json oximeterFeaturesAsJson(const OximeterFeatures& features) {
  Json out{{"features", features.bits},
           {"feature_flags", flagsOf(features.bits, kOximeterFeatures)}};
  if (features.measurementStatus) out["measurement_status_support"] = *features.measurementStatus;
  if (features.deviceStatus) out["device_status_support"] = *features.deviceStatus;
  return out;
}

void addTemperatureType(Json& out, TemperatureType type) {
  out["type"] = static_cast<unsigned>(type);
  out["type_name"] = nameIn(kTemperatureTypes, static_cast<std::size_t>(type));
}

Json temperatureAsJson(const TemperatureMeasurement& measurement) {
  Json out{{"temperature", numberOf(measurement.temperature)},
           {"unit", measurement.isFahrenheit ? "[degF]" : "Cel"}};
  if (measurement.time) addTime(out, "device_time", *measurement.time);
  if (measurement.type) addTemperatureType(out, *measurement.type);
  return out;
}

Json temperatureTypeAsJson(TemperatureType type) {
  Json out;
  addTemperatureType(out, type);
  return out;
}

Json heartRateAsJson(const HeartRateMeasurement& measurement) {
  Json out{{"heart_rate_bpm", measurement.perMinute},
           {"contact", nameIn(kContacts, static_cast<std::size_t>(measurement.contact))}};
  if (measurement.energyKilojoule) out["energy_expended_kj"] = *measurement.energyKilojoule;
  if (!measurement.rrIntervals.empty()) out["rr_1024ths_s"] = measurement.rrIntervals;
  return out;
}

Json locationAsJson(BodySensorLocation location) {
  const auto value = static_cast<std::size_t>(location);
  return {{"body_sensor_location", value},
          {"body_sensor_location_name", nameIn(kSensorLocations, value)}};
}

Rendering renderPressure(const Payload& payload) {
  return rendered(decodeBloodPressureMeasurement(payload.octets), pressureAsJson);
}
Rendering renderCuff(const Payload& payload) {
  return rendered(decodeIntermediateCuffPressure(payload.octets), cuffAsJson);
}
Rendering renderPressureFeature(const Payload& payload) {
  return rendered(decodeBloodPressureFeature(payload.octets), pressureFeatureAsJson);
}
Rendering renderSpotCheck(const Payload& payload) {
  return rendered(decodeSpotCheckMeasurement(payload.octets), spotCheckAsJson);
}
Rendering renderContinuous(const Payload& payload) {
  return rendered(decodeContinuousOximeterMeasurement(payload.octets), continuousAsJson);
}
Rendering renderOximeterFeatures(const Payload& payload) {
  return rendered(decodeOximeterFeatures(payload.octets), oximeterFeaturesAsJson);
}
Rendering renderTemperature(const Payload& payload) {
  return rendered(decodeTemperatureMeasurement(payload.octets), temperatureAsJson);
}
Rendering renderTemperatureType(const Payload& payload) {
  return rendered(decodeTemperatureType(payload.octets), temperatureTypeAsJson);
}
Rendering renderHeartRate(const Payload& payload) {
  return rendered(decodeHeartRateMeasurement(payload.octets), heartRateAsJson);
}
Rendering renderLocation(const Payload& payload) {
  return rendered(decodeBodySensorLocation(payload.octets), locationAsJson);
}

constexpr std::array<Decoder, 11> kDecoders{{{"2A35", renderPressure},
                                             {"2A36", renderCuff},
                                             {"2A49", renderPressureFeature},
                                             {"2A5E", renderSpotCheck},
                                             {"2A5F", renderContinuous},
                                             {"2A60", renderOximeterFeatures},
                                             {"2A1C", renderTemperature},
                                             {"2A1E", renderTemperature},
                                             {"2A1D", renderTemperatureType},
                                             {"2A37", renderHeartRate},
                                             {"2A38", renderLocation}}};

}  // namespace

std::span<const Decoder> vitalDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
