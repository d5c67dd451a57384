// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/context_file.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "pipelines/model/digest.h"
#include "rules/document/json_check.h"
#include "rules/document/names.h"
#include "rules/document/quantities.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

/// What is measured by the values that templates name.
std::optional<Code> signalOf(std::string_view prescribed) {
  if (prescribed == "spo2-target") return Code::kSpo2;
  constexpr std::string_view kBest = "-personal-best";
  if (!prescribed.ends_with(kBest)) return std::nullopt;
  return codeFromName(prescribed.substr(0, prescribed.size() - kBest.size()));
}

bool isName(std::string_view text) {
  const auto isAllowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, isAllowed);
}

/// Takes a context file apart; the first fault is thrown, and caught before it leaves this file.
class Reading {
 public:
  static ContextFile read(const Json& json) {
    Reading reading;
    reading.takeWhole(json);
    return std::move(reading.file_);
  }

 private:
  [[noreturn]] static void refuse(std::string place, std::string reason) {
    throw DocumentFault{std::move(place), std::move(reason)};
  }

  void count(const std::string& place) {
    if (++entries_ > kMaxContextEntries) refuse(place, "more than 1000 entries");
  }

  static void onlyMembers(const Json& json, const std::string& place,
                          std::initializer_list<std::string_view> names) {
    if (!json.is_object()) refuse(place, "must be an object");
    for (const auto& [name, value] : json.items()) {
      if (std::ranges::find(names, name) == names.end()) {
        refuse(place + pointerStep(name), "unknown member");
      }
    }
  }

  static const Json& member(const Json& json, const std::string& place, const char* name) {
    const auto found = json.find(name);
    if (found == json.end()) refuse(place + "/" + name, "is missing");
    return *found;
  }

  static const std::string& text(const Json& json, const std::string& place) {
    if (!json.is_string()) refuse(place, "must be a string");
    return json.get_ref<const std::string&>();
  }

  static UtcTime time(const Json& json, const std::string& place) {
    const auto parsed = parseRfc3339(text(json, place));
    if (!parsed) refuse(place, "is no RFC 3339 time: 2026-11-24T07:30:00Z");
    return *parsed;
  }

  static bool yesOrNo(const Json& json, const std::string& place) {
    if (!json.is_boolean()) refuse(place, "must be true or false");
    return json.get<bool>();
  }

  static RuleId rule(const Json& json, const std::string& place) {
    if (!isName(text(json, place))) refuse(place, "is no rule's id: a-z, 0-9 and -");
    return RuleId(json.get<std::string>());
  }

  static const Json& list(const Json& json, const std::string& place) {
    if (!json.is_array() || json.empty()) refuse(place, "must be a list with something in it");
    return json;
  }

  /// Of two from one time on neither is the newer one.
  template <class Dated>
  static void onlyOnce(const std::vector<Dated>& dated, UtcTime from, const std::string& place) {
    if (std::ranges::find(dated, from, &Dated::at) != dated.end()) {
      refuse(place, "a second value from the same time on");
    }
  }

  void takeWhole(const Json& json) {
    onlyMembers(json, "",
                {"$schema", "format", "facts", "prescribed", "pauses", "versions", "can_remeasure",
                 "late_after"});
    const Json& format = member(json, "", "format");
    if (!format.is_number_unsigned() || format.get<unsigned>() != 1) refuse("/format", "must be 1");
    if (json.contains("facts")) takeFacts(json["facts"]);
    if (json.contains("prescribed")) takePrescribed(json["prescribed"]);
    if (json.contains("pauses")) takePauses(json["pauses"]);
    if (json.contains("versions")) takeVersions(json["versions"]);
    if (json.contains("can_remeasure")) {
      file_.context.canMeasureAgain = yesOrNo(json["can_remeasure"], "/can_remeasure");
    }
    if (json.contains("late_after")) takeLateAfter(json["late_after"]);
  }

  void takeFacts(const Json& json) {
    if (!json.is_object()) refuse("/facts", "must be an object");
    for (const auto& [name, value] : json.items()) {
      const std::string place = "/facts" + pointerStep(name);
      const auto fact = factFromName(name);
      if (!fact) refuse(place, "unknown fact");
      auto& dated = file_.context.facts[*fact];
      if (value.is_boolean()) {
        count(place);
        dated.push_back({value.get<bool>(), kAlways});
        continue;
      }
      if (!value.is_array()) refuse(place, "must be true, false or a list with dates");
      for (std::size_t i = 0; i < list(value, place).size(); ++i) {
        const std::string at = place + "/" + std::to_string(i);
        count(at);
        onlyMembers(value[i], at, {"from", "value"});
        const UtcTime from = time(member(value[i], at, "from"), at + "/from");
        onlyOnce(dated, from, at + "/from");
        dated.push_back({yesOrNo(member(value[i], at, "value"), at + "/value"), from});
      }
    }
  }

  void takePrescribed(const Json& json) {
    if (!json.is_object()) refuse("/prescribed", "must be an object");
    for (const auto& [name, value] : json.items()) {
      const std::string place = "/prescribed" + pointerStep(name);
      if (!isName(name)) refuse(place, "is no name of a prescribed value: a-z, 0-9 and -");
      auto& dated = file_.context.prescribed[name];
      if (value.is_object()) {
        dated.push_back(prescribed(name, value, place));
        continue;
      }
      for (std::size_t i = 0; i < list(value, place).size(); ++i) {
        const std::string at = place + "/" + std::to_string(i);
        const Prescribed one = prescribed(name, value[i], at);
        onlyOnce(dated, one.at, at);
        dated.push_back(one);
      }
    }
  }

