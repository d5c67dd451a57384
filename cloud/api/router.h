// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which handler answers a method and a path. Patterns have "{name}" for one segment. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/access/gatekeeper.h"
#include "cloud/api/http_server.h"

namespace vardnav::cloud::api {

/// One authenticated request, on the core thread.
struct Call {
  Request request;
  access::User user;
  std::map<std::string, std::string> parameters;  ///< of the pattern
  std::shared_ptr<Exchange> exchange;             ///< for handlers that answer later

  const std::string& parameter(const std::string& name) const { return parameters.at(name); }
};

struct Route {
  std::string method;
  std::string pattern;  ///< below /api/v1: "/episodes/{id}"
  /// nullopt: the handler answers, or has answered, through the exchange.
  std::function<std::optional<Response>(Call&)> handler;
};

/// The parameters, if `path` fits.
std::optional<std::map<std::string, std::string>> match(std::string_view pattern,
                                                        std::string_view path);

}  // namespace vardnav::cloud::api
