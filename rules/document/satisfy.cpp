// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/satisfy.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "rules/document/quantities.h"

namespace vardnav::rules {
namespace {

constexpr std::size_t kMaxWays = 1024;

// What a reading can be.
constexpr unsigned kNumber = 1;
constexpr unsigned kHigh = 2;
constexpr unsigned kLow = 4;
constexpr unsigned kNotANumber = 8;

/// One measure is of these kinds, and if it is a number, on this side of these limits.
struct Bound {
  const Series* series;
  const Measure* measure;
  unsigned kinds;
  std::optional<Comparison> is;
  const std::vector<Quantity>* limits = nullptr;
};

/// Something without numbers: a fact, a run, an absence.
struct Opaque {
  const Condition* condition;
  bool isTrue;
};

/// One way in which all that is wanted would hold: every part of it at once.
struct Way {
  std::vector<Bound> bounds;
  std::vector<Opaque> opaques;
};

using Ways = std::vector<Way>;

bool isYes(Asked asked) { return asked == Asked::kTrue || asked == Asked::kNotFalse; }
/// Unknown serves as well.
bool isLoose(Asked asked) { return asked == Asked::kNotTrue || asked == Asked::kNotFalse; }

Asked opposite(Asked asked) {
  switch (asked) {
    case Asked::kTrue:
      return Asked::kFalse;
    case Asked::kFalse:
      return Asked::kTrue;
    case Asked::kNotTrue:
      return Asked::kNotFalse;
    case Asked::kNotFalse:
      break;
  }
  return Asked::kNotTrue;
}

Comparison opposite(Comparison is) {
  switch (is) {
    case Comparison::kBelow:
      return Comparison::kAtLeast;
    case Comparison::kAtMost:
      return Comparison::kAbove;
    case Comparison::kAbove:
      return Comparison::kAtMost;
    case Comparison::kAtLeast:
      break;
  }
  return Comparison::kBelow;
}

const Measure kNewest = NewestValue{};

class Expansion {
 public:
  bool hasTooMany() const { return hasTooMany_; }

  Ways expand(const Condition& condition, Asked asked) {
    return std::visit([&](const auto& is) { return expand(condition, is, asked); }, condition.is);
  }

  Ways together(Ways left, const Ways& right) {
    if (left.size() * right.size() > kMaxWays) {
      hasTooMany_ = true;
      return {};
    }
    Ways ways;
    ways.reserve(left.size() * right.size());
    for (const Way& a : left) {
      for (const Way& b : right) {
        Way both = a;
        both.bounds.insert(both.bounds.end(), b.bounds.begin(), b.bounds.end());
        both.opaques.insert(both.opaques.end(), b.opaques.begin(), b.opaques.end());
        ways.push_back(std::move(both));
      }
    }
    return ways;
  }

 private:
  static Way bound(const Series& series, const Measure& measure, Comparison is,
                   const std::vector<Quantity>& limits, bool isLoose) {
    unsigned kinds = kNumber | (isLoose ? kNotANumber : 0U);
    if (std::holds_alternative<NewestValue>(measure)) kinds |= isDownward(is) ? kLow : kHigh;
    return {{{&series, &measure, kinds, is, &limits}}, {}};
  }

  Ways expand(const Condition&, const Compare& compare, Asked asked) {
    // Too old is unknown, whatever the value.
    if (isLoose(asked) && compare.maximumAge.count() != 0) return {Way{}};
    const Comparison is = isYes(asked) ? compare.is : opposite(compare.is);
    return {bound(compare.series, compare.measure, is, compare.limits, isLoose(asked))};
  }

  Ways expand(const Condition&, const Band& band, Asked asked) {
    if (isLoose(asked) && band.maximumAge.count() != 0) return {Way{}};
    const auto low = band.isLowInside ? Comparison::kAtLeast : Comparison::kAbove;
    const auto high = band.isHighInside ? Comparison::kAtMost : Comparison::kBelow;
    const auto side = [&](Comparison is, const std::vector<Quantity>& limits) {
      return bound(band.series, band.measure, is, limits, isLoose(asked));
    };
    if (band.isInside == isYes(asked)) {
      return together({side(low, band.low)}, {side(high, band.high)});
    }
    return {side(opposite(low), band.low), side(opposite(high), band.high)};
  }

