// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Typed reading of a JSON object that remembers the first fault with its place; after one, reads
// give defaults, so that the caller need not look after each. Internal to this folder's loader.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/decimal.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

class ScenarioReader {
 public:
  /// A document that is no JSON is a fault too.
  explicit ScenarioReader(std::string_view text);
  ~ScenarioReader();
  ScenarioReader(ScenarioReader&& other) noexcept;
  ScenarioReader(const ScenarioReader&) = delete;
  ScenarioReader& operator=(const ScenarioReader&) = delete;

  /// "/devices/0/clock: …"; empty: none so far. Shared by all readers of one document.
  const std::string& fault() const;
  /// `key` empty: of the object itself.
  void fail(std::string_view key, std::string_view what);

  /// Any other key is a fault: it is most likely misspelt.
  void allow(std::initializer_list<std::string_view> keys,
             const std::vector<std::string_view>& more = {});
  bool has(std::string_view key) const;

  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string_view fallback);
  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most,
                       std::optional<std::int64_t> fallback = std::nullopt);
  /// Seconds with a fraction.
  Milliseconds seconds(std::string_view key, std::optional<Milliseconds> fallback = std::nullopt);
  bool flag(std::string_view key, bool fallback);
  /// A string, so that its digits are kept.
  Decimal decimal(std::string_view key);
  /// Two numbers of seconds, the second not less.
  std::pair<Milliseconds, Milliseconds> interval(std::string_view key);

  ScenarioReader object(std::string_view key);
  void forEach(std::string_view key, const std::function<void(ScenarioReader&)>& visit);

 private:
  struct Node;
  explicit ScenarioReader(std::unique_ptr<Node> node);
  std::unique_ptr<Node> node_;
};

}  // namespace vardnav::ble::virtual_home
