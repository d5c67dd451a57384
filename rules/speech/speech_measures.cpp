// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Speech: series, windows, baselines, measures and their limits.
#include <algorithm>
#include <array>

#include "rules/speech/speech.h"

namespace vardnav::rules {
namespace {

using Texts = std::vector<std::string>;

Decimal magnitude(const Decimal& number) {
  return number < Decimal(0, 0) ? Decimal(-number.mantissa(), number.exponent()) : number;
}

Comparison mirrored(Comparison is) {
  switch (is) {
    case Comparison::kBelow:
      return Comparison::kAbove;
    case Comparison::kAtMost:
      return Comparison::kAtLeast;
    case Comparison::kAbove:
      return Comparison::kBelow;
    case Comparison::kAtLeast:
      break;
  }
  return Comparison::kAtMost;
}

bool isDistance(const Measure& measure) {
  if (const auto* rise = std::get_if<Rise>(&measure)) return !rise->isPercent;
  if (const auto* fall = std::get_if<Fall>(&measure)) return !fall->isPercent;
  return std::holds_alternative<DifferenceFrom>(measure) ||
         std::holds_alternative<Slope>(measure) ||
         std::holds_alternative<MovingAverageDrift>(measure) ||
         std::holds_alternative<EwmaDrift>(measure);
}

std::string_view compared(const Speech& speech, Comparison is) {
  switch (is) {
    case Comparison::kBelow:
      return speech.say("under", "below");
    case Comparison::kAtMost:
      return speech.say("högst", "at most");
    case Comparison::kAbove:
      return speech.say("över", "above");
    case Comparison::kAtLeast:
      break;
  }
  return speech.say("minst", "at least");
}

std::string_view byHowMuch(const Speech& speech, Comparison is) {
  switch (is) {
    case Comparison::kBelow:
      return speech.say("mindre än", "less than");
    case Comparison::kAbove:
      return speech.say("mer än", "more than");
    default:
      return compared(speech, is);
  }
}

std::string count(const Speech& speech, std::uint16_t count) {
  return std::to_string(count) + std::string(count == 1 ? speech.say(" mätning", " reading")
                                                        : speech.say(" mätningar", " readings"));
}

}  // namespace

std::string Speech::series(const Series& series, Milliseconds maximumAge) const {
  static constexpr std::array<std::array<std::string_view, 2>, 5> kPicks = {
      {{"mätningar", "readings"},
       {"dygnets första mätning", "the day's first reading"},
       {"dygnets sista mätning", "the day's last reading"},
       {"dygnets lägsta mätning", "the day's lowest reading"},
       {"dygnets högsta mätning", "the day's highest reading"}}};
  const bool hasPart = !(series.part == DayPart{});
  Texts parts;
  if (hasPart || series.pick != Pick::kEvery) {
    const auto& words = kPicks.at(static_cast<std::size_t>(series.pick));
    std::string text(say(words[0], words[1]));
    if (hasPart) {
      const std::string from = timeOfDay(series.part.from);
      const std::string until = timeOfDay(series.part.until);
      if (series.part.from.count() == 0) {
        text += std::string(say(" före kl. ", " before ")) + until;
      } else {
        text += std::string(say(" kl. ", " from ")) + from + "–" + until;
      }
    }
    parts.push_back(std::move(text));
  }
  if (series.session.count() != 0) {
    parts.push_back(std::string(say("bästa blåset inom ", "the best blow within ")) +
                    duration(series.session));
  }
  if (maximumAge.count() != 0) {
    parts.push_back(std::string(say("inte äldre än ", "not older than ")) + duration(maximumAge));
  }
  std::string text = signal(series.signal);
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? " (" : ", ") + parts[i];
  return parts.empty() ? text : text + ")";
}

std::string Speech::window(const Window& window) const {
  Texts bounds;
  if (window.elapsed.count() != 0) {
    bounds.push_back(lastFor(window.elapsed));
  }
  if (window.localDays != 0) {
    const std::string days = std::to_string(window.localDays);
    bounds.push_back(
        window.localDays == 1
            ? std::string(say("under innevarande kalenderdygn", "in this calendar day"))
            : std::string(say("under de senaste ", "in the last ")) + days +
                  std::string(say(" kalenderdygnen", " calendar days")));
  }
  if (window.count != 0) {
    bounds.push_back(std::string(say("bland de senaste ", "among the last ")) +
                     std::to_string(window.count) + std::string(say(" mätningarna", " readings")));
  }
  std::string text;
  for (const std::string& bound : bounds) text += (text.empty() ? "" : ", ") + bound;
  return text;
}

