// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/server_address.h"

#include <algorithm>
#include <charconv>

namespace vardnav {
namespace {

constexpr std::size_t kLongestHost = 253;  // of a name, in dots and letters (RFC 1035, 2.3.4)

bool isAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestHost && isAlphanumeric(text.front()) &&
         std::ranges::all_of(
             text, [](char c) { return isAlphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

/// With the name of an interface behind a '%', if any.
bool isIpv6(std::string_view text) {
  return text.size() <= kLongestHost && std::ranges::count(text, ':') >= 2 &&
         std::ranges::all_of(
             text, [](char c) { return isAlphanumeric(c) || c == ':' || c == '.' || c == '%'; });
}

std::optional<std::uint16_t> portFrom(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string toText(const ServerAddress& address) {
  const bool isBracketed = address.host.find(':') != std::string::npos;
  return (isBracketed ? "[" + address.host + "]" : address.host) + ":" +
         std::to_string(address.port);
}

std::optional<ServerAddress> parseServerAddress(std::string_view text, std::uint16_t port) {
  ServerAddress address{{}, port};
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || !isIpv6(text.substr(1, end - 1))) return std::nullopt;
    address.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    if (!isName(text.substr(0, end))) return std::nullopt;
    address.host = text.substr(0, end);
    rest = text.substr(end);
  }
  if (rest.empty()) return address;
  const auto named = rest.starts_with(':') ? portFrom(rest.substr(1)) : std::nullopt;
  if (!named) return std::nullopt;
  address.port = *named;
  return address;
}

}  // namespace vardnav
