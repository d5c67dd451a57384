// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What went wrong, as a value. I/O modules return Result<T>; pure modules use small enums of
// their own. Any thread.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace vardnav {

enum class ErrorCode {
  kInvalidInput,  ///< the caller's data; trying again does not help
  kNotFound,
  kConflict,     ///< a uniqueness or version constraint
  kUnavailable,  ///< link, bus or peer away; try again later
  kTimeout,
  kStorage,  ///< disk full, read-only, corrupt
  kPermission,
  kProtocol,  ///< the other side broke its contract
};

std::string_view toString(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInvalidInput;
  std::string context;  ///< one line that says what to change; never a health value or a name

  bool retryable() const {
    return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout ||
           code == ErrorCode::kStorage;
  }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string context) {
  return std::unexpected(Error{code, std::move(context)});
}

}  // namespace vardnav
