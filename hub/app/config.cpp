// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "pipelines/wire/topics.h"

namespace vardnav::hub {
namespace {

std::string where(const std::string& path, const toml::source_region& source) {
  return path + ":" + std::to_string(source.begin.line) + ": ";
}

// Collects the first fault, so that reading goes straight through.
class Reader {
 public:
  Reader(const std::string& path, const toml::table& root) : path_(path), root_(root) {}

  void knowOnly(const std::string& section, std::initializer_list<std::string_view> keys) {
    const toml::table* table = tableOf(section);
    if (table == nullptr) return;
    for (const auto& [key, node] : *table) {
      if (std::ranges::find(keys, key.str()) == keys.end()) {
        note(where(path_, node.source()) + "unknown setting '" +
             dotted(section, std::string(key.str())) + "': remove or correct it");
      }
    }
  }

  std::string text(const std::string& section, const std::string& key,
                   const std::string& fallback = {}) {
    const toml::node* node = find(section, key);
    if (node == nullptr) {
      if (fallback.empty()) missing(section, key);
      return fallback;
    }
    const auto value = node->value_exact<std::string>();
    if (!value || (value->empty() && fallback.empty())) {
      note(where(path_, node->source()) + dotted(section, key) + " must be a non-empty text");
      return fallback;
    }
    return *value;
  }

  std::string optionalText(const std::string& section, const std::string& key) {
    const toml::node* node = find(section, key);
    if (node == nullptr) return {};
    const auto value = node->value_exact<std::string>();
    if (!value) note(where(path_, node->source()) + dotted(section, key) + " must be a text");
    return value.value_or("");
  }

  std::uint16_t port(const std::string& section, const std::string& key, std::uint16_t fallback) {
    const toml::node* node = find(section, key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < 1 || *value > std::numeric_limits<std::uint16_t>::max()) {
      note(where(path_, node->source()) + dotted(section, key) +
           " must be a whole number from 1 to 65535");
      return fallback;
    }
    return static_cast<std::uint16_t>(*value);
  }

  void note(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
  }
  const std::string& fault() const { return fault_; }

 private:
  static std::string dotted(const std::string& section, const std::string& key) {
    return section.empty() ? key : section + "." + key;
  }

  const toml::table* tableOf(const std::string& section) {
    if (section.empty()) return &root_;
    const toml::node* node = root_.get(section);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) {
      note(where(path_, node->source()) + "'" + section + "' must be a section: [" + section + "]");
      return nullptr;
    }
    return node->as_table();
  }

  const toml::node* find(const std::string& section, const std::string& key) {
    const toml::table* table = tableOf(section);
    return table == nullptr ? nullptr : table->get(key);
  }

  void missing(const std::string& section, const std::string& key) {
    note(path_ + ": '" + dotted(section, key) + "' is missing: add it");
  }

  const std::string& path_;
  const toml::table& root_;
  std::string fault_;
};

Result<Config> read(const std::string& path, const toml::table& root) {
  Reader reader(path, root);
  reader.knowOnly("", {"hub", "state", "household", "bluetooth", "mqtt", "log"});
  reader.knowOnly("bluetooth", {"adapter"});
  reader.knowOnly("mqtt", {"host", "port", "ca", "certificate", "key"});
  reader.knowOnly("log", {"level"});
  Config config;
  config.hub = HubId(reader.text("", "hub"));
  config.state = reader.text("", "state");
  config.household = reader.text("", "household");
  config.adapter = reader.optionalText("bluetooth", "adapter");
  config.mqtt.host = reader.text("mqtt", "host");
  config.mqtt.port = reader.port("mqtt", "port", config.mqtt.port);
  config.mqtt.ca = reader.text("mqtt", "ca");
  config.mqtt.certificate = reader.text("mqtt", "certificate");
  config.mqtt.key = reader.text("mqtt", "key");
  config.logLevel = reader.text("log", "level", config.logLevel);
  if (!config.hub.isEmpty() && !wire::isHubId(config.hub.value)) {
    reader.note(path + ": hub '" + config.hub.value +
                "' must be 1 to 64 of the characters a-z, 0-9 and '-'");
  }
  static constexpr std::array<std::string_view, 6> kLevels = {"trace", "debug", "info",
                                                              "warn",  "error", "off"};
  if (std::ranges::find(kLevels, config.logLevel) == kLevels.end()) {
    reader.note(path + ": log.level must be one of trace, debug, info, warn, error, off");
  }
  if (!reader.fault().empty()) return fail(ErrorCode::kInvalidInput, reader.fault());
  return config;
}

}  // namespace

Result<Config> readConfig(const std::string& path) {
  try {
    return read(path, toml::parse_file(path));
  } catch (const toml::parse_error& error) {
    const std::string place = error.source().begin.line > 0 ? where(path, error.source()) : path + ": ";
    return fail(ErrorCode::kInvalidInput, place + std::string(error.description()));
  }
}

}  // namespace vardnav::hub
