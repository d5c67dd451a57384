// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a rule must not say: a clear condition that can hold together with a level, a level that
// can never hold or never count, a gate or a duration on what must not wait. Included by .cpp
// files only. Pure.
#pragma once

#include "rules/document/document_reader.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

/// `rule` is read without a fault; its levels are in the document's order.
void refuseContradictions(Reader& reader, const Rule& rule);

}  // namespace vardnav::rules
