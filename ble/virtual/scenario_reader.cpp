// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/scenario_reader.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace vardnav::ble::virtual_home {

using Json = nlohmann::json;

struct ScenarioReader::Node {
  struct Document {
    Json json;
    std::string fault;
  };
  std::shared_ptr<Document> document;
  const Json* json;
  std::string place;

  const Json* find(std::string_view key) const {
    if (json == nullptr || !json->is_object()) return nullptr;
    const auto found = json->find(key);
    return found == json->end() ? nullptr : &*found;
  }
};

ScenarioReader::ScenarioReader(std::string_view text)
    : node_(std::make_unique<Node>(Node{std::make_shared<Node::Document>(), nullptr, ""})) {
  try {
    node_->document->json = Json::parse(text);
  } catch (const Json::exception& error) {
    const std::string_view what = error.what();  // "[json.exception.parse_error.101] parse …"
    const std::size_t end = what.find("] ");
    node_->document->fault = what.substr(end == std::string_view::npos ? 0 : end + 2);
  }
  node_->json = &node_->document->json;
  if (fault().empty() && !node_->json->is_object()) fail("", "must be an object");
}

ScenarioReader::ScenarioReader(std::unique_ptr<Node> node) : node_(std::move(node)) {
  if (node_->json != nullptr && !node_->json->is_object()) fail("", "must be an object");
}
ScenarioReader::~ScenarioReader() = default;
ScenarioReader::ScenarioReader(ScenarioReader&& other) noexcept = default;

const std::string& ScenarioReader::fault() const { return node_->document->fault; }

void ScenarioReader::fail(std::string_view key, std::string_view what) {
  std::string& fault = node_->document->fault;
  if (!fault.empty()) return;
  fault = node_->place;
  if (!key.empty()) fault.append("/").append(key);
  if (fault.empty()) fault = "/";
  fault.append(": ").append(what);
}

void ScenarioReader::allow(std::initializer_list<std::string_view> keys,
                           const std::vector<std::string_view>& more) {
  if (node_->json == nullptr || !node_->json->is_object()) return;
  for (const auto& [key, value] : node_->json->items()) {
    const std::string_view name{key};
    const bool isKnown =
        std::ranges::find(keys, name) != keys.end() || std::ranges::find(more, name) != more.end();
    if (!isKnown) fail(key, "unknown key");
  }
}

bool ScenarioReader::has(std::string_view key) const { return node_->find(key) != nullptr; }

std::string ScenarioReader::text(std::string_view key) {
  const Json* found = node_->find(key);
  if (found != nullptr && found->is_string()) return found->get<std::string>();
  fail(key, found == nullptr ? "is missing" : "must be a string");
  return {};
}

std::string ScenarioReader::text(std::string_view key, std::string_view fallback) {
  return has(key) ? text(key) : std::string{fallback};
}

std::int64_t ScenarioReader::integer(std::string_view key, std::int64_t least, std::int64_t most,
                                     std::optional<std::int64_t> fallback) {
  const Json* found = node_->find(key);
  if (found == nullptr && fallback) return *fallback;
  if (found != nullptr && found->is_number_integer()) {
    const auto value = found->get<std::int64_t>();
    if (value >= least && value <= most) return value;
  }
  fail(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return least;
}

namespace {

std::optional<Milliseconds> secondsOf(const Json& json) {
  constexpr double kMost = 1e7;
  if (!json.is_number()) return std::nullopt;
  const auto value = json.get<double>();
  if (!(value >= 0 && value <= kMost)) return std::nullopt;
  return Milliseconds{std::llround(value * 1000)};
}

}  // namespace

Milliseconds ScenarioReader::seconds(std::string_view key, std::optional<Milliseconds> fallback) {
  const Json* found = node_->find(key);
  if (found == nullptr && fallback) return *fallback;
  const auto value = found == nullptr ? std::nullopt : secondsOf(*found);
  if (!value) fail(key, "must be a number of seconds, 0 or more");
  return value.value_or(Milliseconds{0});
}

bool ScenarioReader::flag(std::string_view key, bool fallback) {
  const Json* found = node_->find(key);
  if (found == nullptr) return fallback;
  if (found->is_boolean()) return found->get<bool>();
  fail(key, "must be true or false");
  return fallback;
}

Decimal ScenarioReader::decimal(std::string_view key) {
  const std::string value = text(key);
  const auto parsed = Decimal::parse(value);
  if (!parsed && fault().empty()) fail(key, "must be a decimal in a string, as \"3.60\"");
  return parsed.value_or(Decimal{});
}

std::pair<Milliseconds, Milliseconds> ScenarioReader::interval(std::string_view key) {
  const Json* found = node_->find(key);
  if (found != nullptr && found->is_array() && found->size() == 2) {
    const auto first = secondsOf((*found)[0]);
    const auto last = secondsOf((*found)[1]);
    if (first && last && *first <= *last) return {*first, *last};
  }
  fail(key, "must be two numbers of seconds, rising");
  return {};
}

ScenarioReader ScenarioReader::object(std::string_view key) {
  const Json* found = node_->find(key);
  if (found == nullptr) fail(key, "is missing");
  const std::string place = node_->place + "/" + std::string{key};
  return ScenarioReader{std::make_unique<Node>(Node{node_->document, found, place})};
}

void ScenarioReader::forEach(std::string_view key,
                             const std::function<void(ScenarioReader&)>& visit) {
  const Json* found = node_->find(key);
  if (found == nullptr || !found->is_array()) {
    return fail(key, found == nullptr ? "is missing" : "must be an array");
  }
  for (std::size_t i = 0; i < found->size(); ++i) {
    const std::string place = node_->place + "/" + std::string{key} + "/" + std::to_string(i);
    ScenarioReader reader{std::make_unique<Node>(Node{node_->document, &(*found)[i], place})};
    visit(reader);
  }
}

}  // namespace vardnav::ble::virtual_home
