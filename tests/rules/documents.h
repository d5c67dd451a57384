// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The shipped templates as JSON, for tests that change documents.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/rules/template_texts.h"

namespace vardnav::rules {

inline nlohmann::json document(const std::string& name) {
  return nlohmann::json::parse(templateText(name));
}

}  // namespace vardnav::rules
