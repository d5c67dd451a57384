// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/speech/speech.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace vardnav::rules {
namespace {

struct Words {
  std::string_view sv;
  std::string_view en;
};

// In the order of enum Code, in the definite form.
constexpr std::array<Words, 18> kSignals = {
    {{"blodsockret", "glucose"},
     {"vikten", "weight"},
     {"FEV1", "FEV1"},
     {"FEV6", "FEV6"},
     {"FVC", "FVC"},
     {"kvoten FEV1/FVC", "the ratio FEV1/FVC"},
     {"PEF", "PEF"},
     {"blodketonerna", "blood ketone"},
     {"syremättnaden", "oxygen saturation"},
     {"det systoliska blodtrycket", "systolic blood pressure"},
     {"det diastoliska blodtrycket", "diastolic blood pressure"},
     {"medelartärtrycket", "mean arterial pressure"},
     {"pulsen", "pulse"},
     {"kroppstemperaturen", "body temperature"},
     {"andelen kroppsfett", "body fat"},
     {"svaret om andfåddhet i vila", "the answer on breathlessness at rest"},
     {"svaret om upphostningar", "the answer on sputum"},
     {"svaret om svullnad", "the answer on swelling"}}};

// In the order of enum Fact.
constexpr std::array<Words, 5> kFacts = {{
    {"patienten behandlas med insulin eller sulfonureid",
     "the patient is on insulin or a sulphonylurea"},
    {"patienten behandlas med SGLT2-hämmare", "the patient is on an SGLT2 inhibitor"},
    {"patienten har bekräftad hyperkapnisk svikt", "the patient has confirmed hypercapnic failure"},
    {"patienten har syrgas", "the patient is on oxygen"},
    {"patienten inte känner av lågt blodsocker", "the patient does not feel low glucose"},
}};

// The same, not marked.
constexpr std::array<Words, 5> kNotFacts = {{
    {"patienten varken behandlas med insulin eller sulfonureid",
     "the patient is neither on insulin nor a sulphonylurea"},
    {"patienten inte behandlas med SGLT2-hämmare", "the patient is not on an SGLT2 inhibitor"},
    {"patienten inte har bekräftad hyperkapnisk svikt",
     "the patient has no confirmed hypercapnic failure"},
    {"patienten inte har syrgas", "the patient is not on oxygen"},
    {"patienten känner av lågt blodsocker", "the patient feels low glucose"},
}};

/// "patienten inte har syrgas" as a main clause: "patienten har inte syrgas".
std::string asMainClause(std::string_view clause) {
  for (const std::string_view adverb : {" inte", " varken"}) {
    const auto at = clause.find(adverb);
    if (at == std::string_view::npos) continue;
    const auto verb = at + adverb.size();
    const auto end = std::min(clause.find(' ', verb + 1), clause.size());
    std::string said(clause.substr(0, at));
    return said.append(clause.substr(verb, end - verb)).append(adverb).append(clause.substr(end));
  }
  return std::string(clause);
}

struct PrescribedName {
  std::string_view name;
  Words words;
};

// Any other name is said as it is written.
constexpr std::array<PrescribedName, 5> kPrescribed = {{
    {"spo2-target",
     {"den nedre gränsen för patientens målområde", "the lower end of the patient's target"}},
    {"fev1-personal-best", {"patientens bästa FEV1", "the patient's best FEV1"}},
    {"fev6-personal-best", {"patientens bästa FEV6", "the patient's best FEV6"}},
    {"fvc-personal-best", {"patientens bästa FVC", "the patient's best FVC"}},
    {"pef-personal-best", {"patientens bästa PEF", "the patient's best PEF"}},
}};

// Longer ones that are whole days are said in days.
constexpr std::int64_t kPlainHours = 72;

std::string text(std::string_view view) { return std::string(view); }

std::string twoDigits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string_view Speech::say(std::string_view sv, std::string_view en) const {
  return language_ == Language::kSv ? sv : en;
}

std::string Speech::number(const Decimal& number) const {
  std::string text = number.toString();
  if (language_ == Language::kSv) std::ranges::replace(text, '.', ',');
  return text.starts_with('-') ? "−" + text.substr(1) : text;
}

std::string Speech::quantity(const Quantity& quantity) const {
  std::string text = number(quantity.value);
  switch (quantity.unit) {
    case Unit::kOne:
      return text;
    case Unit::kPercent:
      return text + std::string(say(" %", "%"));
    case Unit::kPound:
      return text + " lb";
    case Unit::kMillimetreOfMercury:
      return text + " mmHg";
    case Unit::kDegreeCelsius:
      return text + " °C";
    case Unit::kPerMinute:
      return text + std::string(say(" slag/min", " beats/min"));
    default:
      return text + " " + std::string(ucumOf(quantity.unit));
  }
}

std::string Speech::distance(const Quantity& quantity) const {
  if (quantity.unit != Unit::kPercent) return this->quantity(quantity);
  return number(quantity.value) + std::string(say(" procentenheter", " percentage points"));
}

std::string Speech::duration(Milliseconds duration) const {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
  if (minutes % 60 != 0) {
    return std::to_string(minutes) +
           text(minutes == 1 ? say(" minut", " minute") : say(" minuter", " minutes"));
  }
  const auto hours = minutes / 60;
  // 24-hour days, not the calendar's.
  if (hours % 24 == 0 && hours > kPlainHours) {
    return std::to_string(hours / 24) + text(say(" × 24 timmar", " × 24 hours"));
  }
  return std::to_string(hours) +
         text(hours == 1 ? say(" timme", " hour") : say(" timmar", " hours"));
}

std::string Speech::lastFor(Milliseconds duration) const {
  const std::string length = this->duration(duration);
  if (language_ == Language::kEn) return "in the last " + length;
  if (length == "1 timme") return "under den senaste timmen";
  if (length == "1 minut") return "under den senaste minuten";
  return "under de senaste " + length + "na";
}

std::string Speech::timeOfDay(std::chrono::minutes time) const {
  const auto minutes = time.count();
  return twoDigits(minutes / 60) + std::string(say(".", ":")) + twoDigits(minutes % 60);
}

std::string Speech::list(const std::vector<std::string>& parts, std::string_view last) const {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " " + std::string(last) + " " : std::string(", ");
    text += parts[i];
  }
  return text;
}

