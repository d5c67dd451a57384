// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/glucose_context.h"

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kHasCarbohydrate = 1U << 0;
constexpr std::uint8_t kHasMeal = 1U << 1;
constexpr std::uint8_t kHasPerson = 1U << 2;
constexpr std::uint8_t kHasExercise = 1U << 3;
constexpr std::uint8_t kHasMedication = 1U << 4;
constexpr std::uint8_t kIsLitres = 1U << 5;
constexpr std::uint8_t kHasHba1c = 1U << 6;
constexpr std::uint8_t kHasExtendedFlags = 1U << 7;

constexpr std::uint16_t kOverrunWire = 0xFFFF;

GlucoseContext::Person readPerson(OctetReader& reader) {
  const std::uint8_t nibbles = reader.u8();
  return {static_cast<std::uint8_t>(nibbles & 0x0F), static_cast<std::uint8_t>(nibbles >> 4)};
}

GlucoseContext::Exercise readExercise(OctetReader& reader) {
  GlucoseContext::Exercise out;
  const std::uint16_t duration = reader.u16();
  if (duration == kOverrunWire) {
    out.duration = std::unexpected(Overrun{});
  } else {
    out.duration = std::chrono::seconds(duration);
  }
  out.intensityPercent = reader.u8();
  return out;
}

/// Writes fields and gathers their flags; remembers a value that does not fit.
class ContextWriter {
 public:
  void number(const Number& value) {
    const auto wire = encodeSfloat(value);
    if (!wire) fits_ = false;
    fields_.u16(wire.value_or(0));
  }
  void exercise(const GlucoseContext::Exercise& exercise) {
    flags_ |= kHasExercise;
    const auto& duration = exercise.duration;
    if (duration && (duration->count() < 0 || duration->count() >= kOverrunWire)) fits_ = false;
    fields_.u16(duration ? static_cast<std::uint16_t>(duration->count()) : kOverrunWire);
    fields_.u8(exercise.intensityPercent);
  }
  void person(const GlucoseContext::Person& person) {
    flags_ |= kHasPerson;
    if (person.tester > 15 || person.health > 15) fits_ = false;
    fields_.u8(static_cast<std::uint8_t>(person.health << 4 | (person.tester & 0x0F)));
  }

  void flag(unsigned bits) { flags_ |= bits; }
  OctetWriter& fields() { return fields_; }
  Encoding take(std::uint16_t sequence) {
    if (!fits_) return std::unexpected(Fault::kNotEncodable);
    OctetWriter writer;
    writer.u8(static_cast<std::uint8_t>(flags_));
    writer.u16(sequence);
    writer.bytes(fields_.take());
    return writer.take();
  }

 private:
  OctetWriter fields_;
  unsigned flags_ = 0;
  bool fits_ = true;
};

}  // namespace

Decoding<GlucoseContext> decodeGlucoseContext(ByteView octets) {
  OctetReader reader(octets);
  GlucoseContext out;
  const std::uint8_t flags = reader.u8();
  out.sequence = reader.u16();
  if (flags & kHasExtendedFlags) out.extendedFlags = reader.u8();
  if (flags & kHasCarbohydrate) {
    const std::uint8_t id = reader.u8();
    out.carbohydrate = {id, decodeSfloat(reader.u16())};
  }
  if (flags & kHasMeal) out.meal = static_cast<GlucoseContext::Meal>(reader.u8());
  if (flags & kHasPerson) out.person = readPerson(reader);
  if (flags & kHasExercise) out.exercise = readExercise(reader);
  if (flags & kHasMedication) {
    const std::uint8_t id = reader.u8();
    out.medication = {id, decodeSfloat(reader.u16()), (flags & kIsLitres) != 0};
  }
  if (flags & kHasHba1c) out.hba1cPercent = decodeSfloat(reader.u16());
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<GlucoseContext>{out, reader.remaining()};
}

Encoding encode(const GlucoseContext& context) {
  ContextWriter writer;
  if (context.extendedFlags) {
    writer.flag(kHasExtendedFlags);
    writer.fields().u8(*context.extendedFlags);
  }
  if (context.carbohydrate) {
    writer.flag(kHasCarbohydrate);
    writer.fields().u8(context.carbohydrate->id);
    writer.number(context.carbohydrate->kilograms);
  }
  if (context.meal) {
    writer.flag(kHasMeal);
    writer.fields().u8(static_cast<std::uint8_t>(*context.meal));
  }
  if (context.person) writer.person(*context.person);
  if (context.exercise) writer.exercise(*context.exercise);
  if (context.medication) {
    writer.flag(kHasMedication | (context.medication->isLitres ? kIsLitres : 0U));
    writer.fields().u8(context.medication->id);
    writer.number(context.medication->amount);
  }
  if (context.hba1cPercent) {
    writer.flag(kHasHba1c);
    writer.number(*context.hba1cPercent);
  }
  return writer.take(context.sequence);
}

}  // namespace vardnav::ble::gatt
