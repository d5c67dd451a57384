// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/fuzz/gatt_parsers.h"

#include <algorithm>
#include <array>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/body_composition.h"
#include "ble/gatt/cgm_control.h"
#include "ble/gatt/cgm_measurement.h"
#include "ble/gatt/contec_record.h"
#include "ble/gatt/current_time.h"
#include "ble/gatt/device_information.h"
#include "ble/gatt/device_time_frame.h"
#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_feature.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/heart_rate.h"
#include "ble/gatt/ieee11073_float.h"
#include "ble/gatt/local_time_information.h"
#include "ble/gatt/octets.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/record_access.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/segments.h"
#include "ble/gatt/temperature_measurement.h"
#include "ble/gatt/user_control.h"
#include "ble/gatt/vitalograph_frame.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"

namespace vardnav::ble::gatt {
namespace {

template <class T>
Encoding encodeAny(const T& value) {
  return encode(value);
}

/// Decoded, encoded and decoded again: the same value, and no more octets left than there were.
template <auto decode, auto encodeIt>
Trial roundTrip(ByteView octets) {
  const auto decoded = decode(octets);
  if (!decoded) return Trial::kRefused;
  if (decoded->trailing > octets.size()) return Trial::kBroken;
  const Encoding encoded = encodeIt(decoded->value);
  if (!encoded) return Trial::kBroken;
  const auto again = decode(*encoded);
  const bool isSame = again && again->trailing == 0 && again->value == decoded->value;
  return isSame ? Trial::kAccepted : Trial::kBroken;
}

template <class Decoded>
using ValueOf = decltype(Decoded::value_type::value);

template <auto decode>
Trial roundTrip(ByteView octets) {
  return roundTrip<decode, encodeAny<ValueOf<decltype(decode(octets))>>>(octets);
}

template <auto decode>
Trial decodeOnly(ByteView octets) {
  return decode(octets) ? Trial::kAccepted : Trial::kRefused;
}

template <RecordNumberWidth width>
Decoding<RecordIndication> decodeIndication(ByteView octets) {
  return decodeRecordIndication(octets, width);
}
template <RecordNumberWidth width>
Encoding encodeIndication(const RecordIndication& indication) {
  const auto* count = std::get_if<RecordCount>(&indication);
  return count != nullptr ? encode(*count, width) : encode(std::get<RecordResponse>(indication));
}
template <RecordNumberWidth width>
Decoding<ReceivedRequest> decodeRequest(ByteView octets) {
  return decodeRecordRequest(octets, width);
}

Trial userControl(ByteView octets) {
  const auto control = decodeUserControl(octets);
  if (!control) return Trial::kRefused;
  const Encoding encoded =
      std::visit([](const auto& value) { return encode(value); }, control->value);
  // A delete is read and never written.
  if (!encoded) {
    const auto* request = std::get_if<UserRequest>(&control->value);
    const bool deletes = request != nullptr && (request->op == UserRequest::Op::kDeleteData ||
                                                request->op == UserRequest::Op::kDeleteUser);
    return deletes ? Trial::kAccepted : Trial::kBroken;
  }
  return decodeUserControl(*encoded)->value == control->value ? Trial::kAccepted : Trial::kBroken;
}

Decoding<Number> asDecoding(OctetReader& reader, const Number& number) {
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<Number>{number, reader.remaining()};
}
Decoding<Number> decodeBareSfloat(ByteView octets) {
  OctetReader reader(octets);
  const Number number = decodeSfloat(reader.u16());
  return asDecoding(reader, number);
}
Decoding<Number> decodeBareFloat(ByteView octets) {
  OctetReader reader(octets);
  const Number number = decodeFloat(reader.u32());
  return asDecoding(reader, number);
}
Encoding encodeBareSfloat(const Number& number) {
  const auto wire = encodeSfloat(number);
  if (!wire) return std::unexpected(wire.error());
  OctetWriter writer;
  writer.u16(*wire);
  return writer.take();
}
Encoding encodeBareFloat(const Number& number) {
  const auto wire = encodeFloat(number);
  if (!wire) return std::unexpected(wire.error());
  OctetWriter writer;
  writer.u32(*wire);
  return writer.take();
}

/// Octets as a row of notifications, each behind its length: none may break the joining, and what
/// is joined is cut and joined to the same again.
Trial segments(ByteView octets) {
  Reassembler reassembler;
  Trial out = Trial::kRefused;
  std::uint8_t counter = 0;
  while (!octets.empty()) {
    const std::size_t size = std::min<std::size_t>(octets.front(), octets.size() - 1);
    const auto step = reassembler.push(octets.subspan(1, size));
    octets = octets.subspan(1 + size);
    if (!step.frame) continue;
    out = Trial::kAccepted;
    Reassembler other;
    std::optional<Bytes> joined;
    for (const Bytes& segment : intoSegments(*step.frame, 20, counter)) {
      if (auto next = other.push(segment); next.frame) joined = std::move(next.frame);
    }
    if (joined != step.frame) return Trial::kBroken;
  }
  return out;
}

Trial vitalographStream(ByteView octets) {
  VitalographStream stream;
  Trial out = Trial::kRefused;
  for (const std::uint8_t octet : octets) {
    const auto frame = stream.push(octet);
    if (!frame) continue;
    out = Trial::kAccepted;
    (void)decodeVitalographClassicFrame(*frame).has_value();
    (void)decodeVitalographMonitorFrame(*frame).has_value();
  }
  return out;
}

constexpr auto kU16 = RecordNumberWidth::kU16;
constexpr auto kU32 = RecordNumberWidth::kU32;

constexpr std::array kParsers{
    Parser{"2A08", roundTrip<decodeDateTime>},
    Parser{"2A0F", roundTrip<decodeLocalTimeInformation>},
    Parser{"2A18", roundTrip<decodeGlucoseMeasurement>},
    Parser{"2A19", roundTrip<decodeBatteryLevel>},
    Parser{"2A1C", roundTrip<decodeTemperatureMeasurement>},
    Parser{"2A1D", roundTrip<decodeTemperatureType>},
    Parser{"2A23", roundTrip<decodeSystemId>},
    Parser{"2A29", roundTrip<decodeDeviceText>},
    Parser{"2A2B", roundTrip<decodeCurrentTime>},
    Parser{"2A34", roundTrip<decodeGlucoseContext>},
    Parser{"2A35", roundTrip<decodeBloodPressureMeasurement>},
    Parser{"2A36", roundTrip<decodeIntermediateCuffPressure>},
    Parser{"2A37", roundTrip<decodeHeartRateMeasurement>},
    Parser{"2A38", roundTrip<decodeBodySensorLocation>},
    Parser{"2A49", roundTrip<decodeBloodPressureFeature>},
    Parser{"2A50", roundTrip<decodePnpId>},
    Parser{"2A51", roundTrip<decodeGlucoseFeature>},
    Parser{"2A52", roundTrip<decodeIndication<kU16>, encodeIndication<kU16>>},
    Parser{"2A52-wide", roundTrip<decodeIndication<kU32>, encodeIndication<kU32>>},
    Parser{"2A52-request", decodeOnly<decodeRequest<kU16>>},
    Parser{"2A52-request-wide", decodeOnly<decodeRequest<kU32>>},
    Parser{"2A5E", roundTrip<decodeSpotCheckMeasurement>},
    Parser{"2A5F", roundTrip<decodeContinuousOximeterMeasurement>},
    Parser{"2A60", roundTrip<decodeOximeterFeatures>},
    Parser{"2A99", roundTrip<decodeDatabaseChangeIncrement>},
    Parser{"2A9A", decodeOnly<decodeUserIndex>},
    Parser{"2A9C", roundTrip<decodeBodyComposition>},
    Parser{"2A9D", roundTrip<decodeWeightMeasurement>},
    Parser{"2A9E", roundTrip<decodeWeightScaleFeature>},
    Parser{"2A9F", userControl},
    Parser{"2AA7", roundTrip<decodeCgmMeasurement>},
    Parser{"2AAA", roundTrip<decodeCgmSessionStart>},
    Parser{"2AAB", roundTrip<decodeCgmSessionRunTime>},
    Parser{"2AAC", roundTrip<decodeCgmControl>},
    Parser{"2B8B", roundTrip<decodeHealthFrame>},
    Parser{"2B90", roundTrip<decodeDeviceTimeFrame>},
    Parser{"2BDD", roundTrip<decodeStoredHealthFrame>},
    Parser{"2BF2", roundTrip<decodeElapsedTimeClock>},
    Parser{"SFLOAT", roundTrip<decodeBareSfloat, encodeBareSfloat>},
    Parser{"FLOAT", roundTrip<decodeBareFloat, encodeBareFloat>},
    Parser{"advert-181B", roundTrip<decodeBodyCompositionAdvert, encodeBodyCompositionAdvert>},
    Parser{"advert-181D", roundTrip<decodeWeightAdvert, encodeWeightAdvert>},
    Parser{"contec", roundTrip<decodeContecRecord>},
    Parser{"elapsed-time", roundTrip<decodeElapsedTime>},
    Parser{"segments", segments},
    Parser{"vitalograph-classic", roundTrip<decodeVitalographClassicFrame>},
    Parser{"vitalograph-monitor", roundTrip<decodeVitalographMonitorFrame>},
    Parser{"vitalograph-stream", vitalographStream},
};

}  // namespace

std::span<const Parser> parsers() { return kParsers; }

}  // namespace vardnav::ble::gatt
