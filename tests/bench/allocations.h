// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Counts what a benchmark program allocates; one thread.
#pragma once

#include <cstddef>

namespace vardnav::bench {

/// Calls of operator new since the program began.
std::size_t allocations();

}  // namespace vardnav::bench
