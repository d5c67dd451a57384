// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/state_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace vardnav::hub {

Result<StateDirectory> StateDirectory::hold(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return fail(ErrorCode::kStorage, "state directory " + path + " cannot be made: " +
                                         error.message() + "; correct `state` or its permissions");
  }
  StateDirectory directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd_ < 0) {
    return fail(ErrorCode::kStorage, "state directory " + path +
                                         " cannot be opened: " + std::strerror(errno) +
                                         "; correct `state` or its permissions");
  }
  if (::flock(directory.fd_, LOCK_EX | LOCK_NB) == 0) return directory;
  if (errno == EWOULDBLOCK) {
    return fail(ErrorCode::kUnavailable, "state directory " + path +
                                             " is in use by another vardnav-hub: stop that one, or "
                                             "give this one a `state` of its own");
  }
  return fail(ErrorCode::kStorage, "state directory " + path + " cannot be locked: " +
                                       std::strerror(errno) + "; put it on a local disk");
}

StateDirectory::StateDirectory(StateDirectory&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

StateDirectory::~StateDirectory() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace vardnav::hub