std::string Speech::atLeastReadings(std::uint16_t least) const {
  return std::string(say(" (minst ", " (at least ")) + count(*this, least) + ")";
}

std::string Speech::statistic(Statistic statistic) const {
  switch (statistic) {
    case Statistic::kMean:
      return std::string(say("medelvärdet", "the mean"));
    case Statistic::kMedian:
      return std::string(say("medianen", "the median"));
    case Statistic::kLowest:
      return std::string(say("det lägsta värdet", "the lowest value"));
    case Statistic::kHighest:
      break;
  }
  return std::string(say("det högsta värdet", "the highest value"));
}

std::string Speech::baseline(const RollingBaseline& baseline, Statistic statistic) const {
  std::string text = this->statistic(statistic) + " " + window(baseline.window);
  text += say(" utan ", " without ");
  if (baseline.leaveOutNewest == 1) {
    text += say("den nyaste mätningen", "the newest reading");
  } else {
    text += std::string(say("de ", "the ")) + std::to_string(baseline.leaveOutNewest) +
            std::string(say(" nyaste mätningarna", " newest readings"));
  }
  if (baseline.leaveOutDays != 0) {
    text += std::string(say(" och utan de ", " and without the ")) +
            std::to_string(baseline.leaveOutDays) +
            std::string(say(" nyaste kalenderdygnen", " newest calendar days"));
  }
  return text + atLeastReadings(baseline.minimumCount);
}

std::string Speech::baseline(const Baseline& baseline) const {
  if (const auto* prescribed = std::get_if<PrescribedBaseline>(&baseline)) {
    return this->prescribed(prescribed->name);
  }
  const auto& rolling = std::get<RollingBaseline>(baseline);
  return this->baseline(rolling, rolling.statistic);
}

struct Speech::Subject {
  const Speech& speech;
  const std::string series;

  std::string say(std::string_view sv, std::string_view en) const {
    return std::string(speech.say(sv, en));
  }

  std::string operator()(const NewestValue&) const { return series; }
  std::string operator()(const Rise& rise) const {
    return (rise.isPercent ? say("den procentuella ökningen av ", "the rise in percent of ")
                           : say("ökningen av ", "the rise of ")) +
           series + say(" från den lägsta andra mätningen ", " from the lowest other reading ") +
           speech.window(rise.window);
  }
  std::string operator()(const Fall& fall) const {
    return (fall.isPercent ? say("den procentuella minskningen av ", "the fall in percent of ")
                           : say("minskningen av ", "the fall of ")) +
           series + say(" från den högsta andra mätningen ", " from the highest other reading ") +
           speech.window(fall.window);
  }
  std::string operator()(const WindowStatistic& of) const {
    return speech.statistic(of.statistic) + say(" av ", " of ") + series + " " +
           speech.window(of.window) + speech.atLeastReadings(of.minimumCount);
  }
  std::string operator()(const PercentOf& share) const {
    return series + say(" i procent av ", " in percent of ") + speech.baseline(share.baseline);
  }
  std::string operator()(const DifferenceFrom& difference) const {
    return say("skillnaden mellan ", "the difference between ") + series + say(" och ", " and ") +
           speech.baseline(difference.baseline);
  }
  std::string operator()(const ZScore& score) const {
    return say("z-värdet för ", "the z-score of ") + series + say(" mot ", " against ") +
           speech.baseline(score.baseline, Statistic::kMean);
  }
  std::string operator()(const Slope& slope) const {
    return say("trenden (Theil–Sen) per ", "the trend (Theil–Sen) per ") +
           speech.duration(slope.per) + say(" för ", " of ") + series + " " +
           speech.window(slope.window) + speech.atLeastReadings(slope.minimumCount);
  }
  std::string operator()(const MovingAverageDrift& drift) const {
    return say("skillnaden mellan medelvärdena av de senaste ",
               "the difference between the means of the last ") +
           std::to_string(drift.shortCount) + say(" och de senaste ", " and the last ") +
           std::to_string(drift.longCount) + say(" mätningarna av ", " readings of ") + series +
           " " + speech.window(drift.window);
  }
  std::string operator()(const EwmaDrift& drift) const {
    return say("skillnaden mellan det exponentiella medelvärdet (vikt ",
               "the difference between the exponentially weighted mean (weight ") +
           speech.number(drift.weight) + say(") och medelvärdet av ", ") and the mean of ") +
           series + " " + speech.window(drift.window) + speech.atLeastReadings(drift.minimumCount);
  }
};

