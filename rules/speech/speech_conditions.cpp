// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Speech: events, runs, absences and what joins conditions.
#include "rules/speech/speech.h"

namespace vardnav::rules {
namespace {

bool isCompound(const Condition& condition) {
  return std::holds_alternative<All>(condition.is) || std::holds_alternative<Any>(condition.is);
}

}  // namespace

std::string Speech::condition(const Condition& condition, bool isInner) const {
  const std::string text = std::visit([&](const auto& is) { return phrase(is); }, condition.is);
  return isInner && isCompound(condition) ? "(" + text + ")" : text;
}

std::string Speech::joined(const std::vector<Condition>& parts, std::string_view word) const {
  std::string text;
  for (const Condition& part : parts) {
    if (!text.empty()) text += std::string(" ").append(word).append(" ");
    text += condition(part, true);
  }
  return text;
}

std::string Speech::test(const ReadingTest& test) const {
  return "(" + std::visit([&](const auto& is) { return phrase(is); }, test) + ")";
}

std::string Speech::phrase(const MeterSays& says) const {
  std::vector<std::string> words;
  if (says.isHigh) words.emplace_back("HI");
  if (says.isLow) words.emplace_back("LO");
  if (says.isNotANumber) words.emplace_back(say("inget värde", "no value"));
  return std::string(say("mätaren visar ", "the meter shows ")) + list(words, say("eller", "or")) +
         std::string(say(" för ", " for ")) + series(says.series, Milliseconds{0});
}

std::string Speech::phrase(const Repeated& repeated) const {
  std::string text = std::string(say("minst ", "at least ")) + std::to_string(repeated.atLeast) +
                     std::string(say(" mätningar ", " readings ")) + window(repeated.window);
  if (repeated.spacing.count() != 0) {
    text += std::string(say(", med minst ", ", at least ")) + duration(repeated.spacing) +
            std::string(say(" mellan,", " apart,"));
  }
  return text + std::string(say(" uppfyller att ", " are such that ")) + test(repeated.each);
}

std::string Speech::phrase(const Consecutive& run) const {
  return std::to_string(run.count) +
         std::string(say(" mätningar i rad uppfyller att ", " readings in a row are such that ")) +
         test(run.each);
}

std::string Speech::phrase(const AbsentFor& absent) const {
  std::string text = std::string(say("ingen mätning av ", "no reading of ")) +
                     signals(absent.signals, say("eller", "or")) +
                     std::string(say(" har gjorts på ", " has come for ")) +
                     duration(absent.duration);
  if (absent.isFromTheFirst) text += say(", eller någonsin", ", or ever");
  return text;
}

std::string Speech::phrase(const MissedSlots& missed) const {
  const std::string count = std::to_string(missed.atLeast);
  if (language_ == Language::kEn) {
    return missed.atLeast == 1
               ? "at least 1 slot has passed without a reading"
               : "at least " + count + " slots in a row have passed without a reading";
  }
  return missed.atLeast == 1 ? "minst 1 mätpass har gått utan mätning"
                             : "minst " + count + " mätpass i rad har gått utan mätning";
}

std::string Speech::phrase(const PatientFact& marked) const { return fact(marked.fact); }

std::string Speech::phrase(const All& all) const { return joined(all.of, say("och", "and")); }

std::string Speech::phrase(const Any& any) const { return joined(any.of, say("eller", "or")); }

std::string Speech::phrase(const Not& part) const {
  if (const auto* marked = std::get_if<PatientFact>(&part.of.front().is)) {
    return fact(marked->fact, false);
  }
  const std::string_view opening = clause_ == Clause::kMain
                                       ? say("det gäller inte att (", "it is not so that (")
                                       : say("det inte gäller att (", "it is not so that (");
  return std::string(opening) + Speech(language_).condition(part.of.front()) + ")";
}

}  // namespace vardnav::rules
