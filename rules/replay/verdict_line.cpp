// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/verdict_line.h"

#include <nlohmann/json.hpp>

namespace vardnav::rules {

std::string formatVerdict(const Verdict& verdict, const Arrivals& arrivals, Language language) {
  nlohmann::ordered_json json;
  json["at"] = toRfc3339(verdict.at);
  json["told"] = toRfc3339(verdict.told);
  json["rule"] = verdict.rule.value;
  json["transition"] = nameOf(verdict.transition);
  if (hasPriority(verdict.transition)) json["priority"] = nameOf(verdict.priority);
  if (verdict.isLate) json["late"] = true;
  if (verdict.isConfirmed && !verdict.withdraws) json["confirmed"] = *verdict.isConfirmed;
  const std::string& why = language == Language::kSv ? verdict.why.sv : verdict.why.en;
  if (!why.empty()) json["why"] = why;
  json["inputs"] = nlohmann::ordered_json::array();
  for (const ReadingKey& input : verdict.inputs) json["inputs"].push_back(arrivals.nameOf(input));
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace vardnav::rules
