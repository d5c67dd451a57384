// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/gatt_client.h"

#include <algorithm>
#include <iterator>

namespace vardnav::ble {
namespace {

constexpr std::string_view kBasePrefix = "0000";
constexpr std::string_view kBaseSuffix = "-0000-1000-8000-00805f9b34fb";
constexpr std::size_t kShortSize = 4;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

Uuid uuidFrom16(std::string_view shortUuid) {
  Uuid out(kBasePrefix);
  std::transform(shortUuid.begin(), shortUuid.end(), std::back_inserter(out), lower);
  out += kBaseSuffix;
  return out;
}

Uuid uuidOf(std::string_view uuid) {
  if (uuid.size() == kShortSize) return uuidFrom16(uuid);
  Uuid out(uuid.size(), '\0');
  std::transform(uuid.begin(), uuid.end(), out.begin(), lower);
  return out;
}

std::string shortUuidOf(const Uuid& uuid) {
  std::string wire(uuid.size(), '\0');
  std::transform(uuid.begin(), uuid.end(), wire.begin(), lower);
  const std::size_t size = kBasePrefix.size() + kShortSize + kBaseSuffix.size();
  if (wire.size() != size || !wire.starts_with(kBasePrefix) || !wire.ends_with(kBaseSuffix)) {
    return uuid;
  }
  std::string out = wire.substr(kBasePrefix.size(), kShortSize);
  std::transform(out.begin(), out.end(), out.begin(), upper);
  return out;
}

}  // namespace vardnav::ble
