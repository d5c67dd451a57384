// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/speech/sentence.h"

#include <algorithm>
#include <array>

#include "rules/speech/speech.h"

namespace vardnav::rules {
namespace {

using Texts = std::vector<std::string>;

std::string text(std::string_view view) { return std::string(view); }

/// Ids hold neither capitals, spaces nor letters with marks: no other id reads like these.
std::string conditionText(const ConditionId& condition, const Speech& speech) {
  if (condition.value == "copd") return text(speech.say("KOL", "COPD"));
  if (condition.value == "heart-failure") return text(speech.say("hjärtsvikt", "heart failure"));
  if (condition.value == "hypertension") {
    return text(speech.say("högt blodtryck", "high blood pressure"));
  }
  if (condition.value == "vital-signs") return text(speech.say("vitala värden", "vital signs"));
  if (condition.value == "monitoring") {
    return text(speech.say("mätning i hemmet", "home monitoring"));
  }
  return condition.value;
}

std::string opening(const Rule& rule, const Speech& speech) {
  std::string said = text(speech.say("För ", "For ")) + conditionText(rule.condition, speech);
  if (rule.audience == Audience::kUnconfirmed) {
    said += speech.say(", bara för mätningar av en obekräftad person",
                       ", only for readings of an unconfirmed person");
  }
  Texts needs;
  for (const std::string& name : rule.needs) {
    needs.push_back(speech.prescribed(name) + text(speech.say(" är ordinerad", " is prescribed")));
  }
  for (const Fact fact : rule.needsFacts) needs.push_back(speech.fact(fact));
  if (!needs.empty()) {
    said +=
        text(speech.say(", bara om ", ", only if ")) + speech.list(needs, speech.say("och", "and"));
  }
  return said;
}

std::string levelText(const Level& level, const Speech& speech) {
  std::string said = text(nameOf(level.priority)) + text(speech.say(" om ", " if ")) +
                     speech.condition(level.when);
  if (level.persistence.count() != 0) {
    said += text(speech.say(" och det håller i sig i ", " and it lasts for ")) +
            speech.duration(level.persistence);
  }
  return said +
         text(level.isGated
                  ? speech.say(", efter ommätning inom 5–15 minuter, eller obekräftat efter 15 "
                               "minuter utan",
                               ", after a second measurement within 5–15 minutes, or unconfirmed "
                               "after 15 minutes without")
                  : speech.say(", utan ommätning", ", without a second measurement"));
}

/// The limits that a dead band has moved, as they stand now.
class Moved {
 public:
  Moved(const std::vector<Quantity>& distances, const Speech& speech)
      : distances_(distances), speech_(speech) {}

  void look(const Condition& condition) {
    std::visit([&](const auto& is) { look(is); }, condition.is);
  }
  const Texts& limits() const { return limits_; }
  bool isOfScores() const { return isOfScores_; }

 private:
  bool isMoved(const std::vector<Quantity>& limits) const {
    return std::ranges::any_of(limits, [&](const Quantity& limit) {
      return std::ranges::find(distances_, limit.unit, &Quantity::unit) != distances_.end();
    });
  }
  void note(const Measure& measure, std::string limit) {
    if (std::holds_alternative<ZScore>(measure)) isOfScores_ = true;
    if (std::ranges::find(limits_, limit) == limits_.end()) limits_.push_back(std::move(limit));
  }

  void look(const Compare& compare) {
    if (isMoved(compare.limits)) note(compare.measure, speech_.limit(compare));
  }
  void look(const Band& band) {
    if (isMoved(band.low)) note(band.measure, speech_.limit(band));
  }
  void look(const Repeated& repeated) {
    std::visit([&](const auto& each) { look(each); }, repeated.each);
  }
  void look(const Consecutive& run) {
    std::visit([&](const auto& each) { look(each); }, run.each);
  }
  void look(const All& all) { lookAt(all.of); }
  void look(const Any& any) { lookAt(any.of); }
  void look(const Not& part) { lookAt(part.of); }
  void lookAt(const std::vector<Condition>& parts) {
    for (const Condition& part : parts) look(part);
  }
  void look(const MeterSays&) {}
  void look(const AbsentFor&) {}
  void look(const MissedSlots&) {}
  void look(const PatientFact&) {}

