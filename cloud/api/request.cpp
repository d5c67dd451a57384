// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/http_server.h"
#include "cloud/api/url.h"

namespace vardnav::cloud::api {

std::string Request::header(const std::string& lowerCaseName) const {
  const auto found = headers.find(lowerCaseName);
  return found == headers.end() ? std::string{} : found->second;
}

std::optional<std::string> Request::queryValue(const std::string& name) const {
  const auto found = query.find(name);
  if (found == query.end()) return std::nullopt;
  return found->second;
}

std::string Request::cookie(std::string_view name) const {
  return cookieValue(header("cookie"), name);
}

}  // namespace vardnav::cloud::api
