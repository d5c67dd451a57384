// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/record_access.h"

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kReport = 1;
constexpr std::uint8_t kDelete = 2;
constexpr std::uint8_t kAbort = 3;
constexpr std::uint8_t kCount = 4;
constexpr std::uint8_t kCountResponse = 5;
constexpr std::uint8_t kResponse = 6;
constexpr std::uint8_t kCombinedReport = 7;
constexpr std::uint8_t kByRecordNumber = 1;

bool fits(std::uint32_t number, RecordNumberWidth width) {
  return width == RecordNumberWidth::kU32 || number >> (8 * static_cast<unsigned>(width)) == 0;
}

void writeNumber(OctetWriter& writer, std::uint32_t number, RecordNumberWidth width) {
  switch (width) {
    case RecordNumberWidth::kU8:
      return writer.u8(static_cast<std::uint8_t>(number));
    case RecordNumberWidth::kU16:
      return writer.u16(static_cast<std::uint16_t>(number));
    case RecordNumberWidth::kU32:
      return writer.u32(number);
  }
}

std::uint32_t readNumber(OctetReader& reader, RecordNumberWidth width) {
  switch (width) {
    case RecordNumberWidth::kU8:
      return reader.u8();
    case RecordNumberWidth::kU16:
      return reader.u16();
    case RecordNumberWidth::kU32:
      return reader.u32();
  }
  return 0;
}

/// How many record numbers an operator takes; nullopt: no operator of this profile.
std::optional<unsigned> operandsOf(std::uint8_t records) {
  switch (static_cast<RecordOperator>(records)) {
    case RecordOperator::kNull:
    case RecordOperator::kAll:
    case RecordOperator::kFirst:
    case RecordOperator::kLast:
      return 0;
    case RecordOperator::kLessOrEqual:
    case RecordOperator::kGreaterOrEqual:
      return 1;
    case RecordOperator::kRange:
      return 2;
  }
  return std::nullopt;
}

/// Reads filter and operand; what is wrong with them.
std::optional<RecordResponseCode> readOperand(OctetReader& reader, ReceivedRequest& request,
                                              RecordNumberWidth width) {
  const auto operands = operandsOf(request.records);
  if (!operands) return RecordResponseCode::kOperatorNotSupported;
  if (*operands == 0) {
    if (reader.remaining() != 0) return RecordResponseCode::kInvalidOperand;
    return std::nullopt;
  }
  if (reader.remaining() == 0) return RecordResponseCode::kInvalidOperand;
  request.filter = reader.u8();
  if (*request.filter != kByRecordNumber) return RecordResponseCode::kOperandNotSupported;
  if (reader.remaining() != *operands * static_cast<std::size_t>(width)) {
    return RecordResponseCode::kInvalidOperand;
  }
  const std::uint32_t number = readNumber(reader, width);
  if (request.records == static_cast<std::uint8_t>(RecordOperator::kLessOrEqual)) {
    request.to = number;
    return std::nullopt;
  }
  request.from = number;
  if (*operands == 2) request.to = readNumber(reader, width);
  if (*operands == 2 && request.from > request.to) return RecordResponseCode::kInvalidOperand;
  return std::nullopt;
}

std::optional<RecordResponseCode> readRest(OctetReader& reader, ReceivedRequest& request,
                                           RecordNumberWidth width) {
  const bool isKnown =
      (request.op >= kReport && request.op <= kCount) || request.op == kCombinedReport;
  if (!isKnown) return RecordResponseCode::kOpCodeNotSupported;
  if (reader.remaining() == 0) return RecordResponseCode::kInvalidOperator;
  request.records = reader.u8();
  const bool isNull = request.records == static_cast<std::uint8_t>(RecordOperator::kNull);
  if (isNull != (request.op == kAbort)) return RecordResponseCode::kInvalidOperator;
  return readOperand(reader, request, width);
}

}  // namespace

Encoding encode(const RecordRequest& request, RecordNumberWidth width) {
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(request.op));
  if (request.op == RecordRequest::Op::kAbort) {
    writer.u8(static_cast<std::uint8_t>(RecordOperator::kNull));
    return writer.take();
  }
  const auto records = static_cast<std::uint8_t>(request.records);
  const auto operands = operandsOf(records);
  if (!operands || request.records == RecordOperator::kNull || !fits(request.from, width) ||
      !fits(request.to, width)) {
    return std::unexpected(Fault::kNotEncodable);
  }
  writer.u8(records);
  if (*operands == 0) return writer.take();
  writer.u8(kByRecordNumber);
  if (request.records != RecordOperator::kLessOrEqual) writeNumber(writer, request.from, width);
  if (request.records != RecordOperator::kGreaterOrEqual) writeNumber(writer, request.to, width);
  return writer.take();
}

Decoding<RecordIndication> decodeRecordIndication(ByteView octets, RecordNumberWidth width) {
  OctetReader reader(octets);
  const std::uint8_t op = reader.u8();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (op != kCountResponse && op != kResponse) return std::unexpected(Fault::kBadOpCode);
  reader.u8();  // operator: null, and without meaning
  if (op == kCountResponse) {
    const RecordCount count{readNumber(reader, width)};
    if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
    // The width of a count is known only from its length: a longer one is another number.
    if (reader.remaining() != 0) return std::unexpected(Fault::kBadLength);
    return Decoded<RecordIndication>{count, 0};
  }
  RecordResponse response;
  response.requestOp = reader.u8();
  response.code = static_cast<RecordResponseCode>(reader.u8());
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<RecordIndication>{response, reader.remaining()};
}

Encoding encode(const RecordResponse& response) {
  OctetWriter writer;
  writer.u8(kResponse);
  writer.u8(static_cast<std::uint8_t>(RecordOperator::kNull));
  writer.u8(response.requestOp);
  writer.u8(static_cast<std::uint8_t>(response.code));
  return writer.take();
}

Encoding encode(const RecordCount& count, RecordNumberWidth width) {
  if (!fits(count.count, width)) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writer.u8(kCountResponse);
  writer.u8(static_cast<std::uint8_t>(RecordOperator::kNull));
  writeNumber(writer, count.count, width);
  return writer.take();
}

Decoding<ReceivedRequest> decodeRecordRequest(ByteView octets, RecordNumberWidth width) {
  OctetReader reader(octets);
  ReceivedRequest out;
  out.op = reader.u8();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  out.refusal = readRest(reader, out, width);
  // Read like the others, so that they can be shown; served by nobody.
  const bool isServed = out.op != kDelete && out.op != kCombinedReport;
  if (!isServed && !out.refusal) out.refusal = RecordResponseCode::kOpCodeNotSupported;
  return Decoded<ReceivedRequest>{out, reader.remaining()};
}

}  // namespace vardnav::ble::gatt
