// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The measures of rule documents ("rise", "percent-of-baseline" …) with their windows, baselines
// and limits. Included by .cpp files only (JSON). Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/document/condition.h"
#include "rules/document/document_reader.h"

namespace vardnav::rules {

/// Members of a measure besides `measure` itself and those of its series and limits.
struct MeasureRead {
  Measure measure;
  std::vector<std::string_view> members;
};

MeasureRead readMeasure(Reader& reader, std::string_view name);
Window readWindow(Reader reader);

/// Limits, and the `from`, `above`, `to` and `below` of bands, in units of `measure` of `signal`.
/// An unknown signal has been told; its units are then not looked at.
std::vector<Quantity> readLimits(Reader& reader, const Measure& measure,
                                 std::optional<Code> signal);
void readBands(Reader& reader, const Measure& measure, std::optional<Code> signal, Band& band);

/// How far apart raise and clear limits are: above 0.
std::vector<Quantity> readDistances(Reader& reader, std::string_view name);

}  // namespace vardnav::rules