  Ways expand(const Condition&, const MeterSays& says, Asked asked) {
    unsigned kinds = (says.isHigh ? kHigh : 0U) | (says.isLow ? kLow : 0U) |
                     (says.isNotANumber ? kNotANumber : 0U);
    if (!isYes(asked)) kinds = ~kinds & (kNumber | kHigh | kLow | kNotANumber);
    if (isLoose(asked)) kinds |= kNotANumber;
    return {{{{&says.series, &kNewest, kinds, std::nullopt, nullptr}}, {}}};
  }

  Ways expand(const Condition& condition, const Consecutive& run, Asked asked) {
    const Ways whole = opaque(condition, asked);
    if (asked != Asked::kTrue) return whole;
    // The newest reading is one of them.
    return together(
        whole, std::visit([&](const auto& each) { return expand(condition, each, Asked::kTrue); },
                          run.each));
  }

  Ways expand(const Condition& condition, const Repeated&, Asked asked) {
    return opaque(condition, asked);
  }
  Ways expand(const Condition& condition, const AbsentFor&, Asked asked) {
    return opaque(condition, asked);
  }
  Ways expand(const Condition& condition, const MissedSlots&, Asked asked) {
    return opaque(condition, asked);
  }
  Ways expand(const Condition& condition, const PatientFact&, Asked asked) {
    return opaque(condition, asked);
  }

  Ways expand(const Condition&, const All& all, Asked asked) {
    return isYes(asked) ? every(all.of, asked) : some(all.of, asked);
  }
  Ways expand(const Condition&, const Any& any, Asked asked) {
    return isYes(asked) ? some(any.of, asked) : every(any.of, asked);
  }
  Ways expand(const Condition&, const Not& part, Asked asked) {
    return expand(part.of.front(), opposite(asked));
  }

  static Ways opaque(const Condition& condition, Asked asked) {
    return {{{}, {{&condition, isYes(asked)}}}};
  }

  Ways every(const std::vector<Condition>& parts, Asked asked) {
    Ways ways = {Way{}};
    for (const Condition& part : parts) ways = together(std::move(ways), expand(part, asked));
    return ways;
  }

  Ways some(const std::vector<Condition>& parts, Asked asked) {
    Ways ways;
    for (const Condition& part : parts) {
      Ways more = expand(part, asked);
      std::ranges::move(more, std::back_inserter(ways));
      if (ways.size() > kMaxWays) {
        hasTooMany_ = true;
        return {};
      }
    }
    return ways;
  }

  bool hasTooMany_ = false;
};

/// On one scale for each unit that has no exact factor to another.
std::optional<Decimal> onScale(Unit unit, const std::vector<Quantity>& limits) {
  const auto limit = limitFor(unit, limits);
  if (!limit) return std::nullopt;
  if (limit->unit == Unit::kMilligramPerDecilitre) return limit->value;
  const auto scaled = normalised(*limit);
  return scaled ? std::optional(scaled->value) : std::nullopt;
}

/// The numbers that are left between bounds.
struct Interval {
  std::optional<Decimal> low;
  std::optional<Decimal> high;
  bool isLowInside = true;
  bool isHighInside = true;

  void cut(Comparison is, const Decimal& limit) {
    const bool isInside = is == Comparison::kAtMost || is == Comparison::kAtLeast;
    if (isDownward(is)) {
      if (!high || limit < *high || (limit == *high && !isInside)) {
        high = limit;
        isHighInside = isInside;
      }
    } else if (!low || limit > *low || (limit == *low && !isInside)) {
      low = limit;
      isLowInside = isInside;
    }
  }

