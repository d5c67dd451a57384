// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Answers in JSON, and refusals as problem details (RFC 9457). Any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cloud/api/http_server.h"

namespace vardnav::cloud::api {

/// On one line; octets that are no UTF-8 become U+FFFD.
std::string dump(const nlohmann::json& body);

Response jsonResponse(const nlohmann::json& body, unsigned status = 200);

/// `detail` says what to change; never a name or a value.
Response problem(unsigned status, std::string_view title, std::string_view detail = {},
                 nlohmann::json extra = nlohmann::json::object());

Response notFound();
/// The store cannot now: 503.
Response unavailable(const Error& error);

}  // namespace vardnav::cloud::api
