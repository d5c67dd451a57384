// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the hub's durable memory. pipelines/store implements it with SQLite. Loop thread
// only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/core/hub_clock.h"
#include "pipelines/intake/intake.h"
#include "pipelines/model/error.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/verdict.h"
#include "rules/engine/history.h"
#include "rules/engine/states.h"

namespace vardnav::hub {

/// Bytes from a device, kept as sent, with what became of them.
struct Capture {
  ReadingKey key;
  RawRecord record;
  std::optional<std::int64_t> clockPeriod;  ///< the untrusted one that it was taken in, if any
  intake::Disposition disposition = intake::Disposition::kRefused;
  intake::Reason reason = intake::Reason::kNone;
  std::optional<intake::Decision> decision;  ///< a person's; only of one that is stored
};

/// A capture as the journal has it, with what was last made of it.
struct StoredCapture {
  Capture capture;  ///< its times corrected, if its clock period is
  /// The newest revision; empty if it was refused.
  std::vector<Observation> observations;
};

enum class AliasInsert : std::uint8_t {
  kNew,
  kKnown,    ///< it is this capture's alias already
  kAnothers  ///< another capture has the key, or had it, or has it for an alias
};

/// What the hub's clock has to remember.
struct ClockMemory {
  std::optional<UtcTime> floor;
  std::vector<ClockPeriod> uncorrected;  ///< untrusted periods with captures, oldest first
};

class JournalTransaction : public rules::History, public rules::StateStore {
 public:
  /// Rolls back unless committed.
  ~JournalTransaction() override = default;

  /// false: this key is stored already (a database constraint, not a search).
  virtual Result<bool> insertCapture(const Capture& capture) = 0;
  virtual Result<void> insertObservation(const Observation& observation) = 0;
  /// Whether a reading that was not refused is stored under another key than `one.reading`, of the
  /// same device and characteristic, record number, device's time and user slot. `one` has number
  /// and time.
  virtual Result<bool> hasRival(const Observation& one, const std::string& characteristic) = 0;
  /// Rises by one at each call, durable with this transaction; never reused.
  virtual Result<std::uint64_t> nextCaptureCounter() = 0;

  /// Its octets, read by the decoders of today, have this key: insertCapture knows it from now on.
  virtual Result<AliasInsert> insertAlias(const ReadingKey& alias, const ReadingKey& capture) = 0;
  /// `copy` is a capture of the same record, given to another person than `origin` was sent for.
  virtual Result<void> insertHandover(const ReadingKey& copy, const ReadingKey& origin) = 0;
  /// The capture that the device sent, first, and its copies, in the order of their keys; of one
  /// that was never handed over itself alone.
  virtual Result<std::vector<ReadingKey>> kinOf(const ReadingKey& capture) = 0;

  /// By key; nullopt: none.
  virtual Result<std::optional<StoredCapture>> capture(const ReadingKey& key) = 0;
  /// What a capture was found to be when it was interpreted anew.
  virtual Result<void> setDisposition(const ReadingKey& key, intake::Disposition disposition,
                                      intake::Reason reason) = 0;

  /// Takes the place of one before. It is what interpretations of this capture go by from now on.
  virtual Result<void> setDecision(const ReadingKey& key, const intake::Decision& decision,
                                   UtcTime now) = 0;

  // The hub's clock.
  /// Its id.
  virtual Result<std::int64_t> insertClockPeriod(const ClockPeriod& period) = 0;
  /// From now on its captures come with their times moved by `correction`.
  virtual Result<void> correctClockPeriod(std::int64_t period, Milliseconds correction) = 0;
  /// Of corrected periods: captures that have not been interpreted anew, oldest first.
  virtual Result<std::vector<ReadingKey>> capturesToPlaceAnew(std::size_t limit) = 0;
  virtual Result<void> setPlacedAnew(const ReadingKey& key) = 0;
  virtual Result<void> setClockFloor(UtcTime floor) = 0;

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
  virtual Result<ClockMemory> clockMemory() = 0;
  /// The value of the last nextCaptureCounter(); 0: none yet.
  virtual Result<std::uint64_t> captureCounter() = 0;
  /// See ble::RecordSink::lastRecordNumber.
  virtual Result<std::optional<std::uint32_t>> lastRecordNumber(
      const DeviceId& device, const std::string& characteristic) = 0;
};

}  // namespace vardnav::hub
