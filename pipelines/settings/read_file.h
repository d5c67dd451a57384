// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A file that a person wrote, whole, in memory. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "pipelines/model/error.h"

namespace vardnav::settings {

inline constexpr std::size_t kMostOctets = 16UL * 1024 * 1024;

/// kNotFound: cannot be opened or read, a directory too; kInvalidInput: longer than kMostOctets.
/// The fault has neither the file's name nor what it is for: the caller knows both.
Result<std::string> readFile(const std::string& path);

}  // namespace vardnav::settings
