// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/oracle.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include "rules/engine/watch.h"
#include "rules/replay/replay.h"

namespace vardnav::simulation {
namespace {

/// What is compared, as it is printed.
std::string lineOf(const Verdict& verdict, Transition transition) {
  std::string line = verdict.rule.value + " " + std::string(nameOf(transition)) + " " +
                     std::string(nameOf(verdict.priority)) + " of " + toRfc3339(verdict.at);
  if (!verdict.inputs.empty()) line += " by reading " + verdict.inputs.front().toHex();
  if (verdict.isConfirmed) line += *verdict.isConfirmed ? ", confirmed" : ", unconfirmed";
  return line;
}

/// Line → how often it stands; above 0: it lasts.
class Lasting {
 public:
  void take(const Verdict& verdict) {
    if (isLasting(verdict.transition)) ++balance_[lineOf(verdict, verdict.transition)];
    if (verdict.withdraws && isLasting(*verdict.withdraws)) {
      --balance_[lineOf(verdict, *verdict.withdraws)];
    }
  }
  /// What stands here and not there.
  std::vector<std::string> without(const Lasting& other) const {
    std::vector<std::string> lines;
    for (const auto& [line, count] : balance_) {
      if (count > 0 && !other.has(line)) lines.push_back(line);
    }
    return lines;
  }

 private:
  bool has(const std::string& line) const {
    const auto found = balance_.find(line);
    return found != balance_.end() && found->second > 0;
  }

  std::map<std::string, int> balance_;
};

/// Each at its own time, as if nothing had ever been in the way.
rules::Arrivals inEventOrder(std::vector<Observation> readings) {
  std::ranges::sort(readings, {}, [](const Observation& one) {
    return std::tuple(one.at, one.reading, one.code);
  });
  rules::Arrivals arrivals;
  for (Observation& one : readings) {
    if (arrivals.list.empty() || arrivals.list.back().told != one.at) {
      arrivals.list.push_back({.told = one.at, .reading = {}, .was = {}});
    }
    arrivals.list.back().reading.push_back(std::move(one));
  }
  return arrivals;
}

Result<Lasting> expected(const hub::Patient& patient, std::vector<Observation> readings,
                         const Lived& lived) {
  std::vector<rules::RuleVersion> versions;
  for (const rules::Rule& rule : patient.rules) versions.push_back({rule});
  const rules::Watch watch = rules::watchOf(patient.context, std::move(versions));
  const auto told = rules::replay(watch.lineages, watch.context, inEventOrder(std::move(readings)),
                                  {lived.from, lived.until});
  if (!told) return std::unexpected(told.error());
  Lasting lasting;
  for (const Verdict& verdict : *told) lasting.take(verdict);
  return lasting;
}

}  // namespace

std::vector<std::string> differenceFromOracle(const hub::Patient& patient,
                                              std::vector<Observation> readings, const Lived& lived,
                                              const std::vector<cloud::SaidVerdict>& said) {
  const auto should = expected(patient, std::move(readings), lived);
  if (!should) return {"the oracle cannot tell: " + should.error().context};
  Lasting has;
  for (const cloud::SaidVerdict& one : said) {
    if (one.byHub) has.take(one.verdict);
  }
  std::vector<std::string> difference;
  for (const std::string& line : should->without(has)) difference.push_back("missed: " + line);
  for (const std::string& line : has.without(*should)) difference.push_back("phantom: " + line);
  return difference;
}

}  // namespace vardnav::simulation
