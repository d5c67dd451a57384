// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/replay_comparison.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace vardnav::rules {
namespace {

using Json = nlohmann::ordered_json;

/// Two raises of one rule this close are taken for one event, told earlier or later.
constexpr Milliseconds kSameEvent = std::chrono::hours{72};

bool isAlert(const Verdict& verdict) {
  return verdict.transition == Transition::kRaised || verdict.transition == Transition::kWorsened;
}

std::vector<const Verdict*> alertsOf(std::span<const Verdict> verdicts) {
  std::vector<const Verdict*> alerts;
  for (const Verdict& verdict : verdicts) {
    if (isAlert(verdict)) alerts.push_back(&verdict);
  }
  std::ranges::stable_sort(alerts, {}, [](const Verdict* verdict) {
    return std::pair(verdict->at, std::string_view(verdict->rule.value));
  });
  return alerts;
}

AlertCounts countsOf(const std::vector<const Verdict*>& alerts) {
  AlertCounts counts{};
  for (const Verdict* alert : alerts) ++counts[static_cast<std::size_t>(alert->priority) - 1];
  return counts;
}

class Matcher {
 public:
  Matcher(std::vector<const Verdict*> old, std::vector<const Verdict*> now)
      : old_(std::move(old)),
        now_(std::move(now)),
        isOldUsed_(old_.size()),
        isNowUsed_(now_.size()) {}

  void match(ReplayComparison& comparison) {
    constexpr Milliseconds kAtOnce{0};
    const auto isAlike = [](const Verdict& a, const Verdict& b) {
      return a.priority == b.priority && a.transition == b.transition;
    };
    const auto addMoved = [&](const Verdict& a, const Verdict& b) {
      add(comparison, Difference::Kind::kMoved, &a, &b);
      comparison.leads.push_back(a.told - b.told);
    };
    // A second measurement is waited for by the one and not by the other: of one time, told later.
    const auto addSame = [&](const Verdict& a, const Verdict& b) {
      if (a.told != b.told) return addMoved(a, b);
      ++comparison.same;
    };
    pairUp(kAtOnce, isAlike, addSame);
    const auto isAny = [](const Verdict&, const Verdict&) { return true; };
    pairUp(kAtOnce, isAny, [&](const Verdict& a, const Verdict& b) {
      if (a.priority == b.priority) return addSame(a, b);
      add(comparison, Difference::Kind::kPriorityChanged, &a, &b);
    });
    forgetUsed();
    const auto areRaises = [](const Verdict& a, const Verdict& b) {
      return a.transition == Transition::kRaised && b.transition == Transition::kRaised;
    };
    pairUp(kSameEvent, areRaises, addMoved);
    for (std::size_t i = 0; i < old_.size(); ++i) {
      if (!isOldUsed_[i]) add(comparison, Difference::Kind::kOnlyInOld, old_[i], nullptr);
    }
    for (std::size_t i = 0; i < now_.size(); ++i) {
      if (!isNowUsed_[i]) add(comparison, Difference::Kind::kOnlyInNew, nullptr, now_[i]);
    }
  }

