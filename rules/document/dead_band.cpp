// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/dead_band.h"

#include <algorithm>
#include <utility>

#include "rules/document/quantities.h"

namespace vardnav::rules {
namespace {

/// Moves limits so that a condition holds more easily; under `not`, less easily.
class Widening {
 public:
  explicit Widening(const std::vector<Quantity>& distances) : distances_(distances) {}

  void widen(Condition& condition, bool isEasier) {
    std::visit([&](auto& is) { widen(is, isEasier); }, condition.is);
  }

  bool hasMoved() const { return hasMoved_; }
  const std::string& fault() const { return fault_; }

 private:
  void widen(Compare& compare, bool isEasier) {
    const bool isUp = isDownward(compare.is) == isEasier;
    move(compare.limits, isUp);
  }

  void widen(Band& band, bool isEasier) {
    const bool isWider = band.isInside == isEasier;
    move(band.low, !isWider);
    move(band.high, isWider);
    for (std::size_t i = 0; i < band.low.size(); ++i) {
      if (band.high[i].value <= band.low[i].value) fault_ = "nothing of the band is left";
    }
  }

  void widen(All& all, bool isEasier) {
    for (Condition& part : all.of) widen(part, isEasier);
  }
  void widen(Any& any, bool isEasier) {
    for (Condition& part : any.of) widen(part, isEasier);
  }
  void widen(Not& part, bool isEasier) { widen(part.of.front(), !isEasier); }
  void widen(Repeated& repeated, bool isEasier) {
    std::visit([&](auto& each) { widen(each, isEasier); }, repeated.each);
  }
  void widen(Consecutive& consecutive, bool isEasier) {
    std::visit([&](auto& each) { widen(each, isEasier); }, consecutive.each);
  }
  void widen(MeterSays&, bool) {}
  void widen(AbsentFor&, bool) {}
  void widen(MissedSlots&, bool) {}
  void widen(PatientFact&, bool) {}

  void move(std::vector<Quantity>& limits, bool isUp) {
    const auto isMeant = [&](const Quantity& limit) {
      return std::ranges::find(distances_, limit.unit, &Quantity::unit) != distances_.end();
    };
    if (std::ranges::none_of(limits, isMeant)) return;
    hasMoved_ = true;
    for (Quantity& limit : limits) {
      const auto distance = std::ranges::find(distances_, limit.unit, &Quantity::unit);
      if (distance == distances_.end()) {
        fault_ = "no distance in " + std::string(ucumOf(limit.unit));
        return;
      }
      // Both are small decimals of six places at most: no overflow.
      limit.value = isUp ? *limit.value.plus(distance->value) : *limit.value.minus(distance->value);
    }
  }

  const std::vector<Quantity>& distances_;
  bool hasMoved_ = false;
  std::string fault_;
};

}  // namespace

std::expected<Condition, std::string> clearByDeadBand(const std::vector<Level>& levels,
                                                      const std::vector<Quantity>& distances) {
  Widening widening(distances);
  Any held;
  for (const Level& level : levels) {
    held.of.push_back(level.when);
    widening.widen(held.of.back(), true);
  }
  if (!widening.fault().empty()) return std::unexpected(widening.fault());
  if (!widening.hasMoved()) return std::unexpected("no limit of a level is in these units");
  if (held.of.size() == 1) return Condition{Not{std::move(held.of)}};
  return Condition{Not{{Condition{std::move(held)}}}};
}

}  // namespace vardnav::rules
