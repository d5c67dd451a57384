// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Scales: 2A9D, 2A9E, 2A9C, and what Xiaomi scales advertise.

#include <array>

#include "ble/gatt/body_composition.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;

Json weightAsJson(const WeightMeasurement& measurement) {
  Json out{{"weight", numberOrNull(measurement.weight)},
           {"unit", measurement.isImperial ? "lb" : "kg"}};
  if (!measurement.weight) out["measurement_unsuccessful"] = true;
  if (measurement.time) addTime(out, "device_time", *measurement.time);
  if (measurement.user) out["user_id"] = userOf(*measurement.user);
  if (measurement.body) {
    out["bmi"] = numberOf(measurement.body->bmi);
    out[measurement.isImperial ? "height_in" : "height_m"] = numberOf(measurement.body->height);
  }
  return out;
}

Json featureAsJson(const WeightScaleFeature& feature) {
  return {{"timestamp", feature.hasTime},
          {"multiple_users", feature.hasUsers},
          {"bmi", feature.hasBmi},
          {"weight_resolution_code", feature.weightResolution},
          {"height_resolution_code", feature.heightResolution}};
}

Json compositionAsJson(const BodyComposition& composition) {
  const bool isImperial = composition.isImperial;
  Json out{{"body_fat_pct", numberOrNull(composition.fatPercent)}};
  if (!composition.fatPercent) out["measurement_unsuccessful"] = true;
  if (composition.time) addTime(out, "device_time", *composition.time);
  if (composition.user) out["user_id"] = userOf(*composition.user);
  const auto add = [&](const std::string& key, const std::optional<Decimal>& value) {
    if (value) out[key] = numberOf(*value);
  };
  const auto addMass = [&](const std::string& key, const std::optional<Decimal>& value) {
    add(key + (isImperial ? "_lb" : "_kg"), value);
  };
  add("bmr_kj", composition.basalMetabolismKilojoule);
  add("muscle_pct", composition.musclePercent);
  addMass("muscle_mass", composition.muscleMass);
  addMass("fat_free_mass", composition.fatFreeMass);
  addMass("soft_lean_mass", composition.softLeanMass);
  addMass("body_water_mass", composition.bodyWaterMass);
  add("impedance_ohm", composition.impedanceOhm);
  addMass("weight", composition.weight);
  add(isImperial ? "height_in" : "height_m", composition.height);
  if (composition.isMultiplePacket) out["multiple_packet"] = true;
  return out;
}

Json advertAsJson(const ScaleAdvert& advert) {
  static constexpr std::array<std::string_view, 3> kUnits{"kg", "lb", "jin"};
  Json out{{"weight", numberOf(advert.weight)},
           {"unit", nameIn(kUnits, static_cast<std::size_t>(advert.unit))},
           {"stabilized", advert.isStable},
           {"load_removed", advert.isLoadRemoved}};
  addTime(out, "device_time", advert.time);
  out["emit"] = advert.isReading();
  return out;
}

Json bodyAdvertAsJson(const ScaleAdvert& advert) {
  Json out = advertAsJson(advert);
  out["impedance_ohm"] = advert.impedanceOhm ? Json(*advert.impedanceOhm) : Json();
  return out;
}

Rendering renderWeight(const Payload& payload) {
  return rendered(decodeWeightMeasurement(payload.octets), weightAsJson);
}
Rendering renderFeature(const Payload& payload) {
  return rendered(decodeWeightScaleFeature(payload.octets), featureAsJson);
}
Rendering renderComposition(const Payload& payload) {
  return rendered(decodeBodyComposition(payload.octets), compositionAsJson);
}
Rendering renderAdvert(const Payload& payload) {
  return rendered(decodeWeightAdvert(payload.octets), advertAsJson);
}
Rendering renderBodyAdvert(const Payload& payload) {
  return rendered(decodeBodyCompositionAdvert(payload.octets), bodyAdvertAsJson);
}

constexpr std::array<Decoder, 5> kDecoders{{{"2A9D", renderWeight},
                                            {"2A9E", renderFeature},
                                            {"2A9C", renderComposition},
                                            {"advert service data 181D", renderAdvert},
                                            {"advert service data 181B", renderBodyAdvert}}};

}  // namespace

std::span<const Decoder> scaleDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
