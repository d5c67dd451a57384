// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// RawRecord → observations: decode, whose it is, when it was, in which unit, under which key.
// Pure and total; no clock, no storage. Any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "pipelines/intake/binding.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::intake {

enum class Disposition : std::uint8_t {
  kAccepted,     ///< observations go on to rules and backend
  kQuarantined,  ///< understood, but may be another person's or another time's: kept, not forwarded
  kRefused,      ///< not understood, or nothing measured: bytes kept, nothing else
};

enum class Reason : std::uint8_t {
  kNone,
  kMalformed,        // malformed: truncated or impossible payload
  kUnknownKind,      // unknown-kind: no decoder or no code for it
  kNoValue,          // no-value: the device sent a frame without a measurement
  kUnboundDevice,    // unbound-device
  kUnknownUser,      // unknown-user: a slot nobody is bound to
  kBeforeBinding,    // before-binding, or from a memory and of no known date
  kConflict,         // conflict: another reading has its record number and time (HubCore finds it)
  kControlSolution,  // control-solution: never a patient reading
  kUnfinished,       // unfinished: the hub died twice while interpreting it
  kDiscarded,        // discarded: a person has said that it is nobody's here
};
std::string_view nameOf(Reason reason);
std::optional<Reason> reasonFromName(std::string_view name);

struct Interpretation {
  Disposition disposition = Disposition::kRefused;
  Reason reason = Reason::kNone;
  std::optional<DeviceTime> deviceTime;  ///< as sent
  Bytes keyBytes;                        ///< raw value without volatile fields
  /// The device gave neither record number nor time: the key needs a durable capture counter.
  bool needsCounter = false;
  /// Empty unless accepted or quarantined; `reading` is still zero: readingKey() makes it.
  std::vector<Observation> observations;
};

/// What a person has said of one record, whatever bindings say of its device.
struct Decision {
  std::optional<PersonId> person;  ///< whose it is; nullopt: nobody's here, discard it
  friend bool operator==(const Decision&, const Decision&) = default;
};
/// True if a person can give it to somebody: known as a measurement, but not whose, or not which of
/// two. Never a control solution, which can be discarded.
bool isForAPerson(Reason reason);

Interpretation interpret(const RawRecord& record, std::span<const Binding> bindings,
                         const std::optional<Decision>& decision = std::nullopt);

/// DESIGN: device identity, record number where stable, raw device time, raw value. No bond
/// epoch, no corrected time. `captureCounter` only where needsCounter.
ReadingKey readingKey(const RawRecord& record, const Interpretation& interpretation,
                      std::optional<std::uint64_t> captureCounter);

/// Of the same record where it is given to another person than the one it was sent for: a key of
/// its own, so that the backend never knows one reading under two persons.
ReadingKey handedOverKey(const ReadingKey& origin, const PersonId& person);

}  // namespace vardnav::intake
