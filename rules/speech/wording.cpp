// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <utility>

#include "rules/speech/speech.h"
#include "rules/speech/wording.h"

namespace vardnav::rules {
namespace {

using Texts = std::vector<std::string>;

constexpr int kPlaces = 2;
constexpr int kMostPlaces = 6;

std::string text(std::string_view view) { return std::string(view); }

std::string sentenceOf(std::string words) {
  if (words.starts_with("ö")) return "Ö" + words.substr(std::string_view("ö").size()) + ".";
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') {
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  }
  return words + ".";
}

std::optional<Code> signalOf(const ReadingTest& test) {
  return std::visit([](const auto& is) { return is.series.signal; }, test);
}

/// Whose newest reading a finding shows.
std::optional<Code> signalOf(const Condition& condition) {
  return std::visit(
      [](const auto& is) -> std::optional<Code> {
        if constexpr (requires { is.series; }) return is.series.signal;
        if constexpr (requires { is.each; }) return signalOf(is.each);
        return std::nullopt;
      },
      condition.is);
}

/// What one verdict rests on, in one language.
class Grounding {
 public:
  Grounding(const Grounds& grounds, Language language)
      : grounds_(grounds), speech_(language, Clause::kMain) {}

  std::string why() const {
    switch (grounds_.transition) {
      case Transition::kRaised:
      case Transition::kWorsened:
        return found() + clockFault(Truth::kTrue) + confirmation() + advice();
      case Transition::kCandidate:
        return found() + clockFault(Truth::kTrue) +
               say(" Patienten ombeds mäta igen inom 5–15 minuter.",
                   " The patient is asked to measure again within 5–15 minutes.");
      case Transition::kHeld:
        return found() + say(" Hålls inne en tid efter det förra larmet.",
                             " Held for a time after the last alert.");
      case Transition::kCleared:
        return after(newest(), say("Larmets grund har upphört.", "The alert's ground has ended."));
      case Transition::kDismissed:
        return after(newest(), say("Den andra mätningen bekräftade inte den första.",
                                   "The second measurement did not bear out the first."));
      case Transition::kWithdrawn:
        return withdrawn();
      case Transition::kUnknown:
        return say("Kan inte längre bedömas: för få, för gamla eller osäkra mätvärden.",
                   "Cannot be judged any more: readings are too few, too old or in doubt.") +
               clockFault(Truth::kUnknown);
      case Transition::kGated:
        return say("Mätningen räknas inte: ", "The reading does not count: ") + doubt() + ".";
      case Transition::kReminder:
        return reminder();
      case Transition::kPaused:
        return say("Regeln är pausad.", "The rule is paused.");
      case Transition::kResumed:
        break;
    }
    return say("Pausen är slut.", "The pause is over.");
  }

 private:
  std::string say(std::string_view sv, std::string_view en) const {
    return text(speech_.say(sv, en));
  }

  const Finding* findingOf(const Condition& condition) const {
    const auto finding = std::ranges::find(grounds_.findings, &condition, &Finding::condition);
    return finding == grounds_.findings.end() ? nullptr : &*finding;
  }

  /// What holds of the level's conditions, each a sentence.
  std::string found() const {
    if (grounds_.level == nullptr) return newest();
    Texts sentences;
    collect(grounds_.level->when, sentences);
    if (sentences.empty()) sentences.push_back(sentenceOf(speech_.condition(grounds_.level->when)));
    return joined(sentences);
  }

  /// The newest values, of whatever they were asked.
  std::string newest() const {
    Texts sentences;
    for (const Finding& finding : grounds_.findings) {
      const auto signal = signalOf(*finding.condition);
      if (!signal || !finding.value) continue;
      std::string sentence = sentenceOf(speech_.signal(*signal) + is() +
                                        speech_.value(*finding.value, finding.unit, *signal));
      add(sentences, std::move(sentence));
    }
    return joined(sentences);
  }

