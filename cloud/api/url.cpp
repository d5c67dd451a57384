// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/url.h"

#include <arpa/inet.h>

#include <cstdint>

#include "pipelines/model/bytes.h"

namespace vardnav::cloud::api {

std::string percentDecode(std::string_view text, bool plusIsSpace) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      if (const auto octet = fromHex(text.substr(i + 1, 2))) {
        decoded.push_back(static_cast<char>(octet->front()));
        i += 2;
        continue;
      }
    }
    decoded.push_back(plusIsSpace && text[i] == '+' ? ' ' : text[i]);
  }
  return decoded;
}

bool isPlainText(std::string_view octets) {
  for (std::size_t i = 0; i < octets.size();) {
    const auto first = static_cast<std::uint8_t>(octets[i]);
    if (first < 0x20 || first == 0x7F) return false;
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || octets.size() - i <= more) return false;
    std::uint32_t point = first & (0x3FU >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<std::uint8_t>(octets[i + k]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = point << 6U | (next & 0x3FU);
    }
    const std::uint32_t least = more == 3 ? 0x10000 : more == 2 ? 0x800 : 0x80;
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += more + 1;
  }
  return true;
}

Target parseTarget(std::string_view target) {
  Target parsed;
  target = target.substr(0, target.find('#'));
  const std::size_t mark = target.find('?');
  parsed.path = percentDecode(target.substr(0, mark), false);
  if (!parsed.path.starts_with('/')) parsed.path = "/";
  if (mark == std::string_view::npos) return parsed;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    if (!pair.empty()) {
      parsed.query.emplace(percentDecode(pair.substr(0, equals), true), percentDecode(value, true));
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return parsed;
}

std::string clientAddress(std::string_view forwardedFor, const std::string& peer) {
  const std::size_t comma = forwardedFor.rfind(',');
  if (comma != std::string_view::npos) forwardedFor.remove_prefix(comma + 1);
  while (forwardedFor.starts_with(' ')) forwardedFor.remove_prefix(1);
  while (forwardedFor.ends_with(' ')) forwardedFor.remove_suffix(1);
  const std::string address(forwardedFor);
  in6_addr octets{};
  const bool isAddress = inet_pton(AF_INET, address.c_str(), &octets) == 1 ||
                         inet_pton(AF_INET6, address.c_str(), &octets) == 1;
  return isAddress ? address : peer;
}

std::string cookieValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    std::string_view pair = header.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return std::string(pair.substr(name.size() + 1));
    }
    if (end == std::string_view::npos) break;
    header.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace vardnav::cloud::api
