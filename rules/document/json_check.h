// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a JSON parser lets pass and a rule document must not have: a member twice, deep nesting,
// numbers that are no small whole ones. Found in one pass before anything is built. Pure, any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/document/document.h"

namespace vardnav::rules {

struct JsonBounds {
  std::size_t bytes = kMaxDocumentBytes;
  std::size_t depth = kMaxDocumentDepth;
};

/// Empty: it is one JSON value within all bounds. At most kMaxFaults; what is no JSON at all, or
/// nested too deeply, ends the reading.
DocumentFaults jsonFaults(std::string_view json, const JsonBounds& bounds = {});

/// The first of them.
std::optional<DocumentFault> checkJson(std::string_view json);

/// One step of a JSON pointer (RFC 6901), on one line and of bounded length whatever the name.
std::string pointerStep(std::string_view name);

}  // namespace vardnav::rules
