// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/code.h"

#include <array>
#include <cstddef>

namespace vardnav {
namespace {

// In the order of enum Code.
constexpr std::array kCodes = {
    CodeRow{Code::kGlucose, "glucose", 160364, "14743-9", Unit::kMillimolePerLitre},
    CodeRow{Code::kWeight, "weight", 188736, "29463-7", Unit::kKilogram},
    CodeRow{Code::kFev1, "fev1", 152586, "20150-9", Unit::kLitre},
    CodeRow{Code::kFev6, "fev6", 152587, "65655-3", Unit::kLitre},
    CodeRow{Code::kFvc, "fvc", 188928, "19868-9", Unit::kLitre},
    CodeRow{Code::kFev1Fvc, "fev1_fvc", 188948, "19926-5", Unit::kPercent},
    CodeRow{Code::kPef, "pef", 152584, "33452-4", Unit::kLitrePerMinute},
    // Beta hydroxybutyrate [Moles/volume] in Blood by Test strip: what laboratories that use ketone
    // meters on capillary blood report (UnityPoint test catalogue, BHB, Abbott FreeStyle Precision).
    // 11073-10101 has no code for it that devices use.
    CodeRow{Code::kKetone, "ketone", 0, "66441-7", Unit::kMillimolePerLitre},
    CodeRow{Code::kSpo2, "spo2", 150456, "59408-5", Unit::kPercent},
    CodeRow{Code::kSystolic, "systolic", 150021, "8480-6", Unit::kMillimetreOfMercury},
    CodeRow{Code::kDiastolic, "diastolic", 150022, "8462-4", Unit::kMillimetreOfMercury},
    CodeRow{Code::kMeanArterial, "map", 150023, "8478-0", Unit::kMillimetreOfMercury},
    CodeRow{Code::kPulse, "pulse", 149546, "8867-4", Unit::kPerMinute},
    CodeRow{Code::kTemperature, "temperature", 150364, "8310-5", Unit::kDegreeCelsius},
    CodeRow{Code::kBodyFat, "body_fat", 188748, "41982-0", Unit::kPercent},
    CodeRow{Code::kBreathless, "breathless", 0, "", Unit::kOne},
    CodeRow{Code::kSputum, "sputum", 0, "", Unit::kOne},
    CodeRow{Code::kSwelling, "swelling", 0, "", Unit::kOne},
};

}  // namespace

const CodeRow& rowOf(Code code) { return kCodes[static_cast<std::size_t>(code)]; }

std::string_view nameOf(Code code) { return rowOf(code).name; }

std::optional<Code> codeFromName(std::string_view name) {
  for (const CodeRow& row : kCodes) {
    if (row.name == name) return row.code;
  }
  return std::nullopt;
}

std::optional<Code> codeFromMdc(std::uint32_t mdc) {
  for (const CodeRow& row : kCodes) {
    if (row.mdc != 0 && row.mdc == mdc) return row.code;
  }
  return std::nullopt;
}

}  // namespace vardnav