  bool isEmpty() const {
    if (!low || !high) return false;
    return *high < *low || (*high == *low && !(isLowInside && isHighInside));
  }
};

using Group = std::vector<const Bound*>;

bool isPossibleIn(std::optional<Unit> unit, const Group& group) {
  unsigned kinds = kNumber | kHigh | kLow | kNotANumber;
  Interval numbers;
  for (const Bound* bound : group) {
    kinds &= bound->kinds;
    if (!bound->is) continue;
    const auto limit = onScale(*unit, *bound->limits);
    if (!limit) return false;
    numbers.cut(*bound->is, *limit);
  }
  if (numbers.isEmpty()) kinds &= ~kNumber;
  return kinds != 0;
}

bool isPossible(const Group& group) {
  bool hasLimits = false;
  for (const Bound* bound : group) {
    if (!bound->is) continue;
    hasLimits = true;
    for (const Quantity& limit : *bound->limits) {
      if (isPossibleIn(limit.unit, group)) return true;
    }
  }
  return !hasLimits && isPossibleIn(std::nullopt, group);
}

Condition alone(const ReadingTest& test) {
  return std::visit([](const auto& is) { return Condition{is}; }, test);
}

bool implies(const ReadingTest& a, const ReadingTest& b) {
  if (a == b) return true;
  const Condition first = alone(a);
  const Condition second = alone(b);
  const std::array<Wanted, 2> wanted = {Wanted{&first, Asked::kTrue},
                                        Wanted{&second, Asked::kNotTrue}};
  return canHoldTogether(wanted) == Answer::kNever;
}

/// `a` true makes `b` true.
bool implies(const Condition& a, const Condition& b) {
  if (a == b) return true;
  if (const auto* runA = std::get_if<Consecutive>(&a.is)) {
    const auto* runB = std::get_if<Consecutive>(&b.is);
    return runB != nullptr && runA->count >= runB->count && implies(runA->each, runB->each);
  }
  if (const auto* timesA = std::get_if<Repeated>(&a.is)) {
    const auto* timesB = std::get_if<Repeated>(&b.is);
    return timesB != nullptr && timesA->window == timesB->window &&
           timesA->spacing == timesB->spacing && timesA->atLeast >= timesB->atLeast &&
           implies(timesA->each, timesB->each);
  }
  if (const auto* absentA = std::get_if<AbsentFor>(&a.is)) {
    const auto* absentB = std::get_if<AbsentFor>(&b.is);
    return absentB != nullptr && absentA->signals == absentB->signals &&
           absentA->duration >= absentB->duration &&
           (absentB->isFromTheFirst || !absentA->isFromTheFirst);
  }
  if (const auto* missedA = std::get_if<MissedSlots>(&a.is)) {
    const auto* missedB = std::get_if<MissedSlots>(&b.is);
    return missedB != nullptr && missedA->atLeast >= missedB->atLeast;
  }
  return false;
}

bool isPossible(const Way& way) {
  for (const Opaque& a : way.opaques) {
    for (const Opaque& b : way.opaques) {
      if (a.isTrue && !b.isTrue && implies(*a.condition, *b.condition)) return false;
    }
  }
  std::vector<Group> groups;
  for (const Bound& bound : way.bounds) {
    const auto group = std::ranges::find_if(groups, [&](const Group& other) {
      return *other.front()->series == *bound.series && *other.front()->measure == *bound.measure;
    });
    if (group == groups.end()) {
      groups.push_back({&bound});
    } else {
      group->push_back(&bound);
    }
  }
  return std::ranges::all_of(groups, [](const Group& group) { return isPossible(group); });
}

}  // namespace

Answer canHoldTogether(std::span<const Wanted> wanted) {
  Expansion expansion;
  Ways ways = {Way{}};
  for (const auto& [condition, asked] : wanted) {
    ways = expansion.together(std::move(ways), expansion.expand(*condition, asked));
    if (expansion.hasTooMany()) return Answer::kTooMany;
    // What cannot be already need not be multiplied.
    std::erase_if(ways, [](const Way& way) { return !isPossible(way); });
  }
  return ways.empty() ? Answer::kNever : Answer::kPossible;
}

}  // namespace vardnav::rules
