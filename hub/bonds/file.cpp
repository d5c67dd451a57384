// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bonds/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace vardnav::bonds {
namespace {

std::unexpected<Error> storageFault(const std::string& what, const std::string& name) {
  return fail(ErrorCode::kStorage, what + " " + name + ": " + std::strerror(errno));
}

bool writeAll(int fd, ByteView content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<Bytes> readFile(int directory, const std::string& name, std::size_t largest) {
  // O_NONBLOCK: a FIFO of that name must not hold us up.
  const Descriptor file(
      ::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.isOpen()) return storageFault("cannot open", name);
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return storageFault("cannot read", name);
  if (!S_ISREG(about.st_mode)) return fail(ErrorCode::kInvalidInput, name + " is no regular file");
  Bytes content(largest + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = ::read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return storageFault("cannot read", name);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > largest) return fail(ErrorCode::kInvalidInput, name + " is too large");
  content.resize(size);
  return content;
}

Result<void> writeFile(int directory, const std::string& name, ByteView content) {
  const std::string temporary = name + ".new";
  // What an interrupted run left.
  ::unlinkat(directory, temporary.c_str(), 0);
  {
    const Descriptor file(::openat(directory, temporary.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.isOpen()) return storageFault("cannot make", temporary);
    if (!writeAll(file.get(), content) || ::fsync(file.get()) != 0) {
      auto fault = storageFault("cannot write", temporary);
      ::unlinkat(directory, temporary.c_str(), 0);
      return fault;
    }
  }
  if (::renameat(directory, temporary.c_str(), directory, name.c_str()) != 0) {
    auto fault = storageFault("cannot write", name);
    ::unlinkat(directory, temporary.c_str(), 0);
    return fault;
  }
  if (directory != AT_FDCWD && ::fsync(directory) != 0) return storageFault("cannot keep", name);
  return {};
}

Result<void> writeFileAt(const std::string& path, ByteView content) {
  const auto slash = path.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.isOpen()) return storageFault("cannot open", parent);
  return writeFile(directory.get(), slash == std::string::npos ? path : path.substr(slash + 1),
                   content);
}

}  // namespace vardnav::bonds
