// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// User Data Service 1.1, what a scale with several people needs of it:
//   User Control Point (2A9F), 3.4; written, and indicated as the answer:
//     01 register new user: consent code u16        02 consent: user index u8, consent code u16
//     03 delete the user's data    04 list all users    05 delete users: user index u8
//     20 response: request op u8 . result u8 . [user index u8 (to 01, 05), number of users (to 04)]
//   Database Change Increment (2A99), 3.3: u32     User Index (2A9A), 3.5: u8, FF unknown
// A consent code (0 to 9999) is a secret of the device. There is no way to encode a delete: the hub
// never removes what a device holds.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "ble/gatt/fault.h"
#include "ble/gatt/user_id.h"

namespace vardnav::ble::gatt {

struct UserRequest {
  enum class Op : std::uint8_t {
    kRegister = 1,
    kConsent,
    kDeleteData,
    kListUsers,
    kDeleteUser,
  };
  Op op = Op::kConsent;
  std::optional<std::uint8_t> userIndex;
  std::optional<std::uint16_t> consentCode;

  static UserRequest registration(std::uint16_t code) { return {Op::kRegister, {}, code}; }
  static UserRequest consent(std::uint8_t index, std::uint16_t code) {
    return {Op::kConsent, index, code};
  }
  static UserRequest list() { return {Op::kListUsers, {}, {}}; }
  friend bool operator==(const UserRequest&, const UserRequest&) = default;
};

enum class UserResult : std::uint8_t {
  kSuccess = 1,
  kOpCodeNotSupported,
  kInvalidParameter,
  kOperationFailed,
  kUserNotAuthorized,
};

struct UserResponse {
  std::uint8_t requestOp = 0;
  UserResult result = UserResult::kSuccess;  ///< reserved values are kept as sent
  /// A user index, or after kListUsers the number of users.
  std::optional<std::uint8_t> parameter;

  bool answers(UserRequest::Op op) const { return requestOp == static_cast<std::uint8_t>(op); }
  friend bool operator==(const UserResponse&, const UserResponse&) = default;
};

using UserControl = std::variant<UserRequest, UserResponse>;

/// Both directions: their op codes differ.
Decoding<UserControl> decodeUserControl(ByteView octets);
/// kNotEncodable for a delete, and where an operand is missing or too much.
Encoding encode(const UserRequest& request);
Encoding encode(const UserResponse& response);

struct DatabaseChangeIncrement {
  std::uint32_t value = 0;
  friend bool operator==(const DatabaseChangeIncrement&, const DatabaseChangeIncrement&) = default;
};
Decoding<DatabaseChangeIncrement> decodeDatabaseChangeIncrement(ByteView octets);
Encoding encode(const DatabaseChangeIncrement& increment);

/// 2A9A. Unknown: no user has consented on this connection.
Decoding<UserId> decodeUserIndex(ByteView octets);

}  // namespace vardnav::ble::gatt
