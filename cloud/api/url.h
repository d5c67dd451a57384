// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The pieces of a request target and of headers. Total; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace vardnav::cloud::api {

struct Target {
  std::string path;  ///< percent-decoded; always begins with "/"; "/" for a target that is none
  std::map<std::string, std::string> query;
};

Target parseTarget(std::string_view target);

/// A broken escape is kept as it stands. `plusIsSpace`: as in a query.
std::string percentDecode(std::string_view text, bool plusIsSpace);

/// UTF-8 without control characters: what every database takes as text.
bool isPlainText(std::string_view octets);

/// The last address of an X-Forwarded-For header, or `peer` where that is none. A proxy adds whom
/// it speaks for at the end; what stands before is the client's own saying.
std::string clientAddress(std::string_view forwardedFor, const std::string& peer);

/// Empty where there is none.
std::string cookieValue(std::string_view header, std::string_view name);

}  // namespace vardnav::cloud::api
