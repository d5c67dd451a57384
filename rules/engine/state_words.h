// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The words that a state is kept as: one line of printable ASCII. Included by state.cpp only.
// Pure.
#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "rules/engine/state.h"

namespace vardnav::rules {

/// Before each checkpoint, and before each verdict that is unspoken; in no word.
inline constexpr char kMark = '|';
inline constexpr char kUnspokenMark = '!';
inline constexpr std::string_view kMarks = "|!";
inline constexpr std::string_view kNone = "-";
/// No time of a reading or a rule lies beyond (the year 33658); sums with durations fit far.
inline constexpr std::int64_t kMostMilliseconds = 1'000'000'000'000'000;

class WordWriter {
 public:
  WordWriter& add(std::string_view word) {
    if (!text_.empty()) text_ += ' ';
    text_ += word;
    return *this;
  }
  WordWriter& add(std::int64_t number) { return add(std::to_string(number)); }
  WordWriter& add(UtcTime time) {
    const bool isNone = time == kNever || time == UtcTime::max();
    return isNone ? add(kNone) : add(std::int64_t{time.time_since_epoch().count()});
  }
  WordWriter& add(const ReadingKey& key) { return add(key.toHex()); }
  WordWriter& add(bool fact) { return add(std::string_view(fact ? "1" : "0")); }
  template <class T>
  WordWriter& add(const std::optional<T>& value) {
    return value ? add(*value) : add(kNone);
  }
  WordWriter& add(Priority priority) { return add(nameOf(priority)); }
  WordWriter& add(const Sample& sample, UtcTime before) {
    add(sample.key).add(std::int64_t{(sample.at - before).count()}).add(sample.mantissa);
    add(std::int64_t{sample.exponent}).add(std::int64_t{static_cast<int>(sample.unit)});
    add(std::int64_t{static_cast<int>(sample.kind)}).add(std::int64_t{sample.localDay});
    return add(std::int64_t{sample.truths});
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// The first fault sticks; what is read after it is nothing.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  /// Up to the next space, which is taken away with it.
  std::string_view word() {
    if (isAtEnd_) isDamaged_ = true;
    const auto end = text_.find(' ');
    const std::string_view word = text_.substr(0, end);
    isAtEnd_ = end == std::string_view::npos;
    text_.remove_prefix(isAtEnd_ ? text_.size() : end + 1);
    return word;
  }

  std::int64_t numberOf(std::string_view word, std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool isNumber = error == std::errc{} && end == word.data() + word.size();
    if (isNumber && number >= least && number <= most) return number;
    isDamaged_ = true;
    return least;
  }
  std::int64_t number(std::int64_t least, std::int64_t most) {
    return numberOf(word(), least, most);
  }
  template <class T>
  T smallNumber(std::int64_t most = std::numeric_limits<T>::max()) {
    return static_cast<T>(number(0, most));
  }
  std::uint64_t bits() {
    std::uint64_t number = 0;
    const std::string_view text = word();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) isDamaged_ = true;
    return number;
  }
  UtcTime timeOf(std::string_view word) {
    return UtcTime{Milliseconds{numberOf(word, -kMostMilliseconds, kMostMilliseconds)}};
  }
  UtcTime time() {
    const std::string_view text = word();
    return text == kNone ? kNever : timeOf(text);
  }
  bool fact() { return number(0, 1) == 1; }
  std::optional<bool> maybeFact() {
    const std::string_view text = word();
    if (text == kNone) return std::nullopt;
    return numberOf(text, 0, 1) == 1;
  }
  std::optional<Priority> maybePriority() {
    const std::string_view text = word();
    if (text == kNone) return std::nullopt;
    const auto priority = priorityFromName(text);
    if (!priority) isDamaged_ = true;
    return priority;
  }
  ReadingKey key() {
    const auto key = ReadingKey::fromHex(word());
    if (!key) isDamaged_ = true;
    return key.value_or(ReadingKey{});
  }
  Sample sample(UtcTime before) {
    Sample sample;
    sample.key = key();
    sample.at = before + Milliseconds{number(-kMostMilliseconds, kMostMilliseconds)};
    const bool isSane = sample.at.time_since_epoch().count() <= kMostMilliseconds &&
                        sample.at.time_since_epoch().count() >= -kMostMilliseconds;
    if (!isSane) refuse();
    sample.mantissa =
        number(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    sample.exponent = static_cast<std::int8_t>(number(-128, 127));
    sample.unit = static_cast<Unit>(number(0, static_cast<int>(Unit::kDegreeCelsius)));
    sample.kind = static_cast<Value::Kind>(number(0, static_cast<int>(Value::Kind::kNotANumber)));
    sample.localDay = smallNumber<std::uint16_t>();
    sample.truths = smallNumber<std::uint16_t>();
    return sample;
  }

  void refuse() { isDamaged_ = true; }
  bool isDamaged() const { return isDamaged_; }
  bool isWhole() const { return isAtEnd_ && !isDamaged_; }

 private:
  std::string_view text_;
  bool isAtEnd_ = false;
  bool isDamaged_ = false;
};

/// Printable ASCII without spaces and marks, of any text.
std::string escaped(std::string_view text);
std::string unescaped(std::string_view word);

}  // namespace vardnav::rules