  Prescribed prescribed(const std::string& name, const Json& json, const std::string& place) {
    count(place);
    onlyMembers(json, place, {"from", "value", "unit"});
    Prescribed result;
    result.at = json.contains("from") ? time(json["from"], place + "/from") : kAlways;
    const auto value = Decimal::parse(text(member(json, place, "value"), place + "/value"));
    if (!value) refuse(place + "/value", "is no decimal of at most 18 digits");
    const auto unit = unitFromUcum(text(member(json, place, "unit"), place + "/unit"));
    if (!unit) refuse(place + "/unit", "unknown unit");
    const auto signal = signalOf(name);
    if (signal && !measures(*unit, *signal)) {
      refuse(place + "/unit",
             std::string(ucumOf(*unit)) + " does not measure " + std::string(nameOf(*signal)));
    }
    result.value = {*value, *unit};
    return result;
  }

  void takePauses(const Json& json) {
    if (!json.is_array()) refuse("/pauses", "must be a list");
    for (std::size_t i = 0; i < json.size(); ++i) {
      Pause pause;
      const std::string at = "/pauses/" + std::to_string(i);
      count(at);
      onlyMembers(json[i], at, {"from", "until", "rules", "reason"});
      pause.from = time(member(json[i], at, "from"), at + "/from");
      pause.until = time(member(json[i], at, "until"), at + "/until");
      if (pause.until <= pause.from) refuse(at + "/until", "is not after from");
      if (json[i].contains("reason")) text(json[i]["reason"], at + "/reason");
      if (json[i].contains("rules")) {
        const std::string place = at + "/rules";
        const Json& rules = list(json[i]["rules"], place);
        for (std::size_t n = 0; n < rules.size(); ++n) {
          count(place);
          pause.rules.push_back(rule(rules[n], place + "/" + std::to_string(n)));
        }
      }
      file_.context.pauses.push_back(std::move(pause));
    }
  }

  void takeVersions(const Json& json) {
    if (!json.is_array()) refuse("/versions", "must be a list");
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string place = "/versions/" + std::to_string(i);
      count(place);
      onlyMembers(json[i], place, {"rule", "version", "effective_from"});
      const Json& version = member(json[i], place, "version");
      if (!version.is_number_unsigned() || version.get<std::uint32_t>() == 0) {
        refuse(place + "/version", "must be a whole number from 1");
      }
      const VersionInForce one{
          rule(member(json[i], place, "rule"), place + "/rule"), version.get<std::uint32_t>(),
          time(member(json[i], place, "effective_from"), place + "/effective_from")};
      const auto isTold = [&](const VersionInForce& other) {
        return other.rule == one.rule &&
               (other.version == one.version || other.effectiveFrom == one.effectiveFrom);
      };
      if (std::ranges::any_of(file_.versions, isTold)) {
        refuse(place, "a version of this rule, or this time, is there already");
      }
      file_.versions.push_back(one);
    }
  }

  void takeLateAfter(const Json& json) {
    const std::string place = "/late_after";
    onlyMembers(json, place, {"value", "unit"});
    const std::string& digits = text(member(json, place, "value"), place + "/value");
    std::uint16_t count = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, count);
    if (error != std::errc{} || stop != end || digits.size() > 4) {
      refuse(place + "/value", "is no whole number of at most 4 digits");
    }
    const std::string& unit = text(member(json, place, "unit"), place + "/unit");
    const auto seconds = unit == "min" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
    if (seconds == 0) refuse(place + "/unit", "must be min, h or d");
    file_.context.lateAfter = std::chrono::seconds{count * seconds};
  }

  ContextFile file_;
  std::size_t entries_ = 0;
};

}  // namespace

std::expected<ContextFile, DocumentFault> parseContext(std::string_view json) {
  if (auto fault = checkJson(json)) return std::unexpected(std::move(*fault));
  try {
    ContextFile file = Reading::read(Json::parse(json));
    file.context.version = sha256Hex(json).substr(0, 16);
    return file;
  } catch (DocumentFault& fault) {
    return std::unexpected(std::move(fault));
  }
}

std::vector<std::string> strangersIn(const ContextFile& context, std::span<const Rule> rules,
                                     const std::string& where) {
  std::vector<std::string> lines;
  const auto add = [&](std::string line) {
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
  };
  const auto isThere = [&](const RuleId& id) {
    return std::ranges::find(rules, id, &Rule::id) != rules.end();
  };
  const auto isOf = [](const VersionInForce& dated, const Rule& rule) {
    return rule.id == dated.rule && rule.version == dated.version;
  };
  for (const Pause& pause : context.context.pauses) {
    for (const RuleId& named : pause.rules) {
      if (!isThere(named)) add("a pause names rule " + named.value + ", which is not replayed");
    }
  }
  for (const VersionInForce& dated : context.versions) {
    if (!isThere(dated.rule)) {
      add("a version is of rule " + dated.rule.value + ", which is not replayed");
    } else if (std::ranges::none_of(rules, [&](const Rule& rule) { return isOf(dated, rule); })) {
      add("a version is of rule " + dated.rule.value + " version " + std::to_string(dated.version) +
          ", which is not in " + where);
    }
  }
  return lines;
}

}  // namespace vardnav::rules
