// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A bound on a JSON text's depth, found before any parser sees it. Any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace vardnav::wire {

/// Counts brackets outside strings, in one pass. The text need not be JSON.
bool nestsDeeperThan(std::string_view json, std::size_t levels);

}  // namespace vardnav::wire
