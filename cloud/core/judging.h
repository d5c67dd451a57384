// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's own judging: the same engine as the hub's over every reading that is stored, in the
// transaction that stores it. The backend owns the record; its verdicts and the hub's merge by
// their keys into one episode. What was told is dated by when the hub had the reading, and the
// clock of a person runs only as far as all that the hub has is here. Core thread only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cloud/core/care_store.h"
#include "rules/watch.h"

namespace vardnav::cloud {

/// Compiled once for what the registry says, and again when it says something else.
class WatchBook {
 public:
  /// nullptr: nothing that can be used watches this person; a rule or context that this version
  /// cannot read is left out of judging here, as it is on the hub.
  Result<const rules::Watch*> watchOf(CareTransaction& transaction, const PersonId& person,
                                      UtcTime now);

 private:
  struct Entry {
    std::string signature;
    rules::Watch watch;
    bool isUsable = false;
  };
  std::map<PersonId, Entry> entries_;
};

class Judging {
 public:
  Judging(CareTransaction& transaction, WatchBook& book, UtcTime now)
      : transaction_(transaction), book_(book), now_(now) {}

  /// Observations of one reading that have just been stored. What is for the record.
  Result<std::vector<Verdict>> onStored(std::span<const Observation> reading);
  /// All that was known of this person up to `until` is here.
  Result<std::vector<Verdict>> onClock(const PersonId& person, UtcTime until);

 private:
  Result<UtcTime> clockOf(const PersonId& person, UtcTime at);

  CareTransaction& transaction_;
  WatchBook& book_;
  UtcTime now_;
};

/// Verdicts of one person and rule that only one of the two sides told and did not take back.
/// Empty: the same came of the same inputs.
std::vector<Verdict> differenceOf(std::span<const SaidVerdict> verdicts);

}  // namespace vardnav::cloud
