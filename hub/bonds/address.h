// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Bluetooth addresses as bluetoothd names its directories by them: "C0:FF:EE:00:00:01", upper case.
// Any thread.
#pragma once

#include <string_view>

namespace vardnav::bonds {

inline constexpr std::size_t kAddressLength = 17;

/// Exactly that form: nothing that is one can leave a directory, or name anything else in it.
constexpr bool isAddress(std::string_view text) {
  if (text.size() != kAddressLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool isDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    if (i % 3 == 2 ? c != ':' : !isDigit) return false;
  }
  return true;
}

}  // namespace vardnav::bonds
