// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Record Access Control Point (2A52), both directions.
//   request          op . operator . [filter . operand]
//   count response   05 00 count
//   response         06 00 request-op code
// A combined report (07, answered by 08 00 count) is read as a request and never served or sent.
// Record numbers and counts are u16 in the Glucose Service (1.0.1, 3.4), u32 in the Generic Health
// Sensor Service. There is no way to encode a delete: the hub never removes a device's records.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

enum class RecordNumberWidth : std::uint8_t {
  kU8 = 1,  ///< of no service, but of the counts that some devices answer
  kU16 = 2,
  kU32 = 4,
};

enum class RecordOperator : std::uint8_t {
  kNull = 0,
  kAll,
  kLessOrEqual,
  kGreaterOrEqual,
  kRange,
  kFirst,
  kLast,
};

/// What a client may ask, by device number of the record.
struct RecordRequest {
  /// As far as the hub is concerned: reading and counting, never deleting.
  enum class Op : std::uint8_t { kReport = 1, kAbort = 3, kCount = 4 };
  Op op = Op::kReport;
  RecordOperator records = RecordOperator::kAll;
  std::uint32_t from = 0;  ///< included; for kGreaterOrEqual and kRange
  std::uint32_t to = 0;    ///< included; for kLessOrEqual and kRange

  static RecordRequest all() { return {}; }
  static RecordRequest last() { return {.records = RecordOperator::kLast}; }
  static RecordRequest since(std::uint32_t number) {
    return {.records = RecordOperator::kGreaterOrEqual, .from = number};
  }
  friend bool operator==(const RecordRequest&, const RecordRequest&) = default;
};

/// kNotEncodable if a number does not fit the width.
Encoding encode(const RecordRequest& request, RecordNumberWidth width);

enum class RecordResponseCode : std::uint8_t {
  kSuccess = 1,
  kOpCodeNotSupported,
  kInvalidOperator,
  kOperatorNotSupported,
  kInvalidOperand,
  kNoRecordsFound,  ///< a normal result
  kAbortUnsuccessful,
  kProcedureNotCompleted,
  kOperandNotSupported,
  kServerBusy,  ///< Generic Health Sensor
};

struct RecordResponse {
  std::uint8_t requestOp = 0;
  RecordResponseCode code = RecordResponseCode::kSuccess;  ///< reserved values are kept as sent
  friend bool operator==(const RecordResponse&, const RecordResponse&) = default;
};

struct RecordCount {
  std::uint32_t count = 0;
  friend bool operator==(const RecordCount&, const RecordCount&) = default;
};

using RecordIndication = std::variant<RecordResponse, RecordCount>;

/// What a device indicates. A request read as a response is kBadOpCode.
Decoding<RecordIndication> decodeRecordIndication(ByteView octets, RecordNumberWidth width);
Encoding encode(const RecordResponse& response);
Encoding encode(const RecordCount& count, RecordNumberWidth width);

/// A request as it arrived at a device, whatever it is: the device's side has to answer those
/// it does not serve.
struct ReceivedRequest {
  std::uint8_t op = 0;
  std::uint8_t records = 0;            ///< operator
  std::optional<std::uint8_t> filter;  ///< 1 record number, 2 user-facing time; absent: none
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  /// What a device answers at once; nullopt: it can be served (report, count or abort by number).
  std::optional<RecordResponseCode> refusal;
};

/// Only an empty write is kTruncated; everything else says in `refusal` what is wrong with it.
Decoding<ReceivedRequest> decodeRecordRequest(ByteView octets, RecordNumberWidth width);

}  // namespace vardnav::ble::gatt
