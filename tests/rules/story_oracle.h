// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What should be told of glucose readings, worked out from the words of the rules alone and as
// plainly as can be: every question is answered by going over all readings again, values are whole
// numbers. Nothing of the engine is used.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace vardnav::rules::oracle {

struct Reading {
  enum class Kind { kMilligram, kMillimole, kHigh, kLow, kNaN };
  int second = 0;  ///< since the start
  Kind kind = Kind::kNaN;
  int hundredths = 0;  ///< of the unit
  bool isDoubtful = false;
  friend bool operator==(const Reading&, const Reading&) = default;
};

struct Settings {
  bool isP2Gated = false;
  bool isP3Gated = false;
  bool hasOwnClear = false;  ///< at least 85 mg/dL, 4.8 mmol/L
  int coolDown = 0;          ///< seconds
  friend bool operator==(const Settings&, const Settings&) = default;
};

struct Line {
  std::string what;  ///< raised, worsened, cleared
  int priority = 3;
  int second = 0;
  friend auto operator<=>(const Line&, const Line&) = default;
};

/// P1: below 54 mg/dL or 3.0 mmol/L. P2: below 70 or 3.9 twice in 24 h, 2 h apart. P3: below 70 or
/// 3.9. Readings in event order.
class Story {
 public:
  Story(std::vector<Reading> readings, Settings settings)
      : readings_(std::move(readings)), settings_(settings) {}

  /// What lasts, of all that was due until `end`, included.
  std::vector<Line> lines(int end) {
    std::size_t next = 0;
    while (true) {
      const int timer = nextTimer();
      const int reading = next < readings_.size() ? readings_[next].second : kNever;
      if (reading == kNever && timer > end) return lines_;
      if (timer < reading) {
        runTimer(timer);
      } else if (readings_[next].isDoubtful) {
        ++next;
      } else {
        judge(next++);
      }
    }
  }

  std::optional<int> open() const { return open_; }

 private:
  static constexpr int kNever = 2'000'000'000;
  static constexpr int kMinute = 60;
  static constexpr int kHour = 3600;
  enum class Truth { kFalse, kUnknown, kTrue };

  static Truth below(const Reading& reading, int milligram, int millimole) {
    switch (reading.kind) {
      case Reading::Kind::kNaN:
        return Truth::kUnknown;
      case Reading::Kind::kHigh:
        return Truth::kFalse;
      case Reading::Kind::kLow:
        return Truth::kTrue;
      case Reading::Kind::kMilligram:
        return reading.hundredths < milligram ? Truth::kTrue : Truth::kFalse;
      case Reading::Kind::kMillimole:
        return reading.hundredths < millimole ? Truth::kTrue : Truth::kFalse;
    }
    return Truth::kUnknown;
  }

  Truth level(int priority, std::size_t at) const {
    const Reading& newest = readings_[at];
    if (priority == 1) return below(newest, 5400, 300);
    if (priority == 3) return below(newest, 7000, 390);
    int sure = 0;
    int possible = 0;
    int lastSure = 0;
    int lastPossible = 0;
    for (int i = static_cast<int>(at); i >= 0; --i) {
      const Reading& reading = readings_[static_cast<std::size_t>(i)];
      if (reading.isDoubtful || reading.second < newest.second - 24 * kHour) continue;
      const Truth truth = below(reading, 7000, 390);
      if (truth == Truth::kTrue && (sure == 0 || lastSure - reading.second >= 2 * kHour)) {
        ++sure;
        lastSure = reading.second;
      }
      if (truth != Truth::kFalse && (possible == 0 || lastPossible - reading.second >= 2 * kHour)) {
        ++possible;
        lastPossible = reading.second;
      }
    }
    if (sure >= 2) return Truth::kTrue;
    return possible >= 2 ? Truth::kUnknown : Truth::kFalse;
  }

  bool isGated(int priority) const {
    return (priority == 2 && settings_.isP2Gated) || (priority == 3 && settings_.isP3Gated);
  }
  bool isAboveOpen(int priority) const { return !open_ || priority < *open_; }