std::string Speech::signal(Code code) const {
  const Words& words = kSignals.at(static_cast<std::size_t>(code));
  return std::string(say(words.sv, words.en));
}

std::string Speech::signals(std::span<const Code> codes, std::string_view last) const {
  std::vector<std::string> names;
  for (const Code code : codes) names.push_back(signal(code));
  return list(names, last);
}

std::string Speech::fact(Fact fact, bool isMarked) const {
  const Words& words = (isMarked ? kFacts : kNotFacts).at(static_cast<std::size_t>(fact));
  const bool isMain = language_ == Language::kSv && clause_ == Clause::kMain;
  return isMain ? asMainClause(words.sv) : std::string(say(words.sv, words.en));
}

std::string Speech::prescribed(const std::string& name) const {
  const auto known = std::ranges::find(kPrescribed, name, &PrescribedName::name);
  if (known != kPrescribed.end()) return std::string(say(known->words.sv, known->words.en));
  return std::string(say("det ordinerade värdet ", "the prescribed value ")) + name;
}

std::string Speech::value(const Value& value, Unit unit, Code code) const {
  if (code < Code::kBreathless || value.kind != Value::Kind::kNumber) {
    return this->value(value, unit);
  }
  return std::string(value.number < Decimal(1, 0) ? say("nej", "no") : say("ja", "yes"));
}

std::string Speech::value(const Value& value, Unit unit) const {
  switch (value.kind) {
    case Value::Kind::kHigh:
      return std::string(say("HI (över mätarens område)", "HI (above the meter's range)"));
    case Value::Kind::kLow:
      return std::string(say("LO (under mätarens område)", "LO (below the meter's range)"));
    case Value::Kind::kNotANumber:
      return std::string(say("inget värde", "no value"));
    case Value::Kind::kNumber:
      break;
  }
  std::string text = quantity({value.number, unit});
  const auto shown = normalised({value.number, unit});
  if (shown && shown->unit != unit) text += " (" + quantity(*shown) + ")";
  return text;
}

}  // namespace vardnav::rules
