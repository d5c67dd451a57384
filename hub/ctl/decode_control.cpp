// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Control points in both directions: record access 2A52, user control 2A9F; and the user data that
// goes with the latter, 2A99 and 2A9A.

#include <array>

#include "ble/gatt/record_access.h"
#include "ble/gatt/user_control.h"
#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;
using Names = std::string_view;

constexpr std::array<Names, 9> kRecordOps{"",
                                          "report_stored_records",
                                          "delete_stored_records",
                                          "abort_operation",
                                          "report_number_of_stored_records",
                                          "number_of_stored_records_response",
                                          "response_code",
                                          "combined_report",
                                          "combined_report_response"};
constexpr std::array<Names, 7> kRecordOperators{
    "null", "all", "less_or_equal", "greater_or_equal", "range", "first", "last"};
constexpr std::array<Names, 11> kRecordResponses{"",
                                                 "success",
                                                 "op_code_not_supported",
                                                 "invalid_operator",
                                                 "operator_not_supported",
                                                 "invalid_operand",
                                                 "no_records_found",
                                                 "abort_unsuccessful",
                                                 "procedure_not_completed",
                                                 "operand_not_supported",
                                                 "server_busy"};
constexpr std::array<Names, 6> kUserOps{
    "", "register_new_user", "consent", "delete_user_data", "list_all_users", "delete_users"};
constexpr std::array<Names, 6> kUserResults{"",
                                            "success",
                                            "op_code_not_supported",
                                            "invalid_parameter",
                                            "operation_failed",
                                            "user_not_authorized"};
constexpr std::uint8_t kCountResponse = 5;
constexpr std::uint8_t kRecordResponse = 6;
constexpr std::uint8_t kDelete = 2;
constexpr std::uint8_t kCombinedReport = 7;
constexpr std::uint8_t kCombinedResponse = 8;
constexpr std::uint8_t kUserResponse = 0x20;

Json indicationAsJson(const RecordIndication& indication) {
  if (const auto* count = std::get_if<RecordCount>(&indication)) {
    return {{"opcode", kCountResponse},
            {"opcode_name", nameIn(kRecordOps, kCountResponse)},
            {"count", count->count},
            {"number_of_records", count->count}};
  }
  const auto& response = std::get<RecordResponse>(indication);
  const auto code = static_cast<std::size_t>(response.code);
  return {{"opcode", kRecordResponse},
          {"opcode_name", nameIn(kRecordOps, kRecordResponse)},
          {"request_opcode", response.requestOp},
          {"response_code", code},
          {"response_name", nameIn(kRecordResponses, code)}};
}

Json requestAsJson(const ReceivedRequest& request) {
  Json out{{"opcode", request.op},
           {"opcode_name", nameIn(kRecordOps, request.op)},
           {"operator", request.records},
           {"operator_name", nameIn(kRecordOperators, request.records)}};
  if (!request.filter) return out;
  out["filter_type"] = *request.filter;
  const auto records = static_cast<RecordOperator>(request.records);
  if (records != RecordOperator::kLessOrEqual) out["min"] = request.from;
  if (records != RecordOperator::kGreaterOrEqual) out["max"] = request.to;
  return out;
}

/// Record numbers and counts are u16 with glucose meters and u32 with Generic Health Sensors, and
/// some devices count in one octet; the length says which.
Rendering renderIndication(ByteView octets) {
  constexpr std::size_t kBeforeCount = 2;
  for (const auto width : {RecordNumberWidth::kU8, RecordNumberWidth::kU32}) {
    if (octets.size() != kBeforeCount + static_cast<std::size_t>(width)) continue;
    const auto count = decodeRecordIndication(octets, width);
    if (count) return rendered(count, indicationAsJson);
  }
  return rendered(decodeRecordIndication(octets, RecordNumberWidth::kU16), indicationAsJson);
}

