// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where a server listens, as people write it: "broker.example:8883", "192.0.2.1:8883",
// "[2001:db8::1]:8883" (RFC 3986, 3.2.2). Any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardnav {

struct ServerAddress {
  std::string host;  ///< a name or an IP address, without brackets
  std::uint16_t port = 0;

  friend auto operator<=>(const ServerAddress&, const ServerAddress&) = default;
};

/// With brackets around an IPv6 address.
std::string toText(const ServerAddress& address);

/// `port` where the text names none. An IPv6 address needs its brackets.
std::optional<ServerAddress> parseServerAddress(std::string_view text, std::uint16_t port);

}  // namespace vardnav