  const std::vector<Quantity>& distances_;
  const Speech& speech_;
  Texts limits_;
  bool isOfScores_ = false;
};

std::string deadBandText(const Clear& clear, const Speech& speech) {
  Moved moved(clear.deadBand, speech);
  if (clear.when) moved.look(*clear.when);
  Texts distances;
  for (const Quantity& distance : clear.deadBand) {
    distances.push_back(speech.distance(distance));
    if (distance.unit == Unit::kOne && moved.isOfScores()) {
      distances.back() += speech.say(" standardavvikelser", " standard deviations");
    }
  }
  std::string said = text(speech.say("upphör när ingen nivå skulle gälla ens med gränserna ",
                                     "clears when no level would hold even with its limits ")) +
                     speech.list(distances, speech.say("och", "and")) +
                     text(speech.say(" närmare det normala", " nearer to normal"));
  if (!moved.limits().empty()) {
    said += std::string(speech.say(" (gränserna är då: ", " (the limits then are: ")) +
            speech.list(moved.limits(), speech.say("och", "and")) + ")";
  }
  return said;
}

std::string clearText(const Rule& rule, const Speech& speech) {
  const Clear& clear = rule.clear;
  if (!clear.deadBand.empty()) return deadBandText(clear, speech);
  if (!clear.when) {
    if (rule.audience == Audience::kUnconfirmed) {
      return text(speech.say("varje sådan mätning larmar för sig, och ingen avslutar larmet",
                             "each such reading is told on its own, and none clears it"));
    }
    return text(speech.say("upphör när ingen nivå gäller", "clears when no level holds"));
  }
  return text(speech.say("upphör när ", "clears when ")) + speech.condition(*clear.when);
}

std::string daysText(const Schedule& schedule, const Speech& speech) {
  static constexpr std::array<std::array<std::string_view, 2>, 7> kDays = {{{"måndag", "Monday"},
                                                                            {"tisdag", "Tuesday"},
                                                                            {"onsdag", "Wednesday"},
                                                                            {"torsdag", "Thursday"},
                                                                            {"fredag", "Friday"},
                                                                            {"lördag", "Saturday"},
                                                                            {"söndag", "Sunday"}}};
  if (schedule.weekdays.all()) return text(speech.say("varje dag", "every day"));
  Texts days;
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    if (schedule.weekdays.test(i)) days.push_back(text(speech.say(kDays[i][0], kDays[i][1])));
  }
  return speech.list(days, speech.say("och", "and"));
}

std::string scheduleText(const Schedule& schedule, const Speech& speech) {
  Texts slots;
  for (const Slot& slot : schedule.slots) {
    slots.push_back(speech.timeOfDay(slot.from) + "–" + speech.timeOfDay(slot.until));
  }
  return text(speech.say("mätpass ", "slots ")) + daysText(schedule, speech) +
         text(speech.say(" kl. ", " at ")) + speech.list(slots, speech.say("och", "and")) +
         text(speech.say(" för ", " for ")) +
         speech.signals(schedule.signals, speech.say("eller", "or")) +
         text(speech.say(": patienten påminns vid passets slut, och passet räknas som missat ",
                         ": the patient is reminded at a slot's end, and it counts as missed ")) +
         speech.duration(schedule.grace) + text(speech.say(" senare", " later"));
}

std::string said(const Rule& rule, const Speech& speech) {
  std::string all = opening(rule, speech) + ": ";
  for (const Level& level : rule.levels) all += levelText(level, speech) + "; ";
  all += clearText(rule, speech);
  if (rule.coolDown.count() != 0) {
    all += text(speech.say("; efter ett larm hålls samma och lägre nivåer inne i ",
                           "; after an alert the same and lower levels are held for ")) +
           speech.duration(rule.coolDown) + text(speech.say(", aldrig P1", ", never P1"));
  }
  if (rule.schedule) all += "; " + scheduleText(*rule.schedule, speech);
  if (rule.isFloor) {
    all += speech.say("; kan varken stängas av eller pausas",
                      "; can be neither switched off nor paused");
  }
  return all + ".";
}

}  // namespace

Text sentence(const Rule& rule) {
  return {said(rule, Speech(Language::kSv)), said(rule, Speech(Language::kEn))};
}

}  // namespace vardnav::rules
