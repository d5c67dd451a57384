// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Battery 2A19; device information 2A23 to 2A29, 2A50; clocks 2A08, 2A2B, 2A0F, 2BF2, 2B90.

#include <array>

#include "ble/gatt/current_time.h"
#include "ble/gatt/device_information.h"
#include "ble/gatt/device_time_frame.h"
#include "ble/gatt/elapsed_time.h"
#include "hub/ctl/decode_elapsed_time.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;

Json textAsJson(const DeviceText& text) { return {{"text", text.text}}; }

Json systemIdAsJson(const SystemId& id) {
  return {{"manufacturer_id", toHex(id.manufacturer)}, {"oui", toHex(id.organisation)}};
}

Json pnpIdAsJson(const PnpId& id) {
  return {{"vendor_id_source", id.vendorIdSource},
          {"vendor_id", id.vendorId},
          {"product_id", id.productId},
          {"product_version", id.productVersion}};
}

Json dateTimeAsJson(const DateTime& time) {
  Json out;
  addTime(out, "time", time);
  return out;
}

Json currentTimeAsJson(const CurrentTime& time) {
  Json out = dateTimeAsJson(time.time);
  out["day_of_week"] = time.weekday;
  out["fractions256"] = time.fractions256;
  out["adjust_reason"] = time.adjustReason;
  return out;
}

Json localTimeAsJson(const LocalTimeInformation& information) {
  Json out;
  addOffsets(out, information);
  return out;
}

Json deviceTimeAsJson(const DeviceTimeFrame& frame) {
  Json out{{"base_time_s", frame.baseSeconds}};
  addOffsets(out, frame.offsets);
  out["dt_status"] = frame.status;
  if (frame.userSeconds) out["user_time_s"] = *frame.userSeconds;
  if (frame.driftSeconds) out["accumulated_rtc_drift_s"] = *frame.driftSeconds;
  if (frame.nextSequence) out["next_sequence_number"] = *frame.nextSequence;
  if (frame.fractions65536) out["base_time_second_fractions"] = *frame.fractions65536;
  out["base_time"] = toIso(frame.baseTime());
  return out;
}

Json clockAsJson(const ElapsedTimeClock& clock) {
  Json out = elapsedTimeAsJson(clock.time);
  out["clock_status"] = clock.status;
  out["clock_capabilities"] = clock.capabilities;
  return out;
}

Rendering renderBattery(const Payload& payload) {
  return rendered(decodeBatteryLevel(payload.octets),
                  [](const BatteryLevel& level) { return Json{{"battery_pct", level.percent}}; });
}
Rendering renderText(const Payload& payload) {
  return rendered(decodeDeviceText(payload.octets), textAsJson);
}
Rendering renderSystemId(const Payload& payload) {
  return rendered(decodeSystemId(payload.octets), systemIdAsJson);
}
Rendering renderPnpId(const Payload& payload) {
  return rendered(decodePnpId(payload.octets), pnpIdAsJson);
}
Rendering renderDateTime(const Payload& payload) {
  return rendered(decodeDateTime(payload.octets), dateTimeAsJson);
}
Rendering renderCurrentTime(const Payload& payload) {
  return rendered(decodeCurrentTime(payload.octets), currentTimeAsJson);
}
Rendering renderLocalTime(const Payload& payload) {
  return rendered(decodeLocalTimeInformation(payload.octets), localTimeAsJson);
}
Rendering renderElapsedTime(const Payload& payload) {
  return rendered(decodeElapsedTimeClock(payload.octets), clockAsJson);
}
Rendering renderDeviceTime(const Payload& payload) {
  return rendered(decodeDeviceTimeFrame(payload.octets), deviceTimeAsJson);
}

constexpr std::array<Decoder, 14> kDecoders{{{"2A19", renderBattery},
                                             {"2A23", renderSystemId},
                                             {"2A24", renderText},
                                             {"2A25", renderText},
                                             {"2A26", renderText},
                                             {"2A27", renderText},
                                             {"2A28", renderText},
                                             {"2A29", renderText},
                                             {"2A50", renderPnpId},
                                             {"2A08", renderDateTime},
                                             {"2A2B", renderCurrentTime},
                                             {"2A0F", renderLocalTime},
                                             {"2BF2", renderElapsedTime},
                                             {"2B90", renderDeviceTime}}};

}  // namespace

std::span<const Decoder> deviceDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
