// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whatever a hub refuses or drops has one reason of this list, and is counted under it. The names
// are those of logs, heartbeat and `vardnavctl status`; they are never changed. Counts are since
// the start of the hub; what the journal keeps of refused records is counted there as well, for
// good (pipelines/store/journal_summary.h). Documents of configuration have a list of their own
// (ConfigRefusal), because the backend asks for it. Any thread; a DropBook: loop thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/intake/intake.h"

namespace vardnav::hub {

enum class Drop : std::uint8_t {
  // Records: their octets are kept, they are not on their way.
  kMalformed,
  kUnknownKind,
  kNoValue,
  kUnboundDevice,
  kUnknownUser,
  kBeforeBinding,
  kConflict,
  kControlSolution,
  kUnfinished,
  kDiscarded,
  kTakenBack,  ///< was on its way, and is nobody's by what is known today
  // Records: nothing is kept of this one.
  kDuplicate,
  kNotStored,
  // Readings that are on their way without something.
  kClockFault,
  // Devices.
  kUnknownDevice,
  kAdvertFlood,
  kIncomplete,
  kLeftOnDevice,
  kSessionFailed,
  kLinkFailed,
  kPairingRefused,
  kBadSignal,
  // The line to the backend.
  kSetAside,
  kForeignReceipt,
  kUnreadableReceipt,
  kUnknownTopic,
  kMessageRefused,
  kOutboxFault,
  // The hub's own word.
  kFaultUntold,
};
inline constexpr std::size_t kDrops = static_cast<std::size_t>(Drop::kFaultUntold) + 1;

std::string_view nameOf(Drop drop);     ///< "before-binding"
std::string_view meaningOf(Drop drop);  ///< for a technician, in English: what became of it
/// What a record that was not accepted counts as. (kNone is of accepted ones; as kMalformed.)
Drop dropOf(intake::Reason reason);

class DropBook {
 public:
  void count(Drop drop, std::uint64_t times = 1) { counts_[indexOf(drop)] += times; }
  /// Where somebody else counts: the whole number.
  void set(Drop drop, std::uint64_t total) { counts_[indexOf(drop)] = total; }
  std::uint64_t of(Drop drop) const { return counts_[indexOf(drop)]; }
  /// What is not 0, in the order of the list.
  std::vector<std::pair<Drop, std::uint64_t>> counted() const;

 private:
  static std::size_t indexOf(Drop drop) { return static_cast<std::size_t>(drop); }
  std::array<std::uint64_t, kDrops> counts_{};
};

}  // namespace vardnav::hub
