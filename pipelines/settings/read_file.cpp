// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/settings/read_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace vardnav::settings {
namespace {

using File = std::unique_ptr<std::FILE, decltype([](std::FILE* f) { std::fclose(f); })>;

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::kNotFound, std::string("cannot be read (") + std::strerror(errno) + ")");
}

}  // namespace

Result<std::string> readFile(const std::string& path) {
  const File file(std::fopen(path.c_str(), "re"));
  if (!file) return unreadable();
  std::string text;
  std::array<char, 16'384> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), file.get())) {
    text.append(part.data(), count);
    if (text.size() > kMostOctets) {
      return fail(ErrorCode::kInvalidInput, "is longer than any such file: is it the right one?");
    }
  }
  if (std::ferror(file.get()) != 0) return unreadable();
  return text;
}

}  // namespace vardnav::settings
