// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/scenario_values.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ble/gatt/body_composition.h"
#include "ble/gatt/ieee11073_float.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/weight_measurement.h"

namespace vardnav::ble::virtual_home {
namespace {

/// One kind of value, known by its first key.
struct Form {
  std::string_view key;
  std::vector<ModelKind> models;
  std::vector<std::string_view> others;
  Measurement (*read)(ScenarioReader& reader);
};

Measurement readBody(ScenarioReader& reader) {
  BodyValue value{reader.decimal("weight_kg"), reader.decimal("fat_percent"), std::nullopt};
  if (reader.has("user")) value.user = static_cast<std::uint8_t>(reader.integer("user", 1, 254));
  return value;
}

const std::array<Form, 11>& forms() {
  using Kind = ModelKind;
  static const std::array<Form, 11> kForms{{
      {"glucose_mg_dl",
       {Kind::kGlucoseMeter, Kind::kGlucoseSensor},
       {"control"},
       [](ScenarioReader& reader) -> Measurement {
         return GlucoseValue{reader.decimal("glucose_mg_dl"), reader.flag("control", false)};
       }},
      {"ketone_mmol_l",
       {Kind::kGlucoseMeter},
       {},
       [](ScenarioReader& reader) -> Measurement {
         return KetoneValue{reader.decimal("ketone_mmol_l")};
       }},
      {"fat_percent", {Kind::kBodyScale}, {"weight_kg", "user"}, readBody},
      {"weight_kg",
       {Kind::kWeightScale, Kind::kAdvertScale},
       {},
       [](ScenarioReader& reader) -> Measurement {
         return WeightValue{reader.decimal("weight_kg")};
       }},
      {"fev6_l",
       {Kind::kLungMonitor},
       {"fev1_l", "pef_l_min", "bad_blow"},
       [](ScenarioReader& reader) -> Measurement {
         return MonitorBlow{reader.decimal("fev1_l"), reader.decimal("fev6_l"),
                            reader.decimal("pef_l_min"), !reader.flag("bad_blow", false)};
       }},
      {"pef_l_s",
       {Kind::kContecSpirometer},
       {"fev1_l", "fvc_l"},
       [](ScenarioReader& reader) -> Measurement {
         return ContecBlow{reader.decimal("fev1_l"), reader.decimal("fvc_l"),
                           reader.decimal("pef_l_s")};
       }},
      {"fev1_l",
       {Kind::kSpirometer},
       {"fvc_l", "pef_l_min"},
       [](ScenarioReader& reader) -> Measurement {
         return Blow{reader.decimal("fev1_l"), reader.decimal("fvc_l"),
                     reader.decimal("pef_l_min")};
       }},
      {"systolic_mmhg",
       {Kind::kBloodPressure},
       {"diastolic_mmhg", "pulse_per_minute"},
       [](ScenarioReader& reader) -> Measurement {
         return PressureValue{reader.decimal("systolic_mmhg"), reader.decimal("diastolic_mmhg"),
                              reader.decimal("pulse_per_minute")};
       }},
      {"spo2_percent",
       {Kind::kOximeter},
       {"pulse_per_minute", "live"},
       [](ScenarioReader& reader) -> Measurement {
         return OxygenValue{reader.decimal("spo2_percent"), reader.decimal("pulse_per_minute"),
                            reader.flag("live", false)};
       }},
      {"temperature_c",
       {Kind::kThermometer},
       {},
       [](ScenarioReader& reader) -> Measurement {
         return TemperatureValue{reader.decimal("temperature_c")};
       }},
      {"heart_rate_per_minute",
       {Kind::kHeartRate},
       {},
       [](ScenarioReader& reader) -> Measurement {
         return HeartRateValue{
             static_cast<std::uint16_t>(reader.integer("heart_rate_per_minute", 1, 300))};
       }},
  }};
  return kForms;
}

bool isPositive(const Decimal& value) { return value > Decimal{}; }

bool fitSfloat(std::initializer_list<Decimal> values) {
  return std::ranges::all_of(values, [](const Decimal& value) {
    return isPositive(value) && gatt::encodeSfloat(value).has_value();
  });
}

/// Above 0, with so many places, and below `limit`.
bool fits(const Decimal& value, int places, const Decimal& limit) {
  const auto rounded = value.rounded(places);
  return isPositive(value) && rounded && *rounded == value && value < limit;
}

bool isWeight(const Decimal& kilogram) {
  gatt::WeightMeasurement measured;
  measured.weight = kilogram;
  return isPositive(kilogram) && gatt::encode(measured).has_value();
}

struct IsEncodable {
  ModelKind model;

