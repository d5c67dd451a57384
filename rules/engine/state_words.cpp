// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/state_words.h"

namespace vardnav::rules {

std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string word;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool isPlain = octet > 0x20 && octet < 0x7f && c != '%' && c != '-' &&
                         kMarks.find(c) == std::string_view::npos;
    if (isPlain) {
      word += c;
    } else {
      word += '%';
      word += kDigits[octet >> 4U];
      word += kDigits[octet & 0xfU];
    }
  }
  return word.empty() ? std::string(kNone) : word;
}

std::string unescaped(std::string_view word) {
  std::string text;
  if (word == kNone) return text;
  while (!word.empty()) {
    unsigned octet = 0;
    const char* const digits = word.data() + 1;
    const bool isEscape = word.front() == '%' && word.size() > 2 &&
                          std::from_chars(digits, digits + 2, octet, 16).ec == std::errc{};
    text += isEscape ? static_cast<char>(octet) : word.front();
    word.remove_prefix(isEscape ? 3 : 1);
  }
  return text;
}

}  // namespace vardnav::rules
