// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Encoders against the captures; what the captures mean is tested in tests/hub/ctl.
#include "tests/ble/gatt/vectors.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

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
#include "ble/gatt/local_time_information.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/record_access.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/temperature_measurement.h"
#include "ble/gatt/user_control.h"
#include "ble/gatt/vitalograph_frame.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"

namespace vardnav::ble::gatt {
namespace {

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
Encoding encodeAny(const UserControl& control) {
  return std::visit([](const auto& value) { return encode(value); }, control);
}

using Again = std::function<Encoding(ByteView)>;

template <class Decode>
Again again(Decode decode) {
  return [decode](ByteView octets) { return encodeAny(decode(octets).value().value); };
}
template <class Decode, class Encode>
Again again(Decode decode, Encode encodeIt) {
  return [=](ByteView octets) { return encodeIt(decode(octets).value().value); };
}

const std::map<std::string, Again> kCodecs{
    {"2A08", again(decodeDateTime)},
    {"2A0F", again(decodeLocalTimeInformation)},
    {"2A18", again(decodeGlucoseMeasurement)},
    {"2A19", again(decodeBatteryLevel)},
    {"2A1C", again(decodeTemperatureMeasurement)},
    {"2A23", again(decodeSystemId)},
    {"2A25", again(decodeDeviceText)},
    {"2A26", again(decodeDeviceText)},
    {"2A2B", again(decodeCurrentTime)},
    {"2A34", again(decodeGlucoseContext)},
    {"2A35", again(decodeBloodPressureMeasurement)},
    {"2A37", again(decodeHeartRateMeasurement)},
    {"2A38", again(decodeBodySensorLocation)},
    {"2A49", again(decodeBloodPressureFeature)},
    {"2A50", again(decodePnpId)},
    {"2A51", again(decodeGlucoseFeature)},
    {"2A52", again([](ByteView octets) { return decodeRecordIndication(octets, kU16); })},
    {"2A52 request", again([](ByteView octets) { return decodeRecordRequest(octets, kU16); })},
    {"2A5E", again(decodeSpotCheckMeasurement)},
    {"2A5F", again(decodeContinuousOximeterMeasurement)},
    {"2A60", again(decodeOximeterFeatures)},
    {"2A9C", again(decodeBodyComposition)},
    {"2A9D", again(decodeWeightMeasurement)},
    {"2A9E", again(decodeWeightScaleFeature)},
    {"2A9F", again(decodeUserControl)},
    {"2AA7", again(decodeCgmMeasurement)},
    {"2AAA", again(decodeCgmSessionStart)},
    {"2AAC", again(decodeCgmControl)},
    {"2B8B", again(decodeHealthFrame)},
    {"2B90", again(decodeDeviceTimeFrame)},
    {"2BDD", again(decodeStoredHealthFrame)},
    {"2BF2", again(decodeElapsedTimeClock)},
    {"frame STX..ETX BCC (classic FTD layout)", again(decodeVitalographClassicFrame)},
    {"frame STX..ETX BCC (BLE lung monitor, 71 bytes)", again(decodeVitalographMonitorFrame)},
    {"FF02 notify, record E1", again(decodeContecRecord)},
};

/// Whose octets encoding need not give again: unused fields, padding, flags without a meaning.
bool hasFreeOctets(const Vector& vector) {
  return vector.characteristic == "2A36" || vector.characteristic == "2A29" ||
         vector.characteristic.starts_with("advert") || vector.isSegment() ||
         vector.id == "hts-06" || vector.characteristic.ends_with("FLOAT") || vector.id == "glc-05";
}

TEST(Vectors, EncodingADecodedCaptureGivesItsOctetsAgain) {
  unsigned checked = 0;
  for (const Vector& vector : loadVectors()) {
    if (vector.isRefused() || hasFreeOctets(vector)) continue;
    const bool isRequest = vector.isClientWrite() && vector.characteristic == "2A52";
    const auto& codec = kCodecs.at(vector.characteristic + (isRequest ? " request" : ""));
    const Encoding encoded = codec(vector.octets);
    ASSERT_TRUE(encoded) << vector.id;
    EXPECT_EQ(toHex(*encoded), toHex(vector.octets)) << vector.id;
    ++checked;
  }
  EXPECT_EQ(checked, 93U);
}

TEST(Vectors, AnAdvertEncodedAgainIsTheSameAdvert) {
  unsigned checked = 0;
  for (const Vector& vector : loadVectors()) {
    if (vector.isRefused() || !vector.characteristic.starts_with("advert")) continue;
    const bool isBody = vector.characteristic.ends_with("181B");
    const auto decode = isBody ? decodeBodyCompositionAdvert : decodeWeightAdvert;
    const auto encodeIt = isBody ? encodeBodyCompositionAdvert : encodeWeightAdvert;
    const auto advert = decode(vector.octets);
    ASSERT_TRUE(advert) << vector.id;
    EXPECT_EQ(decode(encodeIt(advert->value).value())->value, advert->value) << vector.id;
    ++checked;
  }
  EXPECT_EQ(checked, 6U);
}

}  // namespace
}  // namespace vardnav::ble::gatt
