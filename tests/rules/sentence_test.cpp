// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/speech/sentence.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/Log.h>

#include <cstdlib>
#include <map>

#include "rules/document/document.h"
#include "rules/speech/speech.h"
#include "tests/rules/documents.h"

namespace vardnav::rules {
namespace {

Text said(const std::string& name) { return sentence(compile(templateText(name)).value()); }

TEST(Sentence, IsSwedishAndEnglish) {
  EXPECT_EQ(said("glucose-above-range").sv,
            "För diabetes: P1 om mätaren visar HI för blodsockret, utan ommätning; upphör när "
            "blodsockret är högst 13,9 mmol/L (250 mg/dL); kan varken stängas av eller pausas.");
  EXPECT_EQ(said("glucose-above-range").en,
            "For diabetes: P1 if the meter shows HI for glucose, without a second measurement; "
            "clears when glucose is at most 13.9 mmol/L (250 mg/dL); can be neither switched off "
            "nor paused.");
  EXPECT_EQ(said("weight-loss").sv,
            "För hjärtsvikt: P2 om minskningen av vikten (dygnets första mätning före kl. 12.00) "
            "från den högsta andra mätningen under de senaste 72 timmarna är över 2 kg, utan "
            "ommätning; upphör när ingen nivå skulle gälla ens med gränserna 0,5 kg närmare det "
            "normala (gränserna är då: över 1,5 kg).");
  EXPECT_EQ(
      said("fev1-week").en,
      "For COPD: P2 if 2 readings in a row are such that (FEV1 is more than 1.645 standard "
      "deviations below the mean in the last 7 × 24 hours without the newest reading (at "
      "least 5 readings)), without a second measurement; P3 if FEV1 is more than 1.645 "
      "standard deviations below the mean in the last 7 × 24 hours without the newest "
      "reading (at least 5 readings), without a second measurement; clears when no level "
      "would hold even with its limits 0.645 standard deviations nearer to normal (the limits "
      "then are: below −1.000 standard deviations).");
  EXPECT_EQ(said("spo2-hypercapnia").sv,
            "För KOL, bara om den nedre gränsen för patientens målområde är ordinerad och "
            "patienten har bekräftad hyperkapnisk svikt: P1 om syremättnaden är under 84 %, efter "
            "ommätning inom 5–15 minuter, eller obekräftat efter 15 minuter utan; P2 om "
            "syremättnaden är under 86 %, efter ommätning inom 5–15 minuter, eller obekräftat "
            "efter 15 minuter utan; upphör när ingen nivå skulle gälla ens med gränserna 2 "
            "procentenheter närmare det normala (gränserna är då: under 88 % och under 86 %).");
  EXPECT_EQ(said("glucose-unconfirmed").sv,
            "För diabetes, bara för mätningar av en obekräftad person: P2 om blodsockret är under "
            "3,0 mmol/L (54 mg/dL) eller mätaren visar HI för blodsockret, utan ommätning; varje "
            "sådan mätning larmar för sig, och ingen avslutar larmet; kan varken stängas av eller "
            "pausas.");
  EXPECT_NE(said("spo2-ordinary").sv.find("P1 om patienten inte har bekräftad"), std::string::npos);
}

TEST(Sentence, PutsNotWhereSwedishHasIt) {
  const Speech main(Language::kSv, Clause::kMain);
  const Speech subordinate(Language::kSv);
  EXPECT_EQ(main.fact(Fact::kOnOxygen, false), "patienten har inte syrgas");
  EXPECT_EQ(subordinate.fact(Fact::kOnOxygen, false), "patienten inte har syrgas");
  EXPECT_EQ(main.fact(Fact::kUnawareOfHypoglycaemia), "patienten känner inte av lågt blodsocker");
  EXPECT_EQ(main.fact(Fact::kInsulinOrSulphonylurea, false),
            "patienten behandlas varken med insulin eller sulfonureid");
  EXPECT_EQ(main.fact(Fact::kOnOxygen), "patienten har syrgas");
  const Condition none{Not{{{PatientFact{Fact::kOnOxygen}}}}};
  EXPECT_EQ(subordinate.condition(none), "patienten inte har syrgas");
}

TEST(Sentence, OfEveryTemplateIsItsOwn) {
  std::map<std::string, std::string> seen;
  for (const std::string& name : templateNames()) {
    const Text text = said(name);
    EXPECT_TRUE(seen.emplace(text.sv, name).second) << name << " and " << seen[text.sv];
    EXPECT_TRUE(seen.emplace(text.en, name).second) << name << " and " << seen[text.en];
  }
}

/// A rule made of a tape of choices: one choice changed is one thing changed.
class Tape {
 public:
  explicit Tape(const std::vector<std::uint8_t>& choices) : choices_(choices) {}

