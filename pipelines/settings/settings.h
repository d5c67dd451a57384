// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A configuration file in TOML, read straight through: the first fault is kept, and everything
// read after it is a default. A fault is one line with file, line and what to change. Settings are
// named "section", "key"; an empty section is the top of the file. Any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/server_address.h"

namespace vardnav::settings {

class Settings {
 public:
  /// An unreadable file or broken TOML is a fault already.
  explicit Settings(const std::string& path);
  ~Settings();
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;

  /// Any other key of the section is a fault: a misspelt setting must not be silently ignored.
  void knowOnly(const std::string& section, std::initializer_list<std::string_view> keys);

  /// Not empty. Missing: a fault.
  std::string text(const std::string& section, const std::string& key);
  /// `fallback` where it is missing; may be empty.
  std::string textOr(const std::string& section, const std::string& key,
                     const std::string& fallback);
  /// A list of texts, none empty; empty where it is missing.
  std::vector<std::string> texts(const std::string& section, const std::string& key);
  /// 1 to 65535; `fallback` where it is missing.
  std::uint16_t portOr(const std::string& section, const std::string& key, std::uint16_t fallback);
  /// A whole number from `least` to `most`; `fallback` where it is missing.
  std::int64_t wholeOr(const std::string& section, const std::string& key, std::int64_t fallback,
                       std::int64_t least, std::int64_t most);
  /// Of brokers, in order: `brokers`, a list of "host:port", or else `host` and `port`. The port is
  /// 8883 where none is named.
  std::vector<ServerAddress> brokers(const std::string& section);
  /// log.level, "info" where it is missing.
  std::string logLevel();

  /// A fault that only the caller can see.
  void refuse(const std::string& section, const std::string& key, const std::string& why);

  /// The first fault, or nothing.
  Result<void> verdict() const;

 private:
  struct Document;
  std::unique_ptr<Document> document_;
  std::string path_;
  std::string fault_;

  void note(const std::string& place, const std::string& fault);
};

}  // namespace vardnav::settings
