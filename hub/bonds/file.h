// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Small files by descriptor: read whole, written whole or not at all. Symbolic links are refused.
// Any thread.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "pipelines/model/bytes.h"
#include "pipelines/model/error.h"

namespace vardnav::bonds {

/// An open descriptor; closed at its end.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  int get() const { return fd_; }
  bool isOpen() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// `directory` is an open one, or AT_FDCWD. `largest`: more is refused. Only regular files.
Result<Bytes> readFile(int directory, const std::string& name, std::size_t largest);
/// For its owner only (0600), and on the disk when this returns.
Result<void> writeFile(int directory, const std::string& name, ByteView content);
/// As writeFile, by path.
Result<void> writeFileAt(const std::string& path, ByteView content);

}  // namespace vardnav::bonds
