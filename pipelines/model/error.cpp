// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/error.h"

namespace vardnav {

std::string_view toString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
      return "invalid input";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kStorage:
      return "storage";
    case ErrorCode::kPermission:
      return "permission";
    case ErrorCode::kProtocol:
      return "protocol";
  }
  return "unknown";
}

}  // namespace vardnav
