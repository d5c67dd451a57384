// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/problem.h"

namespace vardnav::cloud::api {

Response jsonResponse(const nlohmann::json& body, unsigned status) {
  return {status, "application/json", body.dump(), {{"Cache-Control", "no-store"}}};
}

Response problem(unsigned status, std::string_view title, std::string_view detail,
                 nlohmann::json extra) {
  extra["type"] = "about:blank";
  extra["title"] = title;
  extra["status"] = status;
  extra["detail"] = detail;
  return {status, "application/problem+json", extra.dump(), {{"Cache-Control", "no-store"}}};
}

Response notFound() {
  return problem(404, "Not found", "there is no such thing, or it is not your team's");
}

Response unavailable(const Error& error) {
  return problem(503, "Not available now", toString(error.code));
}

}  // namespace vardnav::cloud::api