/// What a combined report ends with: laid out as a count, of the records that were sent.
Rendering renderCombinedResponse(ByteView octets) {
  Bytes asCount(octets.begin(), octets.end());
  asCount.front() = kCountResponse;
  Rendering out = renderIndication(asCount);
  if (!out) return out;
  (*out)["opcode"] = kCombinedResponse;
  (*out)["opcode_name"] = nameIn(kRecordOps, kCombinedResponse);
  return out;
}

Rendering renderRequest(ByteView octets) {
  // Deletes and combined reports are well formed, although nobody here serves or sends them.
  const auto isWellFormed = [](const Decoding<ReceivedRequest>& request) {
    return request && (!request->value.refusal ||
                       ((request->value.op == kDelete || request->value.op == kCombinedReport) &&
                        request->value.refusal == RecordResponseCode::kOpCodeNotSupported));
  };
  auto request = decodeRecordRequest(octets, RecordNumberWidth::kU16);
  if (!isWellFormed(request)) request = decodeRecordRequest(octets, RecordNumberWidth::kU32);
  if (!request) return refused(request.error());
  if (!isWellFormed(request)) {
    return std::unexpected(
        std::string(nameIn(kRecordResponses, static_cast<std::size_t>(*request->value.refusal))));
  }
  return rendered(request, requestAsJson);
}

Rendering renderRecordAccess(const Payload& payload) {
  if (payload.sender == Payload::Sender::kClient) return renderRequest(payload.octets);
  const bool isAnswer = payload.octets.empty() || payload.octets.front() == kCountResponse ||
                        payload.octets.front() == kRecordResponse;
  if (isAnswer) return renderIndication(payload.octets);
  if (payload.octets.front() == kCombinedResponse) return renderCombinedResponse(payload.octets);
  if (payload.sender == Payload::Sender::kDevice) return std::unexpected("not_a_response");
  return renderRequest(payload.octets);
}

Json userRequestAsJson(const UserRequest& request) {
  const auto op = static_cast<std::size_t>(request.op);
  Json out{{"opcode", op}, {"opcode_name", nameIn(kUserOps, op)}};
  if (request.userIndex) out["user_index"] = *request.userIndex;
  if (request.consentCode) out["consent_code"] = *request.consentCode;
  return out;
}

Json userResponseAsJson(const UserResponse& response) {
  const auto result = static_cast<std::size_t>(response.result);
  Json out{{"opcode", kUserResponse},
           {"opcode_name", "response"},
           {"request_opcode", response.requestOp},
           {"result", result},
           {"result_name", nameIn(kUserResults, result)}};
  if (!response.parameter) return out;
  const bool isCount = response.answers(UserRequest::Op::kListUsers);
  out[isCount ? "number_of_users" : "user_index"] = *response.parameter;
  return out;
}

Json userControlAsJson(const UserControl& control) {
  const auto* request = std::get_if<UserRequest>(&control);
  return request != nullptr ? userRequestAsJson(*request)
                            : userResponseAsJson(std::get<UserResponse>(control));
}

Rendering renderUserControl(const Payload& payload) {
  return rendered(decodeUserControl(payload.octets), userControlAsJson);
}
Rendering renderChangeIncrement(const Payload& payload) {
  return rendered(decodeDatabaseChangeIncrement(payload.octets),
                  [](const DatabaseChangeIncrement& increment) {
                    return Json{{"change_increment", increment.value}};
                  });
}
Rendering renderUserIndex(const Payload& payload) {
  return rendered(decodeUserIndex(payload.octets),
                  [](const UserId& user) { return Json{{"user_index", userOf(user)}}; });
}

constexpr std::array<Decoder, 4> kDecoders{{{"2A52", renderRecordAccess},
                                            {"2A9F", renderUserControl},
                                            {"2A99", renderChangeIncrement},
                                            {"2A9A", renderUserIndex}}};

}  // namespace

std::span<const Decoder> controlDecoders() { return kDecoders; }

}  // namespace vardnav::ctl
