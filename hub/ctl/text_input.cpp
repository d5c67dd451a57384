// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/text_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace vardnav::ctl {
namespace {

namespace fs = std::filesystem;

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Result<std::string> readAll(std::FILE* file, const std::string& name, std::size_t mostOctets) {
  std::string text;
  std::array<char, 65536> block;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file)) {
    if (text.size() + count > mostOctets) {
      return fail(ErrorCode::kInvalidInput,
                  name + ": longer than " + std::to_string(mostOctets) + " octets");
    }
    text.append(block.data(), count);
  }
  if (std::ferror(file) != 0) {
    return fail(ErrorCode::kNotFound, name + ": cannot be read (" + std::strerror(errno) + ")");
  }
  return text;
}

}  // namespace

Result<std::string> readText(const std::string& path, std::size_t mostOctets) {
  if (path == "-") return readAll(stdin, "standard input", mostOctets);
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rbe"));
  if (!file) {
    return fail(ErrorCode::kNotFound, path + ": cannot be opened (" + std::strerror(errno) + ")");
  }
  return readAll(file.get(), path, mostOctets);
}

Result<std::vector<NamedText>> readTexts(const std::string& path, std::size_t mostOctets) {
  std::vector<std::string> names;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (fs::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->path().extension() == ".json") names.push_back(entry->path().string());
    }
    if (error) return fail(ErrorCode::kNotFound, path + ": " + error.message());
    if (names.empty()) return fail(ErrorCode::kNotFound, path + ": holds no *.json");
    std::ranges::sort(names);
  } else {
    names.push_back(path);
  }
  std::vector<NamedText> texts;
  for (const std::string& name : names) {
    auto text = readText(name, mostOctets);
    if (!text) return std::unexpected(text.error());
    texts.push_back({name, *std::move(text)});
  }
  return texts;
}

}  // namespace vardnav::ctl
