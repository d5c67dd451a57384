// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's unit of work: one record, one transaction. Interprets it, keeps its bytes, judges its
// observations, queues what the backend must know, and commits all of it or nothing. Pure of
// libraries; loop thread only.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "hub/core/household.h"
#include "hub/core/journal.h"
#include "pipelines/intake/intake.h"
#include "pipelines/model/clock.h"
#include "pipelines/model/error.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/verdict.h"

namespace vardnav::hub {

/// What became of a record. It is on disk.
struct Accepted {
  ReadingKey key;
  intake::Disposition disposition = intake::Disposition::kRefused;
  intake::Reason reason = intake::Reason::kNone;
  bool isDuplicate = false;  ///< its key was known: nothing was written
  std::size_t verdicts = 0;
};

class HubCore {
 public:
  /// All outlive the core.
  HubCore(Journal& journal, const Household& household, const Clock& clock)
      : journal_(journal), household_(household), clock_(clock) {}

  /// An error means that nothing of the record was stored: the device must not be told to go on.
  Result<Accepted> accept(RawRecord record);

  /// Records that are not on their way to the backend, by reason, since the start.
  const std::map<intake::Reason, std::uint64_t>& refusals() const { return refusals_; }

 private:
  Result<Accepted> acceptWithin(JournalTransaction& transaction, RawRecord record, UtcTime now);
  Result<std::size_t> judgeAll(JournalTransaction& transaction,
                               const std::vector<Observation>& reading, UtcTime now);
  Result<std::size_t> judgeOne(JournalTransaction& transaction, const Patient& patient,
                               const rules::Rule& rule, const std::vector<Observation>& reading,
                               UtcTime now);

  Journal& journal_;
  const Household& household_;
  const Clock& clock_;
  std::map<intake::Reason, std::uint64_t> refusals_;
};

}  // namespace vardnav::hub