 private:
  /// Each of the old with the first of the new of its rule that fits and is not yet taken. Both are
  /// in the order of event time, so only those at most `apart` are looked at.
  template <class Fits, class Then>
  void pairUp(Milliseconds apart, Fits fits, Then then) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < old_.size(); ++i) {
      if (isOldUsed_[i]) continue;
      while (first < now_.size() && now_[first]->at < old_[i]->at - apart) ++first;
      for (std::size_t k = first; k < now_.size(); ++k) {
        if (now_[k]->at > old_[i]->at + apart) break;
        if (isNowUsed_[k] || now_[k]->rule != old_[i]->rule || !fits(*old_[i], *now_[k])) continue;
        isOldUsed_[i] = isNowUsed_[k] = true;
        then(*old_[i], *now_[k]);
        break;
      }
    }
  }

  void forgetUsed() {
    const auto keepRest = [](std::vector<const Verdict*>& alerts, std::vector<bool>& isUsed) {
      std::vector<const Verdict*> rest;
      for (std::size_t i = 0; i < alerts.size(); ++i) {
        if (!isUsed[i]) rest.push_back(alerts[i]);
      }
      alerts = std::move(rest);
      isUsed.assign(alerts.size(), false);
    };
    keepRest(old_, isOldUsed_);
    keepRest(now_, isNowUsed_);
  }

  static void add(ReplayComparison& comparison, Difference::Kind kind, const Verdict* old,
                  const Verdict* now) {
    Difference difference{kind, std::nullopt, std::nullopt};
    if (old != nullptr) difference.old = *old;
    if (now != nullptr) difference.now = *now;
    comparison.differences.push_back(std::move(difference));
  }

  std::vector<const Verdict*> old_;
  std::vector<const Verdict*> now_;
  std::vector<bool> isOldUsed_;
  std::vector<bool> isNowUsed_;
};

UtcTime timeOf(const Difference& difference) {
  return difference.now ? difference.now->at : difference.old->at;
}

std::string_view nameOf(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::kOnlyInOld:
      return "only-in-old";
    case Difference::Kind::kOnlyInNew:
      return "only-in-new";
    case Difference::Kind::kPriorityChanged:
      return "priority-changed";
    case Difference::Kind::kMoved:
      return "moved";
  }
  return "moved";
}

/// Thousandths are enough, and exact in text.
Json perWeek(std::size_t count, Milliseconds span) {
  if (span <= Milliseconds{0}) return nullptr;
  const auto week = std::chrono::milliseconds{std::chrono::weeks{1}};
  const auto rate =
      Decimal(static_cast<std::int64_t>(count) * week.count(), 0).dividedBy({span.count(), 0}, 3);
  return rate ? Json(rate->toString()) : Json(nullptr);
}

Json figuresOf(const AlertCounts& counts, Milliseconds span) {
  Json json;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    json["P" + std::to_string(i + 1)] = {{"alerts", counts[i]},
                                         {"per_patient_week", perWeek(counts[i], span)}};
  }
  return json;
}

Json medianMinutes(std::vector<Milliseconds> leads) {
  if (leads.empty()) return nullptr;
  std::ranges::sort(leads);
  const Milliseconds middle = (leads[(leads.size() - 1) / 2] + leads[leads.size() / 2]) / 2;
  return std::chrono::duration_cast<std::chrono::minutes>(middle).count();
}

}  // namespace

ReplayComparison compare(std::span<const Verdict> old, std::span<const Verdict> now,
                         Milliseconds span) {
  ReplayComparison comparison;
  comparison.span = span;
  auto before = alertsOf(old);
  auto after = alertsOf(now);
  comparison.old = countsOf(before);
  comparison.now = countsOf(after);
  Matcher(std::move(before), std::move(after)).match(comparison);
  std::ranges::stable_sort(comparison.differences, {}, timeOf);
  return comparison;
}

std::vector<std::string> formatComparison(const ReplayComparison& comparison,
                                          const Arrivals& arrivals, Language language) {
  std::vector<std::string> lines;
  for (const Difference& difference : comparison.differences) {
    Json json;
    json["difference"] = nameOf(difference.kind);
    if (difference.old)
      json["old"] = Json::parse(formatVerdict(*difference.old, arrivals, language));
    if (difference.now)
      json["new"] = Json::parse(formatVerdict(*difference.now, arrivals, language));
    lines.push_back(json.dump());
  }
  Json figures;
  figures["summary"]["same"] = comparison.same;
  figures["summary"]["old"] = figuresOf(comparison.old, comparison.span);
  figures["summary"]["new"] = figuresOf(comparison.now, comparison.span);
  figures["summary"]["moved"] = comparison.leads.size();
  figures["summary"]["median_lead_minutes"] = medianMinutes(comparison.leads);
  lines.push_back(figures.dump());
  return lines;
}

}  // namespace vardnav::rules
