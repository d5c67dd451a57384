// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Read models as the API's JSON (openapi.yaml). Any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "cloud/core/read_model.h"

namespace vardnav::cloud::api {

nlohmann::json toJson(const TeamView& team);
nlohmann::json toJson(const Observation& observation);
nlohmann::json toJson(const EpisodeSummary& summary);
nlohmann::json toJson(const EpisodeDetail& detail);
nlohmann::json toJson(const Counts& counts);
nlohmann::json toJson(const TechnicalView& view);

template <class T>
nlohmann::json toJsonList(const std::vector<T>& values) {
  nlohmann::json list = nlohmann::json::array();
  for (const T& value : values) list.push_back(toJson(value));
  return list;
}

}  // namespace vardnav::cloud::api
