// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/json_check.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxInteger = 1'000'000;
constexpr std::size_t kMaxStep = 64;

/// Told of each token by the parser; false stops it.
class Check final : public nlohmann::json_sax<Json> {
 public:
  explicit Check(std::size_t maxDepth) : maxDepth_(maxDepth) {}

  bool null() override { return element() && note("null says nothing"); }
  bool boolean(bool) override { return element(); }
  bool number_integer(number_integer_t) override { return element() && note("below zero"); }
  bool number_unsigned(number_unsigned_t value) override {
    return element() && (value <= kMaxInteger || note("more than 1000000"));
  }
  bool number_float(number_float_t, const string_t&) override {
    return element() && note("not a whole number: decimals are written as strings");
  }
  bool string(string_t&) override { return element(); }
  bool binary(binary_t&) override { return refuse("not JSON"); }

  bool start_object(std::size_t) override { return element() && open(true); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return element() && open(false); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Frame& frame = frames_.back();
    const bool isNew = frame.names.insert(name).second;
    frame.step = name;
    return isNew || note("twice in one object");
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    if (!isStopped_) faults_.push_back({place(), "not JSON at octet " + std::to_string(position)});
    return false;
  }

  DocumentFaults& faults() { return faults_; }

 private:
  struct Frame {
    bool isObject = false;
    std::set<std::string> names;
    std::string step;
    std::size_t count = 0;
  };

  /// A value begins: inside an array that is the next place.
  bool element() {
    if (!frames_.empty() && !frames_.back().isObject) {
      frames_.back().step = std::to_string(frames_.back().count++);
    }
    return true;
  }

  bool open(bool isObject) {
    if (frames_.size() >= maxDepth_) return refuse("nested too deeply");
    Frame frame;
    frame.isObject = isObject;
    frames_.push_back(std::move(frame));
    return true;
  }

  bool close() {
    frames_.pop_back();
    return true;
  }

  /// The rest may be read; false when there are enough faults.
  bool note(const char* reason) {
    faults_.push_back({place(), reason});
    isStopped_ = faults_.size() >= kMaxFaults;
    return !isStopped_;
  }

  bool refuse(const char* reason) {
    faults_.push_back({place(), reason});
    isStopped_ = true;
    return false;
  }

  std::string place() const {
    std::string text;
    for (const Frame& frame : frames_) {
      if (!frame.step.empty()) text += pointerStep(frame.step);
    }
    return text;
  }

  std::size_t maxDepth_;
  std::vector<Frame> frames_;
  DocumentFaults faults_;
  bool isStopped_ = false;
};

}  // namespace

std::string pointerStep(std::string_view name) {
  std::string step = "/";
  for (const char c : name.substr(0, kMaxStep)) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return step;
}

DocumentFaults jsonFaults(std::string_view json, const JsonBounds& bounds) {
  if (json.size() > bounds.bytes) {
    return {{"", "longer than " + std::to_string(bounds.bytes / 1024) + " KiB"}};
  }
  // The parser takes one for the end.
  if (const auto nul = json.find('\0'); nul != std::string_view::npos) {
    return {{"", "not JSON at octet " + std::to_string(nul + 1) + ": NUL"}};
  }
  Check check(bounds.depth);
  const bool isJson = Json::sax_parse(json, &check);
  if (!isJson && check.faults().empty()) return {{"", "not JSON"}};
  return std::move(check.faults());
}

std::optional<DocumentFault> checkJson(std::string_view json) {
  DocumentFaults faults = jsonFaults(json);
  if (faults.empty()) return std::nullopt;
  return std::move(faults.front());
}

}  // namespace vardnav::rules
