// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Text that a verb works on: a file, standard input, or the rule documents of a directory. Any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipelines/model/error.h"

namespace vardnav::ctl {

/// `path` may be "-" for standard input. The fault names it and says what to change.
Result<std::string> readText(const std::string& path, std::size_t mostOctets);

struct NamedText {
  std::string name;  ///< of the file
  std::string text;
};

/// The file itself, or every *.json of a directory in the order of their names.
Result<std::vector<NamedText>> readTexts(const std::string& path, std::size_t mostOctets);

}  // namespace vardnav::ctl
