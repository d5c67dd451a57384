// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the hub's durable memory: one transaction per record. pipelines/store implements it
// with SQLite. Loop thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/intake/intake.h"
#include "pipelines/model/error.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/verdict.h"
#include "rules/history.h"

namespace vardnav::hub {

/// Bytes from a device, kept as sent, with what became of them.
struct Capture {
  ReadingKey key;
  RawRecord record;
  intake::Disposition disposition = intake::Disposition::kRefused;
  intake::Reason reason = intake::Reason::kNone;
};

class JournalTransaction : public rules::History {
 public:
  /// Rolls back unless committed.
  ~JournalTransaction() override = default;

  /// false: this key is stored already (a database constraint, not a search).
  virtual Result<bool> insertCapture(const Capture& capture) = 0;
  virtual Result<void> insertObservation(const Observation& observation) = 0;
  /// Rises by one at each call, durable with this transaction; never reused.
  virtual Result<std::uint64_t> nextCaptureCounter() = 0;

  /// Opaque to the store; nullopt before the first.
  virtual Result<std::optional<std::string>> ruleState(const PersonId& person,
                                                       const RuleId& rule) = 0;
  virtual Result<void> setRuleState(const PersonId& person, const RuleId& rule,
                                    const std::string& state) = 0;

  /// Takes the next sequence of its stream. The outbox item shows the observations stored under
  /// the reading's key, or the verdict and the observations of its inputs, each in the revision
  /// that was the newest now. A verdict whose key is stored already takes none.
  virtual Result<void> enqueueReading(const ReadingKey& reading, UtcTime now) = 0;
  virtual Result<void> enqueueAlert(const Verdict& verdict, UtcTime now) = 0;

  /// Durable when it returns a value (WAL, synchronous=FULL).
  virtual Result<void> commit() = 0;
};

class Journal {
 public:
  virtual ~Journal() = default;
  virtual Result<std::unique_ptr<JournalTransaction>> begin() = 0;
  /// See ble::RecordSink::lastRecordNumber.
  virtual Result<std::optional<std::uint32_t>> lastRecordNumber(
      const DeviceId& device, const std::string& characteristic) = 0;
};

}  // namespace vardnav::hub
