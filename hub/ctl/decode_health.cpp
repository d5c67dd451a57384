// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Generic Health Sensors: 2B8B, 2BDD; whole observations, and segments of them.

#include <array>

#include "ble/gatt/health_observation.h"
#include "ble/gatt/segments.h"
#include "hub/ctl/decode_elapsed_time.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;

constexpr std::array<std::string_view, 16> kStatus{"invalid",
                                                   "questionable",
                                                   "unavailable",
                                                   "calibrating",
                                                   "test",
                                                   "early",
                                                   "manual",
                                                   "setting",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "",
                                                   "threshold_error",
                                                   "threshold_disabled"};

Json valueAsJson(const HealthNumeric& numeric) {
  return {{"class", 1}, {"unit_mdc", numeric.unit}, {"value", numberOf(numeric.value)}};
}
Json valueAsJson(const HealthCode& code) { return {{"class", 2}, {"mdc", code.code}}; }
Json valueAsJson(const HealthString& text) { return {{"class", 3}, {"text", text.text}}; }
Json valueAsJson(const HealthCodes& codes) { return {{"class", 5}, {"mdc", codes.codes}}; }
Json valueAsJson(const HealthStates& states) {
  return {{"class", 6},
          {"supported_mask", toHex(states.supported)},
          {"event_mask", toHex(states.events)},
          {"set_mask", toHex(states.set)}};
}
Json valueAsJson(const HealthUndecoded& undecoded) {
  return {{"class", undecoded.observationClass}, {"undecoded", toHex(undecoded.value)}};
}
Json valueAsJson(const HealthCompound& compound) {
  Json components = Json::array();
  for (const HealthComponent& component : compound.components) {
    Json part{{"type_mdc", component.type}};
    part.update(std::visit([](const auto& value) { return valueAsJson(value); }, component.value));
    components.push_back(part);
  }
  return {{"class", 7}, {"components", components}};
}

void addHeader(Json& out, const HealthHeader& header) {
  if (header.type) out["type_mdc"] = *header.type;
  if (header.time) out["timestamp"] = elapsedTimeAsJson(*header.time);
  if (header.durationSeconds) out["duration_s"] = numberOf(*header.durationSeconds);
  if (header.status) {
    out["status"] = *header.status;
    out["status_flags"] = flagsOf(*header.status, kStatus);
  }
  if (header.id) out["observation_id"] = *header.id;
  if (header.patient) {
    out["patient"] = userOf(*header.patient);
    out["patient_id"] = userOf(*header.patient);
  }
  if (!header.supplemental.empty()) out["supplemental_mdc"] = header.supplemental;
  if (!header.derivedFrom.empty()) out["derived_from"] = header.derivedFrom;
  if (!header.memberOf.empty()) out["member_of"] = header.memberOf;
}

Json observationAsJson(const HealthObservation& observation) {
  Json out = std::visit([](const auto& value) { return valueAsJson(value); }, observation.value);
  addHeader(out, observation.header);
  return out;
}

Json frameAsJson(const HealthFrame& frame) {
  if (!frame.bundle) return observationAsJson(frame.observations.front());
  Json out{{"class", 255}};
  addHeader(out, *frame.bundle);
  out["observations"] = Json::array();
  for (const HealthObservation& observation : frame.observations) {
    out["observations"].push_back(observationAsJson(observation));
  }
  return out;
}

Json storedAsJson(const StoredHealthFrame& stored) {
  return {{"record_number", stored.recordNumber}, {"observation", frameAsJson(stored.frame)}};
}

Rendering renderLiveFrame(ByteView octets) {
  return rendered(decodeHealthFrame(octets), frameAsJson);
}
Rendering renderStoredFrame(ByteView octets) {
  return rendered(decodeStoredHealthFrame(octets), storedAsJson);
}

using RenderFrame = Rendering (*)(ByteView octets);

/// `octets` begin with a segment header. A lone segment is decoded, others only described.
Rendering renderSegment(ByteView octets, RenderFrame renderFrame) {
  if (octets.empty()) return refused(Fault::kTruncated);
  const SegmentHeader header = SegmentHeader::of(octets.front());
  Json out{{"first", header.isFirst}, {"last", header.isLast}, {"counter", header.counter}};
  if (header.isFirst && header.isLast) {
    auto frame = renderFrame(octets.subspan(1));
    if (!frame) return frame;
    out.update(*frame);
  }
  return out;
}

/// What cannot be a whole observation may be the first segment of one: its header, then the
/// beginning of an observation that is only too short. Of a later segment nothing can be told.
bool isFirstSegment(ByteView octets, RenderFrame renderFrame) {
  if (octets.empty()) return false;
  const SegmentHeader header = SegmentHeader::of(octets.front());
  if (!header.isFirst) return false;
  const Rendering frame = renderFrame(octets.subspan(1));
  if (header.isLast) return frame.has_value();
  // Class and length must be there, and the class be one that exists.
  const std::size_t at = renderFrame == renderStoredFrame ? 5 : 1;
  if (frame || frame.error() != nameOf(Fault::kTruncated) || octets.size() < at + 3) return false;
  const std::uint8_t observationClass = octets[at];
  return (observationClass >= 1 && observationClass <= 8) || observationClass == 0xFF;
}

Rendering render(const Payload& payload, RenderFrame renderFrame) {
  if (payload.isSegment) return renderSegment(payload.octets, renderFrame);
  auto frame = renderFrame(payload.octets);
  if (!frame && isFirstSegment(payload.octets, renderFrame)) {
    return renderSegment(payload.octets, renderFrame);
  }
  return frame;
}

Rendering renderLive(const Payload& payload) { return render(payload, renderLiveFrame); }
Rendering renderStored(const Payload& payload) { return render(payload, renderStoredFrame); }

constexpr std::array<Decoder, 2> kDecoders{{{"2B8B", renderLive}, {"2BDD", renderStored}}};

}  // namespace

std::span<const Decoder> healthDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