  unsigned next(unsigned options) {
    return next_ < choices_.size() ? choices_[next_++] % options : 0;
  }
  bool coin() { return next(2) == 1; }
  std::uint16_t few() { return static_cast<std::uint16_t>(1 + next(3)); }
  Milliseconds duration() {
    static constexpr std::array kMinutes = {1, 60, 90, 1440, 4320, 7200, 10080};
    return std::chrono::minutes{kMinutes[next(kMinutes.size())]};
  }
  Milliseconds maybeDuration() { return coin() ? duration() : Milliseconds{0}; }
  std::chrono::minutes time() { return std::chrono::minutes{next(4) * 365}; }

 private:
  const std::vector<std::uint8_t>& choices_;
  std::size_t next_ = 0;
};

Window windowFrom(Tape& tape) {
  Window window;
  if (tape.coin()) window.elapsed = tape.duration();
  if (tape.coin()) window.localDays = tape.few();
  if (tape.coin() || window == Window{}) window.count = static_cast<std::uint16_t>(1 + tape.few());
  return window;
}

Series seriesFrom(Tape& tape) {
  Series series;
  series.signal = static_cast<Code>(tape.next(18));
  if (tape.coin()) series.part = {tape.time(), tape.time() + std::chrono::hours{20}};
  series.pick = static_cast<Pick>(tape.next(5));
  if (tape.coin()) series.session = std::chrono::minutes{tape.few() * 10};
  return series;
}

RollingBaseline rollingFrom(Tape& tape) {
  return {static_cast<Statistic>(tape.next(4)), windowFrom(tape), tape.few(),
          static_cast<std::uint16_t>(tape.next(3)), tape.few()};
}

Baseline baselineFrom(Tape& tape) {
  if (tape.coin()) return PrescribedBaseline{tape.coin() ? "best" : "dry-weight"};
  return rollingFrom(tape);
}

Measure measureFrom(Tape& tape) {
  switch (tape.next(10)) {
    case 0:
      return Rise{windowFrom(tape), tape.coin()};
    case 1:
      return Fall{windowFrom(tape), tape.coin()};
    case 2:
      return WindowStatistic{static_cast<Statistic>(tape.next(4)), windowFrom(tape), tape.few()};
    case 3:
      return PercentOf{baselineFrom(tape)};
    case 4:
      return DifferenceFrom{baselineFrom(tape)};
    case 5: {
      ZScore score{rollingFrom(tape)};
      score.baseline.statistic = Statistic::kMean;
      return score;
    }
    case 6:
      return Slope{windowFrom(tape), tape.duration(), tape.few()};
    case 7:
      return MovingAverageDrift{windowFrom(tape), tape.few(),
                                static_cast<std::uint16_t>(tape.few() + 3)};
    case 8:
      return EwmaDrift{windowFrom(tape), Decimal(tape.few(), -1), tape.few()};
    default:
      return NewestValue{};
  }
}

Quantity quantityFrom(Tape& tape, Unit unit) {
  static constexpr std::array kNumbers = {Decimal(1, 0),   Decimal(-1, 0), Decimal(2, 0),
                                          Decimal(15, -1), Decimal(0, 0),  Decimal(-15, -1)};
  return {kNumbers[tape.next(kNumbers.size())], unit};
}

std::vector<Quantity> limitsFrom(Tape& tape, Code code) {
  if (code == Code::kGlucose) {
    return {quantityFrom(tape, Unit::kMilligramPerDecilitre),
            quantityFrom(tape, Unit::kMillimolePerLitre)};
  }
  return {quantityFrom(tape, static_cast<Unit>(tape.next(13)))};
}

ReadingTest testFrom(Tape& tape) {
  const Series series = seriesFrom(tape);
  switch (tape.next(4)) {
    case 0: {
      const bool isHigh = tape.coin();
      const bool isLow = tape.coin();
      return MeterSays{series, isHigh, isLow, tape.coin() || (!isHigh && !isLow)};
    }
    case 1: {
      Band band{series, measureFrom(tape), tape.coin(), {},
                {},     tape.coin(),       tape.coin(), tape.maybeDuration()};
      band.low = limitsFrom(tape, series.signal);
      band.high = limitsFrom(tape, series.signal);
      return band;
    }
    default:
      return Compare{series, measureFrom(tape), static_cast<Comparison>(tape.next(4)),
                     limitsFrom(tape, series.signal), tape.maybeDuration()};
  }
}

std::vector<Code> codesFrom(Tape& tape) {
  std::vector<Code> codes = {static_cast<Code>(tape.next(4))};
  if (tape.coin()) codes.push_back(static_cast<Code>(4 + tape.next(4)));
  if (tape.coin()) codes.push_back(static_cast<Code>(8 + tape.next(4)));
  return codes;
}

Condition conditionFrom(Tape& tape, int depth) {
  switch (tape.next(depth > 0 ? 9 : 6)) {
    case 0:
      return {Repeated{testFrom(tape), tape.few(), windowFrom(tape), tape.maybeDuration()}};
    case 1:
      return {Consecutive{testFrom(tape), static_cast<std::uint16_t>(1 + tape.few())}};
    case 2:
      return {AbsentFor{codesFrom(tape), tape.duration(), tape.coin()}};
    case 3:
      return {MissedSlots{tape.few()}};
    case 4:
      return {PatientFact{static_cast<Fact>(tape.next(5))}};
    case 6:
    case 7: {
      std::vector<Condition> parts;
      const bool isAll = tape.coin();
      const unsigned size = 2 + tape.next(2);
      for (unsigned i = 0; i < size; ++i) parts.push_back(conditionFrom(tape, depth - 1));
      if (isAll) return {All{std::move(parts)}};
      return {Any{std::move(parts)}};
    }
    case 8:
      return {Not{{conditionFrom(tape, depth - 1)}}};
    default:
      return std::visit([](auto test) { return Condition{std::move(test)}; }, testFrom(tape));
  }
}

Schedule scheduleFrom(Tape& tape) {
  Schedule schedule;
  schedule.signals = codesFrom(tape);
  const unsigned slots = tape.few();
  for (unsigned i = 0; i < slots; ++i) schedule.slots.push_back({tape.time(), tape.time()});
  schedule.weekdays = 1 + tape.next(127);
  schedule.grace = tape.maybeDuration();
  return schedule;
}

Rule ruleFrom(const std::vector<std::uint8_t>& choices) {
  Tape tape(choices);
  static constexpr std::array kConditions = {"copd", "diabetes", "heart-failure", "own"};
  Rule rule;
  rule.condition = ConditionId(kConditions[tape.next(kConditions.size())]);
  rule.isFloor = tape.coin();
  if (tape.coin()) rule.needs.emplace_back(tape.coin() ? "spo2-target" : "best");
  if (tape.coin()) rule.needsFacts.push_back(static_cast<Fact>(tape.next(5)));
  rule.audience = static_cast<Audience>(tape.next(2));
  rule.coolDown = tape.maybeDuration();
  const unsigned levels = tape.few();
  for (unsigned i = 0; i < levels; ++i) {
    Level level;
    level.priority = static_cast<Priority>(i + 1);
    level.when = conditionFrom(tape, 2);
    level.isGated = tape.coin();
    level.persistence = tape.maybeDuration();
    rule.levels.push_back(std::move(level));
  }
  if (tape.coin()) rule.clear.when = conditionFrom(tape, 2);
  if (tape.coin()) rule.schedule = scheduleFrom(tape);
  return rule;
}

bool isSame(const Schedule& a, const Schedule& b) {
  return a.signals == b.signals && a.slots == b.slots && a.weekdays == b.weekdays &&
         a.grace == b.grace;
}

/// Judges alike; texts for people are not looked at.
bool isSame(const Rule& a, const Rule& b) {
  const auto isLevel = [](const Level& one, const Level& two) {
    return one.priority == two.priority && one.when == two.when && one.isGated == two.isGated &&
           one.persistence == two.persistence;
  };
  return a.condition == b.condition && a.isFloor == b.isFloor && a.needs == b.needs &&
         a.needsFacts == b.needsFacts && a.audience == b.audience && a.coolDown == b.coolDown &&
         std::ranges::equal(a.levels, b.levels, isLevel) && a.clear.when == b.clear.when &&
         a.schedule.has_value() == b.schedule.has_value() &&
         (!a.schedule || isSame(*a.schedule, *b.schedule));
}

TEST(Sentence, OfTwoRulesThatDifferInOneThingDiffers) {
  setenv("RC_PARAMS", "max_success=5000 max_size=120", 0);
  const bool holds = rc::check("one choice changed", [](const std::vector<std::uint8_t>& tape,
                                                        std::uint16_t place, std::uint8_t choice) {
    RC_PRE(!tape.empty());
    std::vector<std::uint8_t> changed = tape;
    changed[place % tape.size()] = choice;
    const Rule one = ruleFrom(tape);
    const Rule other = ruleFrom(changed);
    const Text a = sentence(one);
    const Text b = sentence(other);
    RC_LOG() << a.en << "\n" << b.en << "\n";
    if (a.sv == b.sv || a.en == b.en) RC_ASSERT(isSame(one, other));
  });
  EXPECT_TRUE(holds);
}

TEST(Sentence, OfRulesMadeOfEveryChoiceIsUnique) {
  // Every choice at every place of some tapes, all held against all.
  std::map<std::string, Rule> seen;
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::vector<std::uint8_t> tape;
    unsigned state = seed * 2654435761U + 1;
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525U + 1013904223U;
      tape.push_back(static_cast<std::uint8_t>(state >> 24U));
    }
    for (std::size_t place = 0; place < tape.size(); ++place) {
      for (std::uint8_t choice = 0; choice < 18; ++choice) {
        std::vector<std::uint8_t> changed = tape;
        changed[place] = choice;
        Rule rule = ruleFrom(changed);
        const Text text = sentence(rule);
        for (const std::string& language : {text.sv, text.en}) {
          const auto [other, isNew] = seen.emplace(language, rule);
          ASSERT_TRUE(isNew || isSame(rule, other->second)) << language;
        }
      }
    }
  }
}

}  // namespace
}  // namespace vardnav::rules
