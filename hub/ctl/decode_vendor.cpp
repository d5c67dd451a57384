// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Vendors' spirometers: Vitalograph's two frames, Contec's record E1.

#include <array>

#include "ble/gatt/contec_record.h"
#include "ble/gatt/vitalograph_frame.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;

void addBlow(Json& out, const VitalographBlow& blow) {
  out["header"] = blow.header;
  out["device_id"] = blow.deviceId;
  out["fev1_l"] = numberOf(blow.fev1Litre);
  out["fev6_l"] = numberOf(blow.fev6Litre);
  out["fev1_fev6_ratio"] = numberOf(blow.ratio);
  out["fef2575_l_per_s"] = numberOf(blow.fef2575LitrePerSecond);
  out["good_test"] = blow.isGood;
  out["software"] = blow.software;
}

Json classicAsJson(const VitalographClassicFrame& frame) {
  Json out;
  addBlow(out, frame.blow);
  out["fev1_personal_best_l"] = numberOf(frame.bestFev1Litre);
  out["fev1_pct_of_best"] = frame.percentOfBest;
  out["green_zone"] = frame.greenZone;
  out["yellow_zone"] = frame.yellowZone;
  out["orange_zone"] = frame.orangeZone;
  addTime(out, "device_time", frame.time);
  return out;
}

Json monitorAsJson(const VitalographMonitorFrame& frame) {
  Json out;
  addBlow(out, frame.blow);
  out["pef_l_per_min"] = numberOf(frame.pefLitrePerMinute);
  out["pev075_l"] = numberOf(frame.pev075Litre);
  return out;
}

Json recordAsJson(const ContecRecord& record) {
  Json out{{"measure_type", record.measureType}, {"record_no", record.number}};
  addTime(out, "device_time", record.time);
  out["sex"] = record.isMale() ? "male" : "female";
  out["age"] = record.ageYears;
  out["height_cm"] = record.heightCentimetre;
  out["standard"] = record.standard;
  out["drug"] = record.drug;
  out["fvc_l"] = numberOf(record.fvcLitre);
  out["fev05_l"] = numberOf(record.fev05Litre);
  out["fev1_l"] = numberOf(record.fev1Litre);
  out["fev1_fvc_pct"] = numberOf(record.ratioPercent);
  out["fev3_l"] = numberOf(record.fev3Litre);
  out["fev6_l"] = numberOf(record.fev6Litre);
  out["pef_l_per_s"] = numberOf(record.pefLitrePerSecond);
  out["fef25_l_per_s"] = numberOf(record.fef25LitrePerSecond);
  out["fef50_l_per_s"] = numberOf(record.fef50LitrePerSecond);
  out["fef75_l_per_s"] = numberOf(record.fef75LitrePerSecond);
  out["fef2575_l_per_s"] = numberOf(record.fef2575LitrePerSecond);
  out["pef_time_ms"] = record.pefTimeMilliseconds;
  out["extrapolated_volume_ml"] = record.extrapolatedVolumeMillilitre;
  return out;
}

Rendering renderClassic(const Payload& payload) {
  return rendered(decodeVitalographClassicFrame(payload.octets), classicAsJson);
}
Rendering renderMonitor(const Payload& payload) {
  return rendered(decodeVitalographMonitorFrame(payload.octets), monitorAsJson);
}
Rendering renderContec(const Payload& payload) {
  return rendered(decodeContecRecord(payload.octets), recordAsJson);
}

constexpr std::array<Decoder, 3> kDecoders{
    {{"frame STX..ETX BCC (classic FTD layout)", renderClassic},
     {"frame STX..ETX BCC (BLE lung monitor, 71 bytes)", renderMonitor},
     {"FF02 notify, record E1", renderContec}}};

}  // namespace

std::span<const Decoder> vendorDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
