// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Why a rule said what it said, in both languages: what was measured against what, and what the
// document's text adds. Values stand in the meter's own unit, with the product's unit behind where
// it is another; Swedish has a decimal comma. Any thread.
#pragma once

#include "rules/speech/finding.h"

namespace vardnav::rules {

Text why(const Grounds& grounds);

}  // namespace vardnav::rules
