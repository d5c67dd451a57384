// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/settings/settings.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <limits>

#include "pipelines/settings/read_file.h"

namespace vardnav::settings {
namespace {

std::string dotted(const std::string& section, std::string_view key) {
  return section.empty() ? std::string(key) : section + "." + std::string(key);
}

std::string line(const toml::source_region& source) {
  return source.begin.line > 0 ? ":" + std::to_string(source.begin.line) : "";
}

}  // namespace

struct Settings::Document {
  toml::table root;

  const toml::table* section(const std::string& name) const {
    return name.empty() ? &root : root[name].as_table();
  }

  const toml::node* find(const std::string& sectionName, const std::string& key) const {
    const toml::table* table = section(sectionName);
    return table == nullptr ? nullptr : table->get(key);
  }
};

Settings::Settings(const std::string& path) : document_(std::make_unique<Document>()), path_(path) {
  const auto text = readFile(path);
  if (!text) {
    note("", text.error().context + ": check the path given to --config and its permissions");
    return;
  }
  try {
    document_->root = toml::parse(*text);
  } catch (const toml::parse_error& error) {
    note(line(error.source()), std::string(error.description()));
  }
}

Settings::~Settings() = default;

void Settings::note(const std::string& place, const std::string& fault) {
  if (fault_.empty()) fault_ = path_ + place + ": " + fault;
}

void Settings::knowOnly(const std::string& section, std::initializer_list<std::string_view> keys) {
  const toml::node* node = section.empty() ? nullptr : document_->root.get(section);
  if (node != nullptr && !node->is_table()) {
    note(line(node->source()), "'" + section + "' must be a section: [" + section + "]");
    return;
  }
  const toml::table* table = document_->section(section);
  if (table == nullptr) return;
  for (const auto& [key, value] : *table) {
    if (std::ranges::find(keys, key.str()) == keys.end()) {
      note(line(value.source()),
           "unknown setting '" + dotted(section, key.str()) + "': remove or correct it");
    }
  }
}

std::string Settings::text(const std::string& section, const std::string& key) {
  const toml::node* node = document_->find(section, key);
  if (node == nullptr) {
    note("", "'" + dotted(section, key) + "' is missing: add it");
    return {};
  }
  const auto value = node->value_exact<std::string>();
  if (!value || value->empty()) {
    note(line(node->source()), dotted(section, key) + " must be a non-empty text");
    return {};
  }
  return *value;
}

std::string Settings::textOr(const std::string& section, const std::string& key,
                             const std::string& fallback) {
  const toml::node* node = document_->find(section, key);
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<std::string>();
  if (!value) note(line(node->source()), dotted(section, key) + " must be a text");
  return value.value_or(fallback);
}

std::vector<std::string> Settings::texts(const std::string& section, const std::string& key) {
  const toml::node* node = document_->find(section, key);
  if (node == nullptr) return {};
  std::vector<std::string> out;
  bool isSound = node->is_array();
  if (const auto* list = node->as_array()) {
    for (const toml::node& element : *list) {
      const auto value = element.value_exact<std::string>();
      isSound = isSound && value && !value->empty();
      out.push_back(value.value_or(""));
    }
  }
  if (!isSound) note(line(node->source()), dotted(section, key) + " must be a list of texts");
  return out;
}

std::uint16_t Settings::portOr(const std::string& section, const std::string& key,
                               std::uint16_t fallback) {
  return static_cast<std::uint16_t>(
      wholeOr(section, key, fallback, 1, std::numeric_limits<std::uint16_t>::max()));
}

std::int64_t Settings::wholeOr(const std::string& section, const std::string& key,
                               std::int64_t fallback, std::int64_t least, std::int64_t most) {
  const toml::node* node = document_->find(section, key);
  if (node == nullptr) return fallback;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < least || *value > most) {
    note(line(node->source()), dotted(section, key) + " must be a whole number from " +
                                   std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }
  return *value;
}

std::vector<ServerAddress> Settings::brokers(const std::string& section) {
  constexpr std::uint16_t kMqttOverTls = 8883;  // as IANA has it
  if (document_->find(section, "brokers") == nullptr) {
    return {{text(section, "host"), portOr(section, "port", kMqttOverTls)}};
  }
  if (document_->find(section, "host") != nullptr || document_->find(section, "port") != nullptr) {
    refuse(section, "brokers", "stands in place of host and port: remove these");
  }
  std::vector<ServerAddress> list;
  for (const std::string& text : texts(section, "brokers")) {
    const auto address = parseServerAddress(text, kMqttOverTls);
    if (!address) {
      refuse(section, "brokers",
             "must be like \"broker.example:8883\" or \"[2001:db8::1]:8883\", not '" + text + "'");
    } else if (std::ranges::find(list, *address) != list.end()) {
      refuse(section, "brokers", "names " + toText(*address) + " twice");
    } else {
      list.push_back(*address);
    }
  }
  if (list.empty()) refuse(section, "brokers", "must name at least one broker");
  return list;
}

std::string Settings::logLevel() {
  static constexpr std::array<std::string_view, 6> kLevels = {"trace", "debug", "info",
                                                              "warn",  "error", "off"};
  knowOnly("log", {"level"});
  const std::string level = textOr("log", "level", "info");
  if (std::ranges::find(kLevels, level) == kLevels.end()) {
    refuse("log", "level", "must be one of trace, debug, info, warn, error, off");
  }
  return level;
}

void Settings::refuse(const std::string& section, const std::string& key, const std::string& why) {
  const toml::node* node = document_->find(section, key);
  note(node == nullptr ? "" : line(node->source()), dotted(section, key) + " " + why);
}

Result<void> Settings::verdict() const {
  if (fault_.empty()) return {};
  return fail(ErrorCode::kInvalidInput, fault_);
}

}  // namespace vardnav::settings
