// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the persons of two_judges.h are ill with: their rules, by which devices they are measured,
// and what is prescribed. All shipped templates but one are in some ward.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/simulation/two_judges_monitors.h"

namespace vardnav::simulation {

using namespace std::chrono_literals;

inline constexpr std::size_t kMeterKind = 8;
inline constexpr std::size_t kScaleKind = 9;

struct Rhythm {
  MonitorKind kind;
  Milliseconds least;  ///< between two measurements
  Milliseconds most;
};

/// What the persons of a household have, by the seed: all templates at once would make a year long.
struct Ward {
  std::map<std::string, std::vector<std::string>> sets;  ///< by the condition of each
  std::vector<Rhythm> monitors;                          ///< beside the two below
  bool hasMeter;
  bool hasScale;
  const char* paused;  ///< a rule that is now and then
};

inline const std::vector<std::string> kOfWeight = {"weight-gain", "weight-loss", "weight-drift"};

// ketone-question-sglt2 alone is nowhere: it asks for an answer, and no device gives one.
inline const std::vector<Ward> kWards = {
    {{{"diabetes",
       {"glucose-low", "glucose-high", "glucose-above-range", "glucose-pattern", "ketones"}},
      {"heart-failure", kOfWeight},
      {"monitoring", {"readings-missing"}}},
     {{MonitorKind::kMillimoleMeter, 8h, 40h},
      {MonitorKind::kKetoneMeter, 12h, 60h},
      {MonitorKind::kAdvertScale, 40h, 200h}},
     true,
     true,
     "weight-gain"},
    {{{"copd",
       {"fev1-fall", "fev1-week", "fvc-week", "pef-fall", "spo2-ordinary", "spo2-hypercapnia",
        "spo2-above-target"}},
      {"monitoring", {"readings-missing"}}},
     {{MonitorKind::kSpirometer, 10h, 30h}, {MonitorKind::kOximeter, 8h, 24h}},
     false,
     false,
     "spo2-ordinary"},
    {{{"hypertension", {"blood-pressure", "blood-pressure-mean"}},
      {"vital-signs", {"pulse", "temperature"}},
      {"heart-failure", kOfWeight},
      {"monitoring", {"readings-missing"}}},
     {{MonitorKind::kCuff, 8h, 30h},
      {MonitorKind::kThermometer, 10h, 60h},
      {MonitorKind::kOximeter, 12h, 60h},
      {MonitorKind::kAdvertScale, 40h, 200h}},
     false,
     true,
     "blood-pressure"},
};

/// Two seeds in a row have the same, so that each ward is run with changes midway and without.
inline const Ward& wardOf(std::uint64_t seed) { return kWards[seed / 2 % kWards.size()]; }

inline nlohmann::json contextOf(std::uint64_t n, bool canMeasureAgain) {
  // The second person's saturation goes by the other scale; each has rules that rest.
  nlohmann::json facts = nlohmann::json::object();
  if (n == 1) facts = {{"hypercapnia-confirmed", true}, {"on-oxygen", true}};
  return {{"format", 1},
          {"can_remeasure", canMeasureAgain},
          {"facts", facts},
          {"prescribed",
           {{"spo2-target", {{"value", n == 1 ? "88" : "94"}, {"unit", "%"}}},
            {"fev1-personal-best", {{"value", "2.60"}, {"unit", "L"}}},
            {"pef-personal-best", {{"value", "350"}, {"unit", "L/min"}}}}}};
}

}  // namespace vardnav::simulation