std::string Speech::subject(const Series& series, const Measure& measure,
                            Milliseconds maximumAge) const {
  return std::visit(Subject{*this, this->series(series, maximumAge)}, measure);
}

std::string Speech::quantities(const std::vector<Quantity>& limits, const Measure& measure) const {
  const bool isScore = std::holds_alternative<ZScore>(measure);
  Texts texts;
  for (const Quantity& limit : limits) {
    texts.push_back(isDistance(measure) ? distance(limit) : quantity(limit));
    if (isScore) texts.back() += say(" standardavvikelser", " standard deviations");
  }
  // The clinician's unit first.
  const auto shown = std::ranges::find(limits, Unit::kMillimolePerLitre, &Quantity::unit);
  if (shown != limits.end()) {
    const auto first = texts.begin() + (shown - limits.begin());
    std::rotate(texts.begin(), first, first + 1);
  }
  std::string text = texts.empty() ? std::string() : texts.front();
  for (std::size_t i = 1; i < texts.size(); ++i) text += (i == 1 ? " (" : "; ") + texts[i];
  return texts.size() > 1 ? text + ")" : text;
}

std::string Speech::limit(const Compare& compare) const {
  return std::string(compared(*this, compare.is)) + " " +
         quantities(compare.limits, compare.measure);
}

std::string Speech::limit(const Band& band) const {
  const auto low = band.isLowInside ? Comparison::kAtLeast : Comparison::kAbove;
  const auto high = band.isHighInside ? Comparison::kAtMost : Comparison::kBelow;
  return std::string(compared(*this, low)) + " " + quantities(band.low, band.measure) +
         std::string(say(" men ", " but ")) + std::string(compared(*this, high)) + " " +
         quantities(band.high, band.measure);
}

/// "mer än 2 standardavvikelser under medelvärdet …"; empty where the signs differ.
std::string Speech::from(const Compare& compare, const std::string& base) const {
  const auto isNegative = [](const Quantity& limit) { return limit.value < Decimal(0, 0); };
  const bool isUnder = std::ranges::all_of(compare.limits, isNegative);
  if (!isUnder && std::ranges::any_of(compare.limits, isNegative)) return {};
  std::vector<Quantity> limits = compare.limits;
  for (Quantity& limit : limits) limit.value = magnitude(limit.value);
  const Comparison is = isUnder ? mirrored(compare.is) : compare.is;
  return std::string(byHowMuch(*this, is)) + " " + quantities(limits, compare.measure) +
         std::string(isUnder ? say(" under ", " below ") : say(" över ", " above ")) + base;
}

bool Speech::asksYes(const Compare& compare) {
  return compare.series.signal >= Code::kBreathless &&
         std::holds_alternative<NewestValue>(compare.measure) &&
         compare.is == Comparison::kAtLeast && compare.limits.size() == 1 &&
         compare.limits.front().unit == Unit::kOne && compare.limits.front().value == Decimal(1, 0);
}

std::string Speech::phrase(const Compare& compare) const {
  const std::string who = series(compare.series, compare.maximumAge);
  const std::string is(say(" är ", " is "));
  std::string relation;
  if (const auto* share = std::get_if<PercentOf>(&compare.measure)) {
    return who + is + limit(compare) + std::string(say(" av ", " of ")) + baseline(share->baseline);
  }
  if (const auto* difference = std::get_if<DifferenceFrom>(&compare.measure)) {
    relation = from(compare, baseline(difference->baseline));
  } else if (const auto* score = std::get_if<ZScore>(&compare.measure)) {
    relation = from(compare, baseline(score->baseline, Statistic::kMean));
  }
  if (!relation.empty()) return who + is + relation;
  if (asksYes(compare)) return who + is + std::string(say("ja", "yes"));
  return subject(compare.series, compare.measure, compare.maximumAge) + is + limit(compare);
}

std::string Speech::phrase(const Band& band) const {
  return subject(band.series, band.measure, band.maximumAge) +
         std::string(band.isInside ? say(" är ", " is ")
                                   : say(" ligger utanför ", " is outside ")) +
         limit(band);
}

}  // namespace vardnav::rules
