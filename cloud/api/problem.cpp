// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/problem.h"

namespace vardnav::cloud::api {

std::string dump(const nlohmann::json& body) {
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Response jsonResponse(const nlohmann::json& body, unsigned status) {
  return {status, "application/json", dump(body), {{"Cache-Control", "no-store"}}};
}

Response problem(unsigned status, std::string_view title, std::string_view detail,
                 nlohmann::json extra) {
  extra["type"] = "about:blank";
  extra["title"] = title;
  extra["status"] = status;
  extra["detail"] = detail;
  return {status, "application/problem+json", dump(extra), {{"Cache-Control", "no-store"}}};
}

Response notFound() {
  return problem(404, "Not found", "there is no such thing, or it is not your team's");
}

Response unavailable(const Error& error) {
  return problem(503, "Not available now", toString(error.code));
}

}  // namespace vardnav::cloud::api
