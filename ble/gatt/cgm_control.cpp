// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/cgm_control.h"

#include "ble/gatt/crc.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

enum class Operand : std::uint8_t {
  kNone,
  kInterval,
  kCalibration,
  kCalibrationRequest,
  kAlertLevel,
  kResponse,
};

constexpr std::uint8_t kFirstAlertOp = 0x07;
constexpr std::uint8_t kLastAlertOp = 0x18;

/// nullopt: reserved.
std::optional<Operand> operandOf(std::uint8_t op) {
  switch (op) {
    case 0x01:
    case 0x03:
      return Operand::kInterval;
    case 0x04:
    case 0x06:
      return Operand::kCalibration;
    case 0x05:
      return Operand::kCalibrationRequest;
    case 0x02:
    case 0x19:
    case 0x1A:
    case 0x1B:
      return Operand::kNone;
    case 0x1C:
      return Operand::kResponse;
    default:
      break;
  }
  if (!alertOf(op)) return std::nullopt;
  const bool isGet = (op - kFirstAlertOp) % 3 == 1;
  return isGet ? Operand::kNone : Operand::kAlertLevel;
}

CgmCalibration readCalibration(OctetReader& reader) {
  CgmCalibration out;
  out.glucose = decodeSfloat(reader.u16());
  out.offset = std::chrono::minutes(reader.u16());
  const std::uint8_t nibbles = reader.u8();
  out.type = static_cast<GlucoseMeasurement::SampleType>(nibbles & 0x0F);
  out.location = static_cast<GlucoseMeasurement::SampleLocation>(nibbles >> 4);
  out.next = std::chrono::minutes(reader.u16());
  out.recordNumber = reader.u16();
  out.status = reader.u8();
  return out;
}

void readOperand(OctetReader& reader, Operand kind, CgmControl& out) {
  switch (kind) {
    case Operand::kNone:
      break;
    case Operand::kInterval:
      out.operand = CgmInterval{reader.u8()};
      break;
    case Operand::kCalibration:
      out.operand = readCalibration(reader);
      break;
    case Operand::kCalibrationRequest:
      out.operand = CgmCalibrationRequest{reader.u16()};
      break;
    case Operand::kAlertLevel:
      out.operand = CgmAlertLevel{decodeSfloat(reader.u16())};
      break;
    case Operand::kResponse: {
      CgmResponse response;
      response.requestOp = reader.u8();
      response.code = reader.u8();
      out.operand = response;
      break;
    }
  }
}

/// Writes an operand; false: a value that the wire cannot hold.
class OperandWriter {
 public:
  explicit OperandWriter(OctetWriter& writer) : writer_(writer) {}

  bool operator()(std::monostate) { return true; }
  bool operator()(const CgmInterval& interval) {
    writer_.u8(interval.minutes);
    return true;
  }
  bool operator()(const CgmCalibration& calibration) {
    const auto type = static_cast<unsigned>(calibration.type);
    const auto location = static_cast<unsigned>(calibration.location);
    bool fits = sfloat(calibration.glucose) && type <= 0x0F && location <= 0x0F;
    fits &= minutes(calibration.offset);
    writer_.u8(static_cast<std::uint8_t>(location << 4 | type));
    fits &= minutes(calibration.next);
    writer_.u16(calibration.recordNumber);
    writer_.u8(calibration.status);
    return fits;
  }
  bool operator()(const CgmCalibrationRequest& request) {
    writer_.u16(request.recordNumber);
    return true;
  }
  bool operator()(const CgmAlertLevel& alert) { return sfloat(alert.level); }
  bool operator()(const CgmResponse& response) {
    writer_.u8(response.requestOp);
    writer_.u8(response.code);
    return true;
  }

 private:
  bool sfloat(const Number& number) {
    const auto wire = encodeSfloat(number);
    writer_.u16(wire.value_or(0));
    return wire.has_value();
  }
  bool minutes(std::chrono::minutes value) {
    writer_.u16(static_cast<std::uint16_t>(value.count()));
    return value.count() >= 0 && value.count() <= 0xFFFF;
  }

  OctetWriter& writer_;
};

}  // namespace

std::optional<CgmAlert> alertOf(std::uint8_t op) {
  if (op < kFirstAlertOp || op > kLastAlertOp) return std::nullopt;
  return static_cast<CgmAlert>((op - kFirstAlertOp) / 3);
}

Decoding<CgmControl> decodeCgmControl(ByteView octets) {
  OctetReader reader(octets);
  CgmControl out;
  out.op = reader.u8();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  const auto operand = operandOf(out.op);
  if (!operand) return std::unexpected(Fault::kBadOpCode);
  readOperand(reader, *operand, out);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  out.hasCrc = reader.remaining() == kCrcSize;
  if (!out.hasCrc) return Decoded<CgmControl>{out, reader.remaining()};
  if (!isCrcRight(octets)) return std::unexpected(Fault::kBadCrc);
  return Decoded<CgmControl>{out, 0};
}

Encoding encode(const CgmControl& control) {
  const auto operand = operandOf(control.op);
  // The enumerators stand in the order of the variant's alternatives.
  if (!operand || static_cast<std::size_t>(*operand) != control.operand.index()) {
    return std::unexpected(Fault::kNotEncodable);
  }
  OctetWriter writer;
  writer.u8(control.op);
  if (!std::visit(OperandWriter(writer), control.operand)) {
    return std::unexpected(Fault::kNotEncodable);
  }
  return control.hasCrc ? withCrc(writer.take()) : writer.take();
}

}  // namespace vardnav::ble::gatt
