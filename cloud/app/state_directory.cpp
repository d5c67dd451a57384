// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/state_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace vardnav::cloud {

Result<void> makeStateDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return {};
  return fail(ErrorCode::kStorage, "state directory " + path + " cannot be made: " +
                                       error.message() + "; correct `state` or its permissions");
}

Result<ServedState> ServedState::hold(const std::string& path) {
  ServedState state(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (state.fd_ < 0) {
    return fail(ErrorCode::kStorage, "state directory " + path +
                                         " cannot be opened: " + std::strerror(errno) +
                                         "; correct `state` or its permissions");
  }
  if (::flock(state.fd_, LOCK_EX | LOCK_NB) == 0) return state;
  if (errno == EWOULDBLOCK) {
    return fail(ErrorCode::kUnavailable, "state directory " + path +
                                             " is served by another vardnav-care: stop that one, "
                                             "or give this one a `state` of its own");
  }
  return fail(ErrorCode::kStorage, "state directory " + path + " cannot be locked: " +
                                       std::strerror(errno) + "; put it on a local disk");
}

ServedState::ServedState(ServedState&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

ServedState::~ServedState() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace vardnav::cloud
