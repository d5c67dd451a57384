// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/gatt/vectors.h"

#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

#include "ble/gatt/current_time.h"
#include "ble/gatt/date_time.h"
#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_feature.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/record_access.h"
#include "ble/gatt/segments.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"

namespace vardnav::ble::gatt {
namespace {

using nlohmann::json;

json exact(const Decimal& number) { return number.toString(); }

json exact(const Number& number) {
  return number ? exact(*number) : json(std::string(nameOf(number.error())));
}

json timeOf(const std::optional<LocalTime>& time) { return time ? json(toIso(*time)) : json(); }

json namesOf(unsigned bits, const std::vector<const char*>& names) {
  json out = json::array();
  for (std::size_t bit = 0; bit < names.size(); ++bit) {
    if ((bits >> bit & 1U) != 0) out.push_back(names[bit]);
  }
  return out;
}

json elapsedAsJson(const ElapsedTime& time) {
  static const std::map<int, const char*> kSources{{0, "unknown"}, {1, "ntp"},    {2, "gps"},
                                                   {3, "radio"},   {4, "manual"}, {5, "atomic"},
                                                   {6, "cellular"}};
  static const std::vector<const char*> kResolutions{"1", "0.1", "0.001", "0.0001"};
  json out{{"flags", encode(time)->front()},
           {"tick", time.isTick},
           {"utc", time.isUtc},
           {"resolution_s", kResolutions[static_cast<std::size_t>(time.resolution)]},
           {"tz_dst_used", time.usesOffset},
           {"current_timeline", time.isCurrentTimeline},
           {"raw_time", time.raw},
           {"sync_source", time.syncSource},
           {"sync_source_name", kSources.at(time.syncSource)},
           {"tz_dst_offset_min", time.offsetQuarters * 15}};
  if (const auto device = time.deviceTime()) {
    const bool isUtc = device->timeline == DeviceTime::Timeline::kUtc;
    out["wall_time"] = toIso(device->at) + (isUtc ? "Z" : "");
  }
  return out;
}

json sfloatAsJson(const Bytes& octets, std::size_t size) {
  if (octets.size() != size) return {{"error", "truncated"}};
  std::uint32_t wire = 0;
  for (std::size_t i = 0; i < size; ++i) wire |= std::uint32_t{octets[i]} << (8 * i);
  const Number number =
      size == 2 ? decodeSfloat(static_cast<std::uint16_t>(wire)) : decodeFloat(wire);
  if (!number) return {{"value", nullptr}, {"special", nameOf(number.error())}};
  return {{"value", exact(*number)}, {"text", number->toString()}};
}

json valueAsJson(const CurrentTime& time) {
  return {{"time", timeOf(time.time.local())},
          {"day_of_week", time.weekday},
          {"fractions256", time.fractions256},
          {"adjust_reason", time.adjustReason}};
}

json valueAsJson(const DateTime& time) { return {{"time", timeOf(time.local())}}; }

json valueAsJson(const ElapsedTimeClock& clock) {
  json out = elapsedAsJson(clock.time);
  out["clock_status"] = clock.status;
  out["clock_capabilities"] = clock.capabilities;
  return out;
}

void addConcentration(json& out, const GlucoseMeasurement& measurement) {
  static const std::vector<const char*> kTypes{"reserved",
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
  static const std::map<unsigned, const char*> kLocations{{1, "finger"},
                                                          {2, "alternate_site"},
                                                          {3, "earlobe"},
                                                          {4, "control_solution"},
                                                          {15, "not_available"}};
  const auto& concentration = *measurement.concentration;
  const bool isMole = concentration.unit == GlucoseMeasurement::WireUnit::kMolePerLitre;
  out["unit_on_wire"] = isMole ? "mol/L" : "kg/L";
  out["concentration_on_wire"] = exact(concentration.value);
  if (const auto quantity = measurement.quantity()) {
    const char* unit = quantity->unit == Unit::kMillimolePerLitre ? "mmol_per_l" : "mg_per_dl";
    out[unit] = exact(quantity->value);
  }
  const auto type = static_cast<unsigned>(concentration.type);
  const auto location = static_cast<unsigned>(concentration.location);
  out["sample_type"] = type;
  out["sample_location"] = location;
  out["sample_type_name"] = kTypes.at(type);
  out["sample_location_name"] = kLocations.at(location);
  out["control_solution"] = measurement.isControlSolution();
}

json valueAsJson(const GlucoseMeasurement& measurement) {
  static const std::vector<const char*> kStatus{
      "battery_low",      "sensor_malfunction", "sample_insufficient", "strip_insertion_error",
      "strip_type_error", "result_too_high",    "result_too_low",      "temperature_too_high",
      "temperature_low",  "read_interrupted",   "general_fault",       "time_fault"};
  json out{{"sequence_number", measurement.sequence},
           {"base_time", timeOf(measurement.baseTime.local())},
           {"user_facing_time", timeOf(measurement.userFacingTime())},
           {"context_follows", measurement.contextFollows}};
  if (const auto& offset = measurement.timeOffset) {
    out["time_offset_min"] = "overrun";
    if (!*offset && offset->error() == OffsetFault::kUnderrun) out["time_offset_min"] = "underrun";
    if (*offset) out["time_offset_min"] = (*offset)->count();
  }
  if (measurement.concentration) addConcentration(out, measurement);
  if (measurement.status) {
    out["status"] = *measurement.status;
    out["status_flags"] = namesOf(*measurement.status, kStatus);
  }
  return out;
}

json valueAsJson(const GlucoseContext& context) {
  json out{{"sequence_number", context.sequence}};
  if (context.extendedFlags) out["extended_flags"] = *context.extendedFlags;
  if (context.carbohydrate) {
    out["carb_id"] = context.carbohydrate->id;
    out["carb_kg"] = exact(context.carbohydrate->kilograms);
  }
  if (context.meal) out["meal"] = static_cast<unsigned>(*context.meal);
  if (context.person) {
    out["tester"] = context.person->tester;
    out["health"] = context.person->health;
  }
  if (context.exercise) {
    const auto& duration = context.exercise->duration;
    out["exercise_duration_s"] = duration ? json(duration->count()) : json("overrun");
    out["exercise_intensity_pct"] = context.exercise->intensityPercent;
  }
  if (context.medication) {
    out["medication_id"] = context.medication->id;
    out["medication_unit"] = context.medication->isLitres ? "L" : "kg";
    out["medication_amount"] = exact(context.medication->amount);
  }
  if (context.hba1cPercent) out["hba1c_pct"] = exact(*context.hba1cPercent);
  return out;
}

json valueAsJson(const GlucoseFeature& feature) {
  static const std::vector<const char*> kNames{
      "low_battery",   "sensor_malfunction", "sample_size",   "strip_insertion",
      "strip_type",    "result_high_low",    "temp_high_low", "read_interrupt",
      "general_fault", "time_fault",         "multiple_bond"};
  return {{"features", feature.bits}, {"feature_flags", namesOf(feature.bits, kNames)}};
}

json valueAsJson(const WeightMeasurement& measurement) {
  json out{{"unit", measurement.isImperial ? "lb" : "kg"}};
  out["weight"] = measurement.weight ? exact(*measurement.weight) : json();
  if (measurement.time) out["device_time"] = timeOf(measurement.time->local());
  if (measurement.user) out["user_id"] = *measurement.user ? json(**measurement.user) : json();
  if (measurement.body) {
    out["bmi"] = exact(measurement.body->bmi);
    out["height_m"] = exact(measurement.body->height);
  }
  return out;
}

json valueAsJson(const WeightScaleFeature& feature) {
  return {{"timestamp", feature.hasTime},
          {"multiple_users", feature.hasUsers},
          {"bmi", feature.hasBmi},
          {"weight_resolution_code", feature.weightResolution},
          {"height_resolution_code", feature.heightResolution}};
}

json valueAsJson(const RecordIndication& indication) {
  static const std::vector<const char*> kNames{"",
                                               "success",
                                               "op_code_not_supported",
                                               "invalid_operator",
                                               "operator_not_supported",
                                               "invalid_operand",
                                               "no_records_found",
                                               "abort_unsuccessful",
                                               "procedure_not_completed",
                                               "operand_not_supported",
                                               "server_busy"};
  if (const auto* count = std::get_if<RecordCount>(&indication)) {
    return {{"opcode", 5}, {"count", count->count}};
  }
  const auto& response = std::get<RecordResponse>(indication);
  const auto code = static_cast<unsigned>(response.code);
  return {{"opcode", 6},
          {"opcode_name", "response_code"},
          {"request_opcode", response.requestOp},
          {"response_code", code},
          {"response_name", kNames.at(code)}};
}

json valueAsJson(const ReceivedRequest& request) {
  static const std::vector<const char*> kOps{"", "report_stored_records"};
  static const std::vector<const char*> kOperators{
      "null", "all", "less_or_equal", "greater_or_equal", "range", "first", "last"};
  json out{{"opcode", request.op},
           {"opcode_name", kOps.at(request.op)},
           {"operator", request.records},
           {"operator_name", kOperators.at(request.records)}};
  if (request.filter) {
    out["filter_type"] = *request.filter;
    out["min"] = request.from;
    out["max"] = request.to;
  }
  return out;
}

json componentValueAsJson(const HealthNumeric& numeric) {
  return {{"class", 1}, {"unit_mdc", numeric.unit}, {"value", exact(numeric.value)}};
}
json componentValueAsJson(const HealthCode& code) { return {{"class", 2}, {"mdc", code.code}}; }
json componentValueAsJson(const HealthString& text) { return {{"class", 3}, {"text", text.text}}; }
json componentValueAsJson(const HealthCompound& compound) {
  json components = json::array();
  for (const HealthComponent& component : compound.components) {
    json part =
        std::visit([](const auto& value) { return componentValueAsJson(value); }, component.value);
    part["type_mdc"] = component.type;
    components.push_back(part);
  }
  return {{"class", 7}, {"components", components}};
}
json componentValueAsJson(const HealthUndecoded& undecoded) {
  return {{"class", undecoded.observationClass}};
}

void addHeader(json& out, const HealthHeader& header) {
  if (header.type) out["type_mdc"] = *header.type;
  if (header.time) out["timestamp"] = elapsedAsJson(*header.time);
  if (header.id) out["observation_id"] = *header.id;
  if (!header.supplemental.empty()) out["supplemental_mdc"] = header.supplemental;
}

json valueAsJson(const HealthFrame& frame) {
  json members = json::array();
  for (const HealthObservation& observation : frame.observations) {
    json member = std::visit([](const auto& value) { return componentValueAsJson(value); },
                             observation.value);
    addHeader(member, observation.header);
    members.push_back(member);
  }
  if (!frame.bundle) return members.at(0);
  json out{{"class", 255}, {"observations", members}};
  addHeader(out, *frame.bundle);
  return out;
}

json valueAsJson(const StoredHealthFrame& stored) {
  return {{"record_number", stored.recordNumber}, {"observation", valueAsJson(stored.frame)}};
}

constexpr auto kU16 = RecordNumberWidth::kU16;

Encoding encodeAny(const auto& value) { return encode(value); }
Encoding encodeAny(const RecordIndication& indication) {
  if (const auto* count = std::get_if<RecordCount>(&indication)) return encode(*count, kU16);
  return encode(std::get<RecordResponse>(indication));
}
Encoding encodeAny(const ReceivedRequest& request) {
  return encode(
      RecordRequest{static_cast<RecordRequest::Op>(request.op),
                    static_cast<RecordOperator>(request.records), request.from, request.to},
      kU16);
}

struct Codec {
  std::function<json(ByteView)> decode;
  std::function<Bytes(ByteView)> encodeAgain;
};

template <class Decode>
Codec codec(Decode decode) {
  return {[decode](ByteView octets) -> json {
            const auto decoded = decode(octets);
            if (!decoded) return {{"error", nameOf(decoded.error())}};
            return valueAsJson(decoded->value);
          },
          [decode](ByteView octets) { return encodeAny(decode(octets).value().value).value(); }};
}

const Codec* codecOf(const Vector& vector) {
  static const std::map<std::string, Codec> kCodecs{
      {"2A08", codec(decodeDateTime)},
      {"2A2B", codec(decodeCurrentTime)},
      {"2BF2", codec(decodeElapsedTimeClock)},
      {"2A18", codec(decodeGlucoseMeasurement)},
      {"2A34", codec(decodeGlucoseContext)},
      {"2A51", codec(decodeGlucoseFeature)},
      {"2A52", codec([](ByteView octets) { return decodeRecordIndication(octets, kU16); })},
      {"2A52 request", codec([](ByteView octets) { return decodeRecordRequest(octets, kU16); })},
      {"2A9D", codec(decodeWeightMeasurement)},
      {"2A9E", codec(decodeWeightScaleFeature)},
      {"2B8B", codec(decodeHealthFrame)},
      {"2BDD", codec(decodeStoredHealthFrame)},
  };
  const bool isRequest = vector.note.starts_with("client write");
  const auto found = kCodecs.find(vector.characteristic + (isRequest ? " request" : ""));
  return found == kCodecs.end() ? nullptr : &found->second;
}

bool isFloat(const Vector& vector) {
  return vector.characteristic == "SFLOAT" || vector.characteristic == "FLOAT";
}

bool isSegment(const Vector& vector) { return vector.expect.contains("counter"); }

}  // namespace

std::vector<Vector> loadVectors() {
  std::ifstream file(VARDNAV_TEST_DATA "/ble_vectors.jsonl");
  if (!file) throw std::runtime_error("no tests/data/ble_vectors.jsonl");
  std::vector<Vector> out;
  for (std::string line; std::getline(file, line);) {
    const json row = json::parse(line);
    out.push_back({row.at("id"), row.at("characteristic"),
                   fromHex(row.at("hex").get<std::string>()).value(), row.at("expect"),
                   row.at("source"), row.value("note", "")});
  }
  return out;
}

bool hasDecoder(const Vector& vector) { return isFloat(vector) || codecOf(vector) != nullptr; }

json decodedAsJson(const Vector& vector) {
  if (isFloat(vector)) {
    return sfloatAsJson(vector.octets, vector.characteristic == "SFLOAT" ? 2 : 4);
  }
  if (isSegment(vector)) {
    const SegmentHeader header = SegmentHeader::of(vector.octets.at(0));
    return {{"first", header.isFirst}, {"last", header.isLast}, {"counter", header.counter}};
  }
  const Codec* codec = codecOf(vector);
  if (codec == nullptr) throw std::invalid_argument("no decoder for " + vector.characteristic);
  return codec->decode(vector.octets);
}

Bytes encodedAgain(const Vector& vector) {
  if (isFloat(vector) || isSegment(vector)) return {};
  return codecOf(vector)->encodeAgain(vector.octets);
}

}  // namespace vardnav::ble::gatt
