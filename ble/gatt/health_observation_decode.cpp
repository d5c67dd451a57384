// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <utility>

#include "ble/gatt/elapsed_time_fields.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/health_observation_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

/// Class, and exactly the octets its length field spans.
struct Envelope {
  std::uint8_t observationClass = 0;
  ByteView body;
};

Envelope readEnvelope(OctetReader& reader) {
  const std::uint8_t observationClass = reader.u8();
  const std::uint16_t length = reader.u16();
  return {observationClass, reader.bytes(length)};
}

HealthNumeric readNumeric(OctetReader& reader) {
  const std::uint32_t unit = kUnitPartition + reader.u16();
  return {unit, decodeFloat(reader.u32())};
}

HealthString readString(OctetReader& reader) {
  const ByteView text = reader.bytes(reader.u16());
  return {std::string(text.begin(), text.end())};
}

std::vector<std::uint32_t> readList(OctetReader& reader) {
  std::vector<std::uint32_t> out;
  const std::uint8_t count = reader.u8();
  for (unsigned i = 0; i < count && !reader.isTruncated(); ++i) out.push_back(reader.u32());
  return out;
}

HealthStates readStates(OctetReader& reader) {
  const std::uint8_t size = reader.u8();
  const auto mask = [&] {
    const ByteView octets = reader.bytes(size);
    return Bytes(octets.begin(), octets.end());
  };
  HealthStates out;
  out.supported = mask();
  out.events = mask();
  out.set = mask();
  return out;
}

/// Truncation is left for the caller to ask.
std::expected<HealthHeader, Fault> readHeader(OctetReader& reader) {
  HealthHeader out;
  const std::uint16_t flags = reader.u16();
  if (flags & kHasType) out.type = reader.u32();
  if (flags & kHasTime) out.time = readElapsedTime(reader);
  if (flags & kHasDuration) out.durationSeconds = decodeFloat(reader.u32());
  if (flags & kHasStatus) out.status = reader.u16();
  if (flags & kHasId) out.id = reader.u32();
  if (flags & kHasPatient) {
    const std::uint8_t patient = reader.u8();
    out.patient = patient;
    if (patient == kUnknownPatientWire) out.patient = std::unexpected(Unknown{});
  }
  if (flags & kHasSupplemental) out.supplemental = readList(reader);
  if (flags & kHasDerivedFrom) out.derivedFrom = readList(reader);
  if (flags & kHasMemberOf) out.memberOf = readList(reader);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.time && !isPossible(*out.time)) return std::unexpected(Fault::kBadDate);
  if (flags & kHasTlvs) return std::unexpected(Fault::kUnsupported);
  return out;
}

std::expected<HealthCompound, Fault> readCompound(OctetReader& reader) {
  HealthCompound out;
  const std::uint8_t count = reader.u8();
  for (unsigned i = 0; i < count; ++i) {
    HealthComponent component;
    component.type = reader.u32();
    const std::uint8_t componentClass = reader.u8();
    if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
    if (componentClass == kClassNumeric) {
      component.value = readNumeric(reader);
    } else if (componentClass == kClassDiscrete) {
      component.value = HealthCode{reader.u32()};
    } else if (componentClass == kClassString) {
      component.value = readString(reader);
    } else {
      // A component has no length: what follows one that is not read cannot be found.
      return std::unexpected(componentClass > kClassTlv || componentClass == 0
                                 ? Fault::kUnknownClass
                                 : Fault::kUnsupported);
    }
    out.components.push_back(std::move(component));
  }
  return out;
}

/// `reader` stands behind the header and spans the body.
std::expected<HealthObservation, Fault> readObservation(std::uint8_t observationClass,
                                                        HealthHeader header, OctetReader& reader) {
  HealthObservation out;
  out.header = std::move(header);
  if (observationClass == kClassNumeric) {
    out.value = readNumeric(reader);
  } else if (observationClass == kClassDiscrete) {
    out.value = HealthCode{reader.u32()};
  } else if (observationClass == kClassString) {
    out.value = readString(reader);
  } else if (observationClass == kClassCompoundDiscrete) {
    out.value = HealthCodes{readList(reader)};
  } else if (observationClass == kClassStateOrEvent) {
    out.value = readStates(reader);
  } else if (observationClass == kClassCompound) {
    auto compound = readCompound(reader);
    if (!compound) return std::unexpected(compound.error());
    out.value = std::move(*compound);
  } else if (isUndecodedClass(observationClass)) {
    const ByteView rest = reader.rest();
    out.value = HealthUndecoded{observationClass, Bytes(rest.begin(), rest.end())};
  } else {
    return std::unexpected(Fault::kUnknownClass);
  }
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return out;
}

void inherit(HealthHeader& member, const HealthHeader& bundle) {
  if (!member.time) member.time = bundle.time;
  if (!member.durationSeconds) member.durationSeconds = bundle.durationSeconds;
  if (!member.status) member.status = bundle.status;
  if (!member.patient) member.patient = bundle.patient;
  if (member.supplemental.empty()) member.supplemental = bundle.supplemental;
  if (member.derivedFrom.empty()) member.derivedFrom = bundle.derivedFrom;
  if (member.memberOf.empty()) member.memberOf = bundle.memberOf;
}

class FrameReader {
 public:
  std::expected<void, Fault> read(OctetReader& reader) {
    const Envelope envelope = readEnvelope(reader);
    if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
    return envelope.observationClass == kClassBundle ? readBundle(envelope.body)
                                                     : readOne(envelope);
  }

  HealthFrame frame;
  std::size_t trailing = 0;

 private:
  std::expected<void, Fault> readOne(const Envelope& envelope) {
    OctetReader body(envelope.body);
    auto header = readHeader(body);
    if (!header) return std::unexpected(header.error());
    if (frame.bundle) inherit(*header, *frame.bundle);
    auto observation = readObservation(envelope.observationClass, std::move(*header), body);
    if (!observation) return std::unexpected(observation.error());
    frame.observations.push_back(std::move(*observation));
    trailing += body.remaining();
    return {};
  }

  std::expected<void, Fault> readBundle(ByteView octets) {
    OctetReader body(octets);
    auto header = readHeader(body);
    if (!header) return std::unexpected(header.error());
    frame.bundle = std::move(*header);
    const std::uint8_t count = body.u8();
    for (unsigned i = 0; i < count; ++i) {
      const Envelope member = readEnvelope(body);
      if (body.isTruncated()) return std::unexpected(Fault::kTruncated);
      if (member.observationClass == kClassBundle) return std::unexpected(Fault::kNestedBundle);
      if (auto done = readOne(member); !done) return done;
    }
    if (body.isTruncated()) return std::unexpected(Fault::kTruncated);
    trailing += body.remaining();
    return {};
  }
};

}  // namespace

Decoding<HealthFrame> decodeHealthFrame(ByteView octets) {
  OctetReader reader(octets);
  FrameReader frame;
  if (const auto done = frame.read(reader); !done) return std::unexpected(done.error());
  return Decoded<HealthFrame>{std::move(frame.frame), frame.trailing + reader.remaining()};
}

Decoding<StoredHealthFrame> decodeStoredHealthFrame(ByteView octets) {
  OctetReader reader(octets);
  const std::uint32_t recordNumber = reader.u32();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  FrameReader frame;
  if (const auto done = frame.read(reader); !done) return std::unexpected(done.error());
  return Decoded<StoredHealthFrame>{{recordNumber, std::move(frame.frame)},
                                    frame.trailing + reader.remaining()};
}

}  // namespace vardnav::ble::gatt
