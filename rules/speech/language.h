// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The product's two languages. Any thread.
#pragma once

#include <cstdint>

namespace vardnav::rules {

enum class Language : std::uint8_t { kSv, kEn };

}  // namespace vardnav::rules
