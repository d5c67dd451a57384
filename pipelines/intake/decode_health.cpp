// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>

#include "ble/gatt/health_observation.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

using ble::gatt::HealthHeader;
using ble::gatt::HealthNumeric;
using ble::gatt::HealthObservation;

/// Of no patient, or no result: never a reading.
constexpr unsigned kNoResult = ble::gatt::kHealthInvalid | ble::gatt::kHealthUnavailable |
                               ble::gatt::kHealthCalibrating | ble::gatt::kHealthTest |
                               ble::gatt::kHealthEarly | ble::gatt::kHealthSetting;

// MDC_CONC_GLU_*: the specimens that all are blood glucose here, and the control solution.
constexpr std::array<std::uint32_t, 6> kGlucoseSpecimens = {160184, 160188, 160192,
                                                            160196, 160364, 160368};
constexpr std::uint32_t kGlucoseControl = 160208;

std::optional<Code> codeOf(std::uint32_t mdc) {
  if (mdc == kGlucoseControl || std::ranges::count(kGlucoseSpecimens, mdc) > 0) {
    return Code::kGlucose;
  }
  return codeFromMdc(mdc);
}

bool isSpirometry(Code code) {
  return code == Code::kFev1 || code == Code::kFev6 || code == Code::kFvc ||
         code == Code::kFev1Fvc || code == Code::kPef;
}

/// The unit is one of the kind that the code is measured in.
bool belongs(Unit unit, Code code) {
  const auto kind = normalised({{1, 0}, unit});
  return kind && kind->unit == rowOf(code).unit;
}

Flags flagsOf(const HealthHeader& header, std::uint32_t type, Code code) {
  const unsigned status = header.status.value_or(0);
  Flags flags;
  if ((status & ble::gatt::kHealthManual) != 0) flags.set(Flag::kManual);
  if ((status & ble::gatt::kHealthQuestionable) != 0 && isSpirometry(code)) {
    flags.set(Flag::kBadBlow);
  }
  if (type == kGlucoseControl) flags.set(Flag::kControlSolution);
  return flags;
}

/// Collects the values of one frame, which is one act of one person at one time.
class Collector {
 public:
  void take(const HealthObservation& observation) {
    takeHeader(observation.header);
    if (const auto* numeric = std::get_if<HealthNumeric>(&observation.value)) {
      if (observation.header.type)
        takeNumeric(observation.header, *observation.header.type, *numeric);
    } else if (const auto* compound = std::get_if<ble::gatt::HealthCompound>(&observation.value)) {
      for (const auto& component : compound->components) {
        if (const auto* part = std::get_if<HealthNumeric>(&component.value)) {
          takeNumeric(observation.header, component.type, *part);
        }
      }
    }
  }

  Decoded finish() {
    if (isContradictory_) return std::unexpected(Reason::kMalformed);
    if (result_.values.empty()) {
      return std::unexpected(hasKnownCode_ ? Reason::kNoValue : Reason::kUnknownKind);
    }
    return std::move(result_);
  }

 private:
  void takeHeader(const HealthHeader& header) {
    if (isFirst_) {
      first_ = header;
      isFirst_ = false;
      result_.user = header.patient;
      result_.keyText = "health";
      if (header.patient) {
        result_.keyText += *header.patient ? "|" + std::to_string(**header.patient) : "|unknown";
      }
      if (header.time) takeTime(*header.time);
    } else if (header.patient != first_.patient || header.time != first_.time) {
      isContradictory_ = true;
    }
  }

  void takeTime(const ble::gatt::ElapsedTime& time) {
    result_.stamp.kind = Stamp::Kind::kUnknown;
    if (const auto deviceTime = time.deviceTime()) {
      result_.stamp.kind = Stamp::Kind::kKnown;
      result_.stamp.time = *deviceTime;
    }
    // The device turns this bit of a stored stamp when its clock is set: not part of the key.
    result_.stamp.isDoubtful = !time.isCurrentTimeline;
    result_.hasRawStamp = true;
    result_.keyText += "|" + std::to_string(time.raw) + "/" +
                       std::to_string(static_cast<unsigned>(time.resolution));
  }

  void takeNumeric(const HealthHeader& header, std::uint32_t type, const HealthNumeric& numeric) {
    const auto code = codeOf(type);
    if (!code) return;
    hasKnownCode_ = true;
    if ((header.status.value_or(0) & kNoResult) != 0) return;
    const auto unit = unitFromMdc(numeric.unit);
    if (!unit || !belongs(*unit, *code)) {
      isContradictory_ = true;
      return;
    }
    const Flags flags = flagsOf(header, type, *code);
    result_.isControlSolution |= flags.has(Flag::kControlSolution);
    result_.values.push_back({*code, valueOf(numeric.value), *unit, flags});
    result_.keyText += "|" + std::to_string(type) + "=" + rawText(numeric.value) + "@" +
                       std::to_string(numeric.unit);
    if (flags.has(Flag::kBadBlow)) result_.keyText += "?";
  }

  Measurement result_;
  HealthHeader first_;
  bool isFirst_ = true;
  bool hasKnownCode_ = false;
  bool isContradictory_ = false;
};

Decoded collect(const ble::gatt::HealthFrame& frame) {
  Collector collector;
  for (const HealthObservation& observation : frame.observations) collector.take(observation);
  return collector.finish();
}

}  // namespace

Decoded decodeHealth(const RawRecord& record) {
  const auto frame = ble::gatt::decodeHealthFrame(record.bytes);
  if (!frame) return std::unexpected(Reason::kMalformed);
  return collect(frame->value);
}

Decoded decodeStoredHealth(const RawRecord& record) {
  const auto stored = ble::gatt::decodeStoredHealthFrame(record.bytes);
  if (!stored) return std::unexpected(Reason::kMalformed);
  return collect(stored->value.frame);
}

}  // namespace vardnav::intake
