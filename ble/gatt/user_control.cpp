// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/user_control.h"

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kResponse = 0x20;
using Op = UserRequest::Op;

constexpr bool takesIndex(Op op) { return op == Op::kConsent || op == Op::kDeleteUser; }
constexpr bool takesCode(Op op) { return op == Op::kRegister || op == Op::kConsent; }

UserResponse readResponse(OctetReader& reader) {
  UserResponse out;
  out.requestOp = reader.u8();
  out.result = static_cast<UserResult>(reader.u8());
  const bool hasParameter =
      out.answers(Op::kRegister) || out.answers(Op::kListUsers) || out.answers(Op::kDeleteUser);
  if (hasParameter && out.result == UserResult::kSuccess && reader.remaining() > 0) {
    out.parameter = reader.u8();
  }
  return out;
}

}  // namespace

Decoding<UserControl> decodeUserControl(ByteView octets) {
  OctetReader reader(octets);
  const std::uint8_t op = reader.u8();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  UserControl out;
  if (op == kResponse) {
    out = readResponse(reader);
  } else if (op >= static_cast<std::uint8_t>(Op::kRegister) &&
             op <= static_cast<std::uint8_t>(Op::kDeleteUser)) {
    UserRequest request{static_cast<Op>(op), {}, {}};
    if (takesIndex(request.op)) request.userIndex = reader.u8();
    if (takesCode(request.op)) request.consentCode = reader.u16();
    out = request;
  } else {
    return std::unexpected(Fault::kBadOpCode);
  }
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<UserControl>{out, reader.remaining()};
}

Encoding encode(const UserRequest& request) {
  const bool deletes = request.op == Op::kDeleteData || request.op == Op::kDeleteUser;
  if (deletes || takesIndex(request.op) != request.userIndex.has_value() ||
      takesCode(request.op) != request.consentCode.has_value()) {
    return std::unexpected(Fault::kNotEncodable);
  }
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(request.op));
  if (request.userIndex) writer.u8(*request.userIndex);
  if (request.consentCode) writer.u16(*request.consentCode);
  return writer.take();
}

Encoding encode(const UserResponse& response) {
  OctetWriter writer;
  writer.u8(kResponse);
  writer.u8(response.requestOp);
  writer.u8(static_cast<std::uint8_t>(response.result));
  if (response.parameter) writer.u8(*response.parameter);
  return writer.take();
}

Decoding<DatabaseChangeIncrement> decodeDatabaseChangeIncrement(ByteView octets) {
  OctetReader reader(octets);
  const DatabaseChangeIncrement out{reader.u32()};
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<DatabaseChangeIncrement>{out, reader.remaining()};
}

Encoding encode(const DatabaseChangeIncrement& increment) {
  OctetWriter writer;
  writer.u32(increment.value);
  return writer.take();
}

Decoding<UserId> decodeUserIndex(ByteView octets) {
  OctetReader reader(octets);
  const UserId out = readUserId(reader);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<UserId>{out, reader.remaining()};
}

}  // namespace vardnav::ble::gatt