  bool operator()(const Capture&) const { return true; }
  bool operator()(const GlucoseValue& value) const {
    const bool isKilogramPerLitre = model == ModelKind::kGlucoseMeter;
    return fitSfloat({value.milligramPerDecilitre.shifted(isKilogramPerLitre ? -5 : 0)});
  }
  bool operator()(const KetoneValue& value) const {
    return fitSfloat({value.millimolePerLitre.shifted(-3)});
  }
  bool operator()(const MonitorBlow& blow) const {
    const Decimal litres(10, 0);
    return fits(blow.fev1, 2, litres) && fits(blow.fev6, 2, litres) &&
           fits(blow.pef, 0, Decimal(1000, 0));
  }
  bool operator()(const ContecBlow& blow) const {
    const Decimal hundred(100, 0);
    return fits(blow.fev1, 2, hundred) && fits(blow.fvc, 2, hundred) &&
           fits(blow.pefPerSecond, 2, hundred);
  }
  bool operator()(const WeightValue& value) const {
    if (model != ModelKind::kAdvertScale) return isWeight(value.kilogram);
    gatt::ScaleAdvert advert;
    advert.weight = value.kilogram;
    return isPositive(value.kilogram) && gatt::encodeWeightAdvert(advert).has_value();
  }
  bool operator()(const Blow& blow) const {
    return std::ranges::all_of(
        std::initializer_list<Decimal>{blow.fev1, blow.fvc, blow.pef},
        [](const Decimal& value) { return isPositive(value) && gatt::encodeFloat(value); });
  }
  bool operator()(const PressureValue& value) const {
    return fitSfloat({value.systolic, value.diastolic, value.pulse});
  }
  bool operator()(const OxygenValue& value) const { return fitSfloat({value.spo2, value.pulse}); }
  bool operator()(const TemperatureValue& value) const {
    return isPositive(value.celsius) && gatt::encodeFloat(value.celsius).has_value();
  }
  bool operator()(const HeartRateValue&) const { return true; }
  bool operator()(const BodyValue& value) const {
    gatt::BodyComposition body;
    body.fatPercent = value.fatPercent;
    return isWeight(value.kilogram) && isPositive(value.fatPercent) &&
           gatt::encode(body).has_value();
  }
};

}  // namespace

Measurement readMeasurement(ScenarioReader& reader, ModelKind model) {
  const auto form = std::ranges::find_if(
      forms(), [&](const Form& candidate) { return reader.has(candidate.key); });
  if (form == forms().end()) {
    std::string known;
    for (const Form& each : forms()) known.append(", ").append(each.key);
    reader.fail("", "has none of hex, diary" + known);
    return GlucoseValue{};
  }
  reader.allow({form->key, "at", "minutes_ago", "days_ago", "time"}, form->others);
  const Measurement what = form->read(reader);
  if (std::ranges::find(form->models, model) == form->models.end()) {
    reader.fail("", "is nothing this model measures");
  }
  if (!std::visit(IsEncodable{model}, what)) reader.fail("", "is no value a device can send");
  return what;
}

bool sendsOn(ModelKind model, std::string_view characteristic) {
  switch (model) {
    case ModelKind::kGlucoseMeter:
      return characteristic == "2A18";
    case ModelKind::kWeightScale:
      return characteristic == "2A9D";
    case ModelKind::kSpirometer:
      return characteristic == "2B8B" || characteristic == "2BDD";
    case ModelKind::kBloodPressure:
      return characteristic == "2A35";
    case ModelKind::kOximeter:
      return characteristic == "2A5E" || characteristic == "2A5F";
    case ModelKind::kThermometer:
      return characteristic == "2A1C";
    case ModelKind::kHeartRate:
      return characteristic == "2A37";
    case ModelKind::kBodyScale:
      return characteristic == "2A9D" || characteristic == "2A9C";
    case ModelKind::kAdvertScale:
      return characteristic == "181D";
    case ModelKind::kGlucoseSensor:
      return characteristic == "2AA7";
    case ModelKind::kLungMonitor:
      return characteristic == "FEFB";
    case ModelKind::kContecSpirometer:
      return characteristic == "FF02";
  }
  return false;
}

}  // namespace vardnav::ble::virtual_home
