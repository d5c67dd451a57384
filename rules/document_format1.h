// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Documents of format 1: one signal, one comparison a level. Goes when its last template does.
#pragma once

#include "rules/document.h"

namespace vardnav::rules {

std::expected<Rule, DocumentFaults> compileFormat1(std::string_view json);

}  // namespace vardnav::rules
