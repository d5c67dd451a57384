// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A rule says itself in one sentence, in both languages. Two rules that could judge anything
// differently never read the same: every member that judging looks at is in it. Its name, version,
// sources and the texts for people are not. Any thread.
#pragma once

#include "rules/document/rule.h"

namespace vardnav::rules {

Text sentence(const Rule& rule);

}  // namespace vardnav::rules
