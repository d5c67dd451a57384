// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Scales: weight, body composition, and scales that only advertise. Body mass index and height
// follow from the profile on the scale, which its user may change: they are no part of the key.

#include "ble/gatt/body_composition.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/weight_measurement.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

using ble::gatt::WeightMeasurement;

/// A scale that was asked for one user's records says whose they are by that.
User consentedUser(const RawRecord& record) {
  if (record.context.size() != 1) return std::nullopt;
  return record.context.front();
}

std::string keyTextOf(const Quantity& weight, const User& user) {
  std::string text = "weight|" + rawText(weight.value) + "|" + std::string(ucumOf(weight.unit));
  if (user) text += "|" + rawText(user);
  return text;
}

Decoded weightFrom(const WeightMeasurement& measurement, const Quantity& weight,
                   const RawRecord& record) {
  // Some scales send a frame of zero before they have weighed.
  if (weight.value.mantissa() == 0) return std::unexpected(Reason::kNoValue);
  Measurement result;
  result.user = measurement.user ? measurement.user : consentedUser(record);
  result.values = {{Code::kWeight, Value::of(weight.value), weight.unit, {}}};
  if (measurement.time) {
    result.stamp = stampOf(*measurement.time);
    result.hasRawStamp = result.stamp.kind == Stamp::Kind::kKnown;
  }
  result.keyText = keyTextOf(weight, measurement.user);
  return result;
}

std::optional<Quantity> weightOf(const ble::gatt::BodyComposition& body) {
  if (!body.weight || body.weight->mantissa() == 0) return std::nullopt;
  return Quantity{*body.weight, body.isImperial ? Unit::kPound : Unit::kKilogram};
}

Decoded advertFrom(const ble::gatt::ScaleAdvert& advert) {
  if (!advert.isReading() || advert.weight.mantissa() == 0) {
    return std::unexpected(Reason::kNoValue);
  }
  Quantity weight{advert.weight, Unit::kKilogram};
  using WeightUnit = ble::gatt::ScaleAdvert::WeightUnit;
  if (advert.unit == WeightUnit::kPound) weight.unit = Unit::kPound;
  if (advert.unit == WeightUnit::kJin) {
    const auto kilograms = advert.weight.times({5, -1});
    if (!kilograms) return std::unexpected(Reason::kMalformed);
    weight.value = *kilograms;
  }
  Measurement result;
  result.isPersonUnconfirmed = true;
  result.values = {{Code::kWeight, Value::of(weight.value), weight.unit, {}}};
  // Its date is not believed, but tells one weighing from the next. The impedance may follow.
  result.keyText =
      "advert|" + keyTextOf(weight, std::nullopt) + "|" + rawText(std::optional(advert.time));
  result.hasRawStamp = advert.time.local().has_value();
  return result;
}

}  // namespace

Decoded decodeWeight(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeWeightMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const auto weight = decoded->value.quantity();
  if (!weight) return std::unexpected(Reason::kNoValue);
  return weightFrom(decoded->value, *weight, record);
}

/// As the profile has it, but counted in 0.1 kg or 0.1 lb.
Decoded decodeAndWeight(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeWeightMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  if (!decoded->value.quantity()) return std::unexpected(Reason::kNoValue);
  const std::int64_t tenths = record.bytes[1] | record.bytes[2] << 8;
  const Quantity weight{Decimal(tenths, -1), decoded->value.quantity()->unit};
  return weightFrom(decoded->value, weight, record);
}

Decoded decodeBodyComposition(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeBodyComposition(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const auto& body = decoded->value;
  const auto before = ble::gatt::decodeWeightMeasurement(record.context);
  Measurement result;
  // Zero: a placeholder that some scales send first.
  if (body.fatPercent && body.fatPercent->mantissa() > 0) {
    result.values.push_back({Code::kBodyFat, Value::of(*body.fatPercent), Unit::kPercent, {}});
  }
  // Where a weight came before it, that is a reading of its own already.
  if (const auto weight = weightOf(body); weight && !before) {
    result.values.push_back({Code::kWeight, Value::of(weight->value), weight->unit, {}});
  }
  if (result.values.empty()) return std::unexpected(Reason::kNoValue);

  result.user = body.user;
  auto time = body.time;
  if (before) {
    if (!result.user) result.user = before->value.user;
    if (!time) time = before->value.time;
  }
  result.keyText = "body|" + (body.fatPercent ? rawText(*body.fatPercent) : "unsuccessful") + "|" +
                   (body.impedanceOhm ? rawText(*body.impedanceOhm) : "") + "|" +
                   (body.weight ? rawText(*body.weight) : "") + "|" + rawText(result.user);
  if (!result.user) result.user = consentedUser(record);
  if (time) {
    result.stamp = stampOf(*time);
    result.hasRawStamp = result.stamp.kind == Stamp::Kind::kKnown;
  }
  return result;
}

Decoded decodeWeightAdvert(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeWeightAdvert(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  return advertFrom(decoded->value);
}

Decoded decodeBodyAdvert(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeBodyCompositionAdvert(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  return advertFrom(decoded->value);
}

}  // namespace vardnav::intake
