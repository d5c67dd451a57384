// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Glucose meters: 2A18, 2A34, 2A51; bare 11073 numbers.

#include <array>

#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_feature.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/octets.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;
using Names = std::string_view;

constexpr std::array<Names, 11> kSampleTypes{"",
                                             "capillary_whole_blood",
                                             "capillary_plasma",
                                             "venous_whole_blood",
                                             "venous_plasma",
                                             "arterial_whole_blood",
                                             "arterial_plasma",
                                             "undetermined_whole_blood",
                                             "undetermined_plasma",
                                             "interstitial_fluid",
                                             "control_solution"};
constexpr std::array<Names, 16> kSampleLocations{"",
                                                 "finger",
                                                 "alternate_site_test",
                                                 "earlobe",
                                                 "control_solution",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "",
                                                 "not_available"};
constexpr std::array<Names, 12> kStatus{
    "battery_low",          "sensor_malfunction", "sample_insufficient", "strip_insertion_error",
    "strip_type_incorrect", "result_too_high",    "result_too_low",      "temp_too_high",
    "temp_too_low",         "read_interrupted",   "general_fault",       "time_fault"};
constexpr std::array<Names, 11> kFeatures{
    "low_battery",   "sensor_malfunction", "sample_size",   "strip_insertion",
    "strip_type",    "result_high_low",    "temp_high_low", "read_interrupt",
    "general_fault", "time_fault",         "multiple_bond"};

void addConcentration(Json& out, const GlucoseMeasurement& measurement) {
  const auto& concentration = *measurement.concentration;
  const bool isMole = concentration.unit == GlucoseMeasurement::WireUnit::kMolePerLitre;
  out["unit_on_wire"] = isMole ? "mol/L" : "kg/L";
  out["concentration_on_wire"] = numberOf(concentration.value);
  if (const auto quantity = measurement.quantity()) {
    out[isMole ? "mmol_per_l" : "mg_per_dl"] = numberOf(quantity->value);
  }
  const auto type = static_cast<std::size_t>(concentration.type);
  const auto location = static_cast<std::size_t>(concentration.location);
  out["sample_type"] = type;
  out["sample_location"] = location;
  out["sample_type_name"] = nameIn(kSampleTypes, type);
  out["sample_location_name"] = nameIn(kSampleLocations, location);
  out["control_solution"] = measurement.isControlSolution();
}

Json offsetOf(const std::expected<std::chrono::minutes, OffsetFault>& offset) {
  if (offset) return offset->count();
  return offset.error() == OffsetFault::kOverrun ? "overrun" : "underrun";
}

Json measurementAsJson(const GlucoseMeasurement& measurement) {
  Json out{{"sequence_number", measurement.sequence}};
  addTime(out, "base_time", measurement.baseTime);
  if (measurement.timeOffset) out["time_offset_min"] = offsetOf(*measurement.timeOffset);
  const auto shown = measurement.userFacingTime();
  out["user_facing_time"] = shown ? Json(toIso(*shown)) : Json();
  if (measurement.concentration) addConcentration(out, measurement);
  if (measurement.status) {
    out["status"] = *measurement.status;
    out["status_flags"] = flagsOf(*measurement.status, kStatus);
  }
  out["context_follows"] = measurement.contextFollows;
  return out;
}

Json contextAsJson(const GlucoseContext& context) {
  Json out{{"sequence_number", context.sequence}};
  if (context.extendedFlags) out["extended_flags"] = *context.extendedFlags;
  if (context.carbohydrate) {
    out["carb_id"] = context.carbohydrate->id;
    out["carb_kg"] = numberOf(context.carbohydrate->kilograms);
  }
  if (context.meal) out["meal"] = static_cast<unsigned>(*context.meal);
  if (context.person) {
    out["tester"] = context.person->tester;
    out["health"] = context.person->health;
  }
  if (context.exercise) {
    const auto& duration = context.exercise->duration;
    out["exercise_duration_s"] = duration ? Json(duration->count()) : Json("overrun");
    out["exercise_intensity_pct"] = context.exercise->intensityPercent;
  }
  if (context.medication) {
    out["medication_id"] = context.medication->id;
    out["medication_unit"] = context.medication->isLitres ? "L" : "kg";
    out["medication_amount"] = numberOf(context.medication->amount);
  }
  if (context.hba1cPercent) out["hba1c_pct"] = numberOf(*context.hba1cPercent);
  return out;
}

Json featureAsJson(const GlucoseFeature& feature) {
  return {{"features", feature.bits}, {"feature_flags", flagsOf(feature.bits, kFeatures)}};
}

Json bareAsJson(const Number& number) {
  if (!number) return {{"value", nullptr}, {"special", nameOf(number.error())}};
  return {{"value", numberOf(*number)}, {"text", number->toString()}};
}

Rendering renderMeasurement(const Payload& payload) {
  return rendered(decodeGlucoseMeasurement(payload.octets), measurementAsJson);
}
Rendering renderContext(const Payload& payload) {
  return rendered(decodeGlucoseContext(payload.octets), contextAsJson);
}
Rendering renderFeature(const Payload& payload) {
  return rendered(decodeGlucoseFeature(payload.octets), featureAsJson);
}
Decoding<Number> asDecoding(const OctetReader& reader, const Number& number) {
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<Number>{number, reader.remaining()};
}
Rendering renderSfloat(const Payload& payload) {
  OctetReader reader(payload.octets);
  const Number number = decodeSfloat(reader.u16());
  return rendered(asDecoding(reader, number), bareAsJson);
}
Rendering renderFloat(const Payload& payload) {
  OctetReader reader(payload.octets);
  const Number number = decodeFloat(reader.u32());
  return rendered(asDecoding(reader, number), bareAsJson);
}

constexpr std::array<Decoder, 5> kDecoders{{{"2A18", renderMeasurement},
                                            {"2A34", renderContext},
                                            {"2A51", renderFeature},
                                            {"SFLOAT", renderSfloat},
                                            {"FLOAT", renderFloat}}};

}  // namespace

std::span<const Decoder> glucoseDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
