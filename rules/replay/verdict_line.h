// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A verdict as a replay writes it: one line of JSON. Any thread.
#pragma once

#include <string>

#include "pipelines/model/verdict.h"
#include "rules/replay/arrivals.h"
#include "rules/speech/language.h"

namespace vardnav::rules {

/// Without its end: at, told, rule, transition, priority, late, confirmed, why, inputs. What does
/// not apply is left out; `late` is written where it is true.
std::string formatVerdict(const Verdict& verdict, const Arrivals& arrivals, Language language);

}  // namespace vardnav::rules
