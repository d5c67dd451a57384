// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Octet strings and their hexadecimal form. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardnav {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Upper-case, two digits an octet, no separators.
std::string toHex(ByteView bytes);

/// Either case; nullopt on an odd length or a digit that is none.
std::optional<Bytes> fromHex(std::string_view hex);

}  // namespace vardnav
