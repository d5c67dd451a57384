// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What an observation is of: the project's short code and its standard ones in one table.
// MDC: ISO/IEEE 11073-10101, decimal; LOINC: loinc.org. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pipelines/model/unit.h"

namespace vardnav {

enum class Code : std::uint8_t {
  kGlucose,
  kWeight,
  kFev1,
  kFev6,
  kFvc,
  kFev1Fvc,
  kPef,
  kKetone,
  kSpo2,
  kSystolic,
  kDiastolic,
  kMeanArterial,
  kPulse,
  kTemperature,
  kBodyFat,
  // Answers of the patient: 0 no, 1 or more yes; kBreathless: at rest.
  kBreathless,
  kSputum,
  kSwelling,
};

struct CodeRow {
  Code code;
  std::string_view name;   ///< as in readings files, rule documents and the API: "fev1"
  std::uint32_t mdc;       ///< for an undetermined specimen where several exist; 0: none
  std::string_view loinc;  ///< for the normalised unit; empty: none
  Unit unit;               ///< the normalised unit
};

const CodeRow& rowOf(Code code);
std::string_view nameOf(Code code);
std::optional<Code> codeFromName(std::string_view name);
std::optional<Code> codeFromMdc(std::uint32_t mdc);

}  // namespace vardnav