  void collect(const Condition& condition, Texts& sentences) const {
    if (const auto* all = std::get_if<All>(&condition.is)) return collectAll(all->of, sentences);
    if (const auto* any = std::get_if<Any>(&condition.is)) return collectAll(any->of, sentences);
    const Finding* finding = findingOf(condition);
    if (finding == nullptr || finding->truth != Truth::kTrue) return;
    add(sentences,
        sentenceOf(std::visit([&](const auto& of) { return leaf(of, *finding); }, condition.is)));
  }

  void collectAll(const std::vector<Condition>& parts, Texts& sentences) const {
    for (const Condition& part : parts) collect(part, sentences);
  }

  std::string leaf(const Compare& compare, const Finding& finding) const {
    Compare asked = compare;
    asked.maximumAge = Milliseconds{0};
    if (Speech::asksYes(asked)) return speech_.condition({asked});
    if (finding.limit) asked.limits = {*finding.limit};
    return speech_.subject(compare.series, compare.measure, Milliseconds{0}) +
           measured(compare.measure, finding) + " – " + speech_.limit(asked) + against(finding);
  }

  std::string leaf(const Band& band, const Finding& finding) const {
    return speech_.subject(band.series, band.measure, Milliseconds{0}) +
           measured(band.measure, finding) + " – " +
           (band.isInside ? "" : say("utanför ", "outside ")) + speech_.limit(band) +
           against(finding);
  }

  std::string leaf(const Repeated& repeated, const Finding& finding) const {
    return counted({repeated}, finding);
  }
  std::string leaf(const Consecutive& run, const Finding& finding) const {
    return counted({run}, finding);
  }
  std::string leaf(const MissedSlots& missed, const Finding& finding) const {
    return counted({missed}, finding);
  }
  template <class Other>
  std::string leaf(const Other& other, const Finding&) const {
    return speech_.condition({other});
  }

  std::string counted(const Condition& condition, const Finding& finding) const {
    std::string said = speech_.condition(condition);
    if (finding.held) said += say(": det var ", ": it was ") + std::to_string(*finding.held);
    return said;
  }

  std::string measured(const Measure& measure, const Finding& finding) const {
    if (std::holds_alternative<NewestValue>(measure)) {
      return finding.value ? is() + speech_.value(*finding.value, finding.unit) : std::string();
    }
    if (!finding.measured) return {};
    const bool isDistance = std::holds_alternative<DifferenceFrom>(measure);
    const Quantity shown = rounded(*finding.measured, finding.limit);
    return is() + (isDistance ? speech_.distance(shown) : speech_.quantity(shown));
  }

  /// " (82,3 kg mot 80,0 kg den 2026-11-22)", of what a measure is made of.
  std::string against(const Finding& finding) const {
    if (!finding.against) return {};
    std::string said = " (";
    if (finding.value) {
      said += speech_.value(*finding.value, finding.unit) + say(" mot ", " against ");
    } else {
      said += say("mot ", "against ");
    }
    said += speech_.quantity(rounded(*finding.against));
    if (finding.againstAt) {
      said += say(" den ", " of ") + toIso(toStockholm(*finding.againstAt)).substr(0, 10);
    }
    return said + ")";
  }

  /// For showing: few decimals, but on the same side of the limit as what was found.
  static Quantity rounded(const Quantity& found, const std::optional<Quantity>& limit = {}) {
    for (int places = kPlaces; places < kMostPlaces; ++places) {
      const auto shorter = found.value.rounded(places);
      if (found.value.exponent() >= -places || !shorter) break;
      const bool isOneUnit = limit && limit->unit == found.unit;
      if (!isOneUnit || (*shorter <=> limit->value) == (found.value <=> limit->value)) {
        return {*shorter, found.unit};
      }
    }
    return found;
  }

  /// Of conditions that are so, where one rests on a reading whose time is not known.
  std::string clockFault(Truth truth) const {
    const auto isDoubtful = [&](const Finding& finding) {
      return finding.truth == truth && !finding.isTimeKnown;
    };
    if (std::ranges::none_of(grounds_.findings, isDoubtful)) return {};
    return say(" Mätarens klocka gick fel: tiden är den då värdet kom.",
               " The meter's clock was wrong: the time is that of receipt.");
  }

