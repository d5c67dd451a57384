// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Continuous glucose monitoring: 2AA7, 2AAC, 2AAA, 2AAB.

#include <array>

#include "ble/gatt/cgm_control.h"
#include "ble/gatt/cgm_measurement.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;

void addCrc(Json& out, bool hasCrc) {
  if (hasCrc) out["crc_ok"] = true;  // a wrong one is refused
}

Json recordAsJson(const CgmRecord& record) {
  Json out{{"glucose_mg_per_dl", numberOf(record.glucose)},
           {"time_offset_min", record.offset.count()}};
  if (record.status) out["status_octet"] = *record.status;
  if (record.calibrationTemperature) out["cal_temp_octet"] = *record.calibrationTemperature;
  if (record.warning) out["warning_octet"] = *record.warning;
  if (record.trend) out["trend_mg_per_dl_per_min"] = numberOf(*record.trend);
  if (record.qualityPercent) out["quality_pct"] = numberOf(*record.qualityPercent);
  addCrc(out, record.hasCrc);
  return out;
}

Json measurementAsJson(const CgmMeasurement& measurement) {
  Json records = Json::array();
  for (const CgmRecord& record : measurement.records) records.push_back(recordAsJson(record));
  return {{"records", records}};
}

Json startAsJson(const CgmSessionStart& start) {
  Json out;
  addTime(out, "session_start", start.time);
  addOffsets(out, start.offsets);
  addCrc(out, start.hasCrc);
  return out;
}

Json runTimeAsJson(const CgmSessionRunTime& time) {
  Json out{{"session_run_time_h", time.expected.count()}};
  addCrc(out, time.hasCrc);
  return out;
}

/// Adds an operand under the names of its op.
class OperandRenderer {
 public:
  OperandRenderer(Json& out, std::uint8_t op) : out_(out), op_(op) {}

  void operator()(std::monostate) {}
  void operator()(const CgmInterval& interval) { out_["interval_min"] = interval.minutes; }
  void operator()(const CgmCalibration& calibration) {
    out_["calibration_mg_per_dl"] = numberOf(calibration.glucose);
    out_["time_offset_min"] = calibration.offset.count();
    out_["sample_type"] = static_cast<unsigned>(calibration.type);
    out_["sample_location"] = static_cast<unsigned>(calibration.location);
    out_["next_calibration_min"] = calibration.next.count();
    out_["record_number"] = calibration.recordNumber;
    out_["status"] = calibration.status;
  }
  void operator()(const CgmCalibrationRequest& request) {
    out_["record_number"] = request.recordNumber;
  }
  void operator()(const CgmAlertLevel& alert) {
    static constexpr std::array<std::string_view, 6> kAlerts{
        "patient_high", "patient_low", "hypo", "hyper", "rate_of_decrease", "rate_of_increase"};
    const auto which = static_cast<std::size_t>(*alertOf(op_));
    const bool isRate = which >= static_cast<std::size_t>(CgmAlert::kRateOfDecrease);
    const std::string unit = isRate ? "_mg_per_dl_per_min" : "_mg_per_dl";
    out_["alert"] = kAlerts[which];
    out_["alert" + unit] = numberOf(alert.level);
    out_[std::string(kAlerts[which]) + "_alert" + unit] = numberOf(alert.level);
  }
  void operator()(const CgmResponse& response) {
    out_["request_opcode"] = response.requestOp;
    out_["response_code"] = response.code;
  }

 private:
  Json& out_;
  std::uint8_t op_;
};

Json controlAsJson(const CgmControl& control) {
  Json out{{"opcode", control.op}};
  std::visit(OperandRenderer(out, control.op), control.operand);
  addCrc(out, control.hasCrc);
  return out;
}

Rendering renderMeasurement(const Payload& payload) {
  return rendered(decodeCgmMeasurement(payload.octets), measurementAsJson);
}
Rendering renderStart(const Payload& payload) {
  return rendered(decodeCgmSessionStart(payload.octets), startAsJson);
}
Rendering renderRunTime(const Payload& payload) {
  return rendered(decodeCgmSessionRunTime(payload.octets), runTimeAsJson);
}
Rendering renderControl(const Payload& payload) {
  return rendered(decodeCgmControl(payload.octets), controlAsJson);
}

constexpr std::array<Decoder, 4> kDecoders{{{"2AA7", renderMeasurement},
                                            {"2AAA", renderStart},
                                            {"2AAB", renderRunTime},
                                            {"2AAC", renderControl}}};

}  // namespace

std::span<const Decoder> cgmDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
