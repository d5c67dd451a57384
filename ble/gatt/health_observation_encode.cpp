// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <limits>
#include <optional>
#include <utility>

#include "ble/gatt/elapsed_time_fields.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/health_observation_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

/// Writes octets; remembers a value that the wire cannot hold.
class ObservationWriter {
 public:
  void header(const HealthHeader& header) {
    writer_.u16(flagsOf(header));
    if (header.type) writer_.u32(*header.type);
    if (header.time) {
      if (!isEncodable(*header.time)) fits_ = false;
      writeElapsedTime(writer_, *header.time);
    }
    if (header.durationSeconds) number(*header.durationSeconds);
    if (header.status) writer_.u16(*header.status);
    if (header.id) writer_.u32(*header.id);
    if (header.patient) {
      const auto& patient = *header.patient;
      if (patient && *patient == kUnknownPatientWire) fits_ = false;
      writer_.u8(patient.value_or(kUnknownPatientWire));
    }
    list(header.supplemental);
    list(header.derivedFrom);
    list(header.memberOf);
  }

  void value(const HealthNumeric& numeric) {
    if (numeric.unit < kUnitPartition || numeric.unit - kUnitPartition > 0xFFFF) fits_ = false;
    writer_.u16(static_cast<std::uint16_t>(numeric.unit));
    number(numeric.value);
  }
  void value(const HealthCode& code) { writer_.u32(code.code); }
  void value(const HealthString& string) {
    if (string.text.size() > std::numeric_limits<std::uint16_t>::max()) fits_ = false;
    writer_.u16(static_cast<std::uint16_t>(string.text.size()));
    writer_.bytes(Bytes(string.text.begin(), string.text.end()));
  }
  void value(const HealthCompound& compound) {
    count(compound.components.size());
    for (const HealthComponent& component : compound.components) {
      writer_.u32(component.type);
      std::visit(Overloaded{[&](const HealthNumeric&) { writer_.u8(kClassNumeric); },
                            [&](const HealthCode&) { writer_.u8(kClassDiscrete); },
                            [&](const HealthString&) { writer_.u8(kClassString); }},
                 component.value);
      std::visit([&](const auto& part) { value(part); }, component.value);
    }
  }
  void value(const HealthCodes& codes) {
    count(codes.codes.size());
    for (const std::uint32_t code : codes.codes) writer_.u32(code);
  }
  void value(const HealthStates& states) {
    count(states.supported.size());
    for (const Bytes* mask : {&states.supported, &states.events, &states.set}) {
      if (mask->size() != states.supported.size()) fits_ = false;
      writer_.bytes(*mask);
    }
  }
  void value(const HealthUndecoded& undecoded) {
    if (!isUndecodedClass(undecoded.observationClass)) fits_ = false;
    writer_.bytes(undecoded.value);
  }

  void count(std::size_t size) {
    if (size > std::numeric_limits<std::uint8_t>::max()) fits_ = false;
    writer_.u8(static_cast<std::uint8_t>(size));
  }
  void bytes(ByteView octets) { writer_.bytes(octets); }

  /// Class and length in front of what was written.
  Encoding take(std::uint8_t observationClass) {
    if (!fits_ || writer_.size() > std::numeric_limits<std::uint16_t>::max()) {
      return std::unexpected(Fault::kNotEncodable);
    }
    OctetWriter out;
    out.u8(observationClass);
    out.u16(static_cast<std::uint16_t>(writer_.size()));
    out.bytes(writer_.take());
    return out.take();
  }

 private:
  static std::uint16_t flagsOf(const HealthHeader& header) {
    unsigned flags = 0;
    if (header.type) flags |= kHasType;
    if (header.time) flags |= kHasTime;
    if (header.durationSeconds) flags |= kHasDuration;
    if (header.status) flags |= kHasStatus;
    if (header.id) flags |= kHasId;
    if (header.patient) flags |= kHasPatient;
    if (!header.supplemental.empty()) flags |= kHasSupplemental;
    if (!header.derivedFrom.empty()) flags |= kHasDerivedFrom;
    if (!header.memberOf.empty()) flags |= kHasMemberOf;
    return static_cast<std::uint16_t>(flags);
  }
  void number(const Number& value) {
    const auto wire = encodeFloat(value);
    if (!wire) fits_ = false;
    writer_.u32(wire.value_or(0));
  }
  void list(const std::vector<std::uint32_t>& values) {
    if (values.empty()) return;
    count(values.size());
    for (const std::uint32_t value : values) writer_.u32(value);
  }

  OctetWriter writer_;
  bool fits_ = true;
};

std::uint8_t classOf(const HealthObservation& observation) {
  return std::visit(Overloaded{[](const HealthNumeric&) { return kClassNumeric; },
                               [](const HealthCode&) { return kClassDiscrete; },
                               [](const HealthString&) { return kClassString; },
                               [](const HealthCompound&) { return kClassCompound; },
                               [](const HealthCodes&) { return kClassCompoundDiscrete; },
                               [](const HealthStates&) { return kClassStateOrEvent; },
                               [](const HealthUndecoded& value) { return value.observationClass; }},
                    observation.value);
}

Encoding encodeOne(const HealthObservation& observation) {
  ObservationWriter writer;
  writer.header(observation.header);
  std::visit([&](const auto& value) { writer.value(value); }, observation.value);
  return writer.take(classOf(observation));
}

/// `member` without what it inherits.
HealthObservation ownPart(HealthObservation member, const HealthHeader& bundle) {
  HealthHeader& header = member.header;
  if (header.time == bundle.time) header.time.reset();
  if (header.durationSeconds == bundle.durationSeconds) header.durationSeconds.reset();
  if (header.status == bundle.status) header.status.reset();
  if (header.patient == bundle.patient) header.patient.reset();
  if (header.supplemental == bundle.supplemental) header.supplemental.clear();
  if (header.derivedFrom == bundle.derivedFrom) header.derivedFrom.clear();
  if (header.memberOf == bundle.memberOf) header.memberOf.clear();
  return member;
}

}  // namespace

Encoding encode(const HealthFrame& frame) {
  if (!frame.bundle) {
    if (frame.observations.size() != 1) return std::unexpected(Fault::kNotEncodable);
    return encodeOne(frame.observations.front());
  }
  ObservationWriter writer;
  writer.header(*frame.bundle);
  writer.count(frame.observations.size());
  for (const HealthObservation& observation : frame.observations) {
    const Encoding member = encodeOne(ownPart(observation, *frame.bundle));
    if (!member) return member;
    writer.bytes(*member);
  }
  return writer.take(kClassBundle);
}

Encoding encode(const StoredHealthFrame& frame) {
  const Encoding body = encode(frame.frame);
  if (!body) return body;
  OctetWriter writer;
  writer.u32(frame.recordNumber);
  writer.bytes(*body);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