  std::string confirmation() const {
    switch (grounds_.second) {
      case Second::kNotAsked:
        break;
      case Second::kAgreed:
        return say(" Bekräftat av en andra mätning.", " Confirmed by a second measurement.");
      case Second::kNone:
        return say(" Obekräftat: ingen andra mätning efter 5–15 minuter.",
                   " Unconfirmed: no second measurement after 5–15 minutes.");
      case Second::kImpossible:
        return say(" Obekräftat: patienten kunde inte ombes mäta igen.",
                   " Unconfirmed: the patient could not be asked to measure again.");
      case Second::kTooEarly:
        return say(" Obekräftat: så allvarligt att en andra mätning inte inväntas.",
                   " Unconfirmed: too serious to wait for a second measurement.");
      case Second::kNotAwaited:
        return say(" Obekräftat: patienten är andfådd i vila, så en andra mätning inväntas inte.",
                   " Unconfirmed: the patient is breathless at rest, so a second measurement is "
                   "not awaited.");
    }
    return {};
  }

  std::string withdrawn() const {
    const std::string because = say("Sena eller rättade mätvärden har tagit bort grunden för ",
                                    "Late or corrected readings have removed the ground of ");
    switch (grounds_.withdraws.value_or(Transition::kRaised)) {
      case Transition::kWorsened:
        return because + say("att larmet höjdes.", "the worsening.");
      case Transition::kCleared:
        return because + say("att larmet upphörde: det står kvar.", "the clear: the alert stands.");
      case Transition::kCandidate:
        return because + say("ommätningen: den behövs inte längre.",
                             "the second measurement: it is no longer needed.");
      default:
        return because + say("larmet.", "the alert.");
    }
  }

  std::string advice() const {
    if (grounds_.level == nullptr) return {};
    const Text& clinician = grounds_.level->clinician;
    const std::string_view said = speech_.say(clinician.sv, clinician.en);
    return said.empty() ? std::string() : " " + text(said);
  }

  std::string doubt() const {
    if (!grounds_.doubt) return say("den är osäker", "it is in doubt");
    return doubt(grounds_.doubt->flag) + " (" + text(nameOf(grounds_.doubt->flag)) + ")";
  }

  std::string doubt(Flag flag) const {
    switch (flag) {
      case Flag::kControlSolution:
        return say("kontrollösning", "control solution");
      case Flag::kBadBlow:
        return say("misslyckat blås", "a bad blow");
      case Flag::kPersonOther:
        return say("en annan person", "another person");
      case Flag::kPersonUnconfirmed:
        return say("det är inte bekräftat vem som mätte", "it is not confirmed who measured");
      case Flag::kClockFault:
        return say("apparatens klocka går fel", "the device's clock is wrong");
      case Flag::kSuspectedRepeat:
        return say("trolig upprepning", "a suspected repeat");
      case Flag::kQuestionable:
        return say("apparaten är osäker", "the device doubts it");
      case Flag::kManual:
        break;
    }
    return say("införd för hand", "entered by hand");
  }

  std::string reminder() const {
    if (grounds_.rule == nullptr || !grounds_.rule->schedule) {
      return say("Dags att mäta.", "Time to measure.");
    }
    const Text& reminder = grounds_.rule->schedule->reminder;
    return text(speech_.say(reminder.sv, reminder.en));
  }

  std::string is() const { return say(" är ", " is "); }

  static std::string after(const std::string& first, const std::string& second) {
    return first.empty() ? second : first + " " + second;
  }

  static void add(Texts& sentences, std::string sentence) {
    if (std::ranges::find(sentences, sentence) == sentences.end()) {
      sentences.push_back(std::move(sentence));
    }
  }

  static std::string joined(const Texts& sentences) {
    std::string all;
    for (const std::string& sentence : sentences) all += (all.empty() ? "" : " ") + sentence;
    return all;
  }

  const Grounds& grounds_;
  Speech speech_;
};

}  // namespace

Text why(const Grounds& grounds) {
  return {Grounding(grounds, Language::kSv).why(), Grounding(grounds, Language::kEn).why()};
}

}  // namespace vardnav::rules