  std::optional<int> highest(std::size_t at, bool ungatedOnly) const {
    for (const int priority : {1, 2, 3}) {
      if (ungatedOnly && isGated(priority)) continue;
      if (level(priority, at) == Truth::kTrue) return priority;
    }
    return std::nullopt;
  }
  bool isAllFalse(std::size_t at) const {
    return level(1, at) == Truth::kFalse && level(2, at) == Truth::kFalse &&
           level(3, at) == Truth::kFalse;
  }

  int nextTimer() const {
    int next = kNever;
    if (firstOfGate_) next = readings_[*firstOfGate_].second + 15 * kMinute;
    if (isHeld_) next = std::min(next, fired_->second + settings_.coolDown);
    return next;
  }

  void runTimer(int now) {
    if (firstOfGate_ && readings_[*firstOfGate_].second + 15 * kMinute == now) {
      const int first = readings_[*firstOfGate_].second;
      const int priority = gatePriority_;
      firstOfGate_.reset();
      if (isAboveOpen(priority)) raise(priority, now, first);
    }
    if (isHeld_ && fired_->second + settings_.coolDown <= now) {
      isHeld_ = false;
      // What waits for a second measurement goes on waiting.
      for (const int priority : {1, 2, 3}) {
        if (firstOfGate_ && priority <= gatePriority_) continue;
        if (level(priority, newest_) != Truth::kTrue) continue;
        if (isAboveOpen(priority)) raise(priority, now, now);
        break;
      }
    }
  }

  bool isCoolingDown(int priority, int now) const {
    return priority != 1 && fired_ && priority >= fired_->priority &&
           now < fired_->second + settings_.coolDown;
  }

  void raise(int priority, int now, int told) {
    if (isCoolingDown(priority, now)) {
      isHeld_ = true;
      return;
    }
    const bool isWorse = open_ && priority < *open_;
    isHeld_ = false;
    fired_ = Line{"", priority, now};
    open_ = priority;
    lines_.push_back({isWorse ? "worsened" : "raised", priority, told});
  }

  void clear(std::size_t at) {
    if (!open_) return;
    const Reading& reading = readings_[at];
    if (settings_.hasOwnClear ? below(reading, 8500, 480) != Truth::kFalse : !isAllFalse(at)) {
      return;
    }
    if (highest(at, false)) return;
    lines_.push_back({"cleared", *open_, reading.second});
    open_.reset();
  }

  void judge(std::size_t at) {
    newest_ = at;
    const int now = readings_[at].second;
    const auto priority = highest(at, false);
    const auto ungated = highest(at, true);
    if (isAllFalse(at)) isHeld_ = false;
    if (firstOfGate_) {
      if (ungated && isAboveOpen(*ungated)) {
        raise(*ungated, now, now);
        if (*ungated <= gatePriority_) {
          firstOfGate_.reset();
          return;
        }
      }
      const int since = now - readings_[*firstOfGate_].second;
      if (since < 5 * kMinute || readings_[at].kind == Reading::Kind::kNaN) return;
      if (!priority && !isAllFalse(at)) return;
      firstOfGate_.reset();
      if (priority && isAboveOpen(*priority)) {
        raise(*priority, now, now);
      } else if (!priority) {
        clear(at);
      }
      return;
    }
    if (!priority) return clear(at);
    if (open_ == 1 && *priority == 1) return raise(1, now, now);
    if (ungated && isAboveOpen(*ungated)) raise(*ungated, now, now);
    if (!isGated(*priority) || !isAboveOpen(*priority)) return;
    if (isCoolingDown(*priority, now)) return raise(*priority, now, now);
    firstOfGate_ = at;
    gatePriority_ = *priority;
  }

  std::vector<Reading> readings_;
  Settings settings_;
  std::vector<Line> lines_;
  std::optional<int> open_;
  std::optional<Line> fired_;
  std::optional<std::size_t> firstOfGate_;
  int gatePriority_ = 3;
  bool isHeld_ = false;
  std::size_t newest_ = 0;
};

}  // namespace vardnav::rules::oracle
