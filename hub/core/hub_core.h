// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's unit of work: the records that are there, one transaction. Interprets them, keeps their
// bytes, judges their observations, queues what the backend must know, and commits all of it or
// nothing. Pure of libraries; loop thread only.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "hub/core/drop.h"
#include "hub/core/household.h"
#include "hub/core/hub_clock.h"
#include "hub/core/in_flight.h"
#include "hub/core/journal.h"
#include "pipelines/intake/intake.h"
#include "pipelines/model/clock.h"
#include "pipelines/model/error.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/verdict.h"
#include "rules/engine/watch.h"

namespace vardnav::hub {

/// What became of a record. It is on disk.
struct Accepted {
  ReadingKey key;
  intake::Disposition disposition = intake::Disposition::kRefused;
  intake::Reason reason = intake::Reason::kNone;
  bool isDuplicate = false;    ///< its key was known: nothing was written
  bool hasClockFault = false;  ///< accepted, with a time that cannot be relied on
  std::size_t verdicts = 0;
};

/// Said to be no longer its person's.
bool isTakenBack(const std::vector<Observation>& reading);

class HubCore {
 public:
  /// All outlive the core.
  HubCore(Journal& journal, const Household& household, const Clock& clock, InFlightNote& note,
          DropBook& drops)
      : journal_(journal), household_(household), clock_(clock), note_(note), drops_(drops) {}

  /// All in one transaction, with the same outcome as one after the other; an answer for each, in
  /// order. An error means that nothing of that record was stored: the device must not be told to
  /// go on. Where they cannot be committed together each is tried alone, and what a device's
  /// cursor would pass an unstored record by is not stored either.
  std::vector<Result<Accepted>> accept(std::vector<RawRecord> records);
  Result<Accepted> accept(RawRecord record);
  /// At start, before accept(): finishes what an earlier process was interpreting when it ended,
  /// or sets it aside raw if it has ended two. What was not finished already, in order.
  Result<std::vector<Accepted>> resume();

  /// Records are taken in this period from now on; it is kept if it is not trusted. Once at
  /// start, and when the time becomes known.
  Result<void> beginClockPeriod(HubClock& clock);
  /// Keeps what time it is for the next start. Each accepted record does so too, if the clock is
  /// trusted.
  Result<void> keepClockFloor(const HubClock& clock);
  /// While the clock is trusted: interprets anew, in one transaction, at most `limit` captures of
  /// untrusted periods whose true time is known now. How many; 0: all are done.
  Result<std::size_t> placeAnew(const HubClock& clock, std::size_t limit);
  /// Interprets a capture with the decoders and bindings of today. True: something changed, and a
  /// new revision was made, judged and queued. kNotFound: no such capture.
  Result<bool> reinterpret(const ReadingKey& key);

  /// A person says of a quarantined capture whose it is, or that it is nobody's: it is interpreted
  /// anew by that, now and ever after. One that was settled so may still be discarded, or given to
  /// another: it is taken back from the first, and is the other's under a key of its own. A control
  /// solution can be discarded. kInvalidInput with what is in the way; kNotFound: no such capture.
  Result<void> decide(const ReadingKey& key, const intake::Decision& decision);

  enum class Anew : std::uint8_t {
    kApply,  ///< as reinterpret()
    kMend,   ///< only where it was accepted and still is: no binding of today takes it back
    /// What was accepted stays its person's, unless another slot or time than was read before says
    /// otherwise; what was not goes by today's bindings. What has ended the hub is left alone.
    kDecode,
    kTryDecode,       ///< the same, and nothing is changed
    kDecodeDangerous  ///< as kDecode, also what has ended the hub
  };
  /// reinterpret() for many, in one transaction. How many change.
  Result<std::size_t> reinterpret(const std::vector<ReadingKey>& keys, Anew how);

  /// What the clock brings: ends of gates, slots, graces, cool-downs and pauses, and absence. About
  /// once a second while the time is known; costs nothing until something is due. How many verdicts
  /// were queued.
  Result<std::size_t> onTick();
  /// The household has changed: what is due is reckoned anew.
  void onHouseholdChanged() { isDueKnown_ = false; }

 private:
  /// Those that are to be tried, together.
  Result<std::vector<Accepted>> acceptNoted(InFlight& inFlight);
  std::vector<Result<Accepted>> acceptOneByOne(const std::vector<InFlight::Noted>& records);
  Result<std::vector<Accepted>> acceptTogether(std::span<const InFlight::Noted> records);
  Result<Accepted> acceptWithin(JournalTransaction& transaction, rules::States& states,
                                const RawRecord& record, UtcTime now);
  /// Two readings under one record number and time: one of them is false, and nothing here tells
  /// which. The one that is not a person's yet waits for somebody to say so.
  static Result<void> quarantineRival(JournalTransaction& transaction,
                                      const std::string& characteristic,
                                      intake::Interpretation& understood);
  Result<void> finishEach(InFlight inFlight, std::vector<Accepted>& finished);
  Result<Accepted> finish(const InFlight::Noted& noted);
  Result<Accepted> setAside(const RawRecord& record);
  enum class Change : std::uint8_t { kNone, kKey, kOther, kTakenBack };
  Result<Change> reinterpretWithin(JournalTransaction& transaction, const ReadingKey& key,
                                   UtcTime now, Anew how);
  Result<Change> applyWithin(JournalTransaction& transaction, const StoredCapture& stored,
                             intake::Interpretation understood, UtcTime now, Anew how);
  Result<Change> handOver(JournalTransaction& transaction, const StoredCapture& stored,
                          const PersonId& person, UtcTime now);
  /// True: something was done. `isDecided`: by a person, and to be kept.
  Result<bool> giveTo(JournalTransaction& transaction, const StoredCapture& from,
                      const intake::Decision& decision, bool isDecided, UtcTime now);
  Result<bool> copyFor(JournalTransaction& transaction, const StoredCapture& from,
                       const ReadingKey& origin, const intake::Decision& decision, bool isDecided,
                       UtcTime now);
  /// True: it was taken back from somebody.
  Result<bool> decideWithin(JournalTransaction& transaction, StoredCapture asked,
                            const intake::Decision& decision);
  Result<void> takeBack(JournalTransaction& transaction, const StoredCapture& stored, UtcTime now);
  /// A revision whose observations are stored: queued and judged.
  Result<void> tell(JournalTransaction& transaction, const std::vector<Observation>& is,
                    const std::vector<Observation>& was, UtcTime now);
  void count(const Accepted& accepted);
  Result<std::size_t> judge(JournalTransaction& transaction, rules::States& states,
                            const std::vector<Observation>& is, const std::vector<Observation>& was,
                            UtcTime now);
  Result<std::size_t> judge(JournalTransaction& transaction, const std::vector<Observation>& is,
                            const std::vector<Observation>& was, UtcTime now);
  Result<std::size_t> enqueue(JournalTransaction& transaction, const std::vector<Verdict>& told,
                              UtcTime now);
  const rules::Watch& watchOf(const Patient& patient);

  Journal& journal_;
  const Household& household_;
  const Clock& clock_;
  InFlightNote& note_;
  DropBook& drops_;
  std::optional<std::int64_t> clockPeriod_;  ///< the untrusted one that records are taken in
  struct Compiled {
    std::string signature;
    rules::Watch watch;
  };
  std::map<PersonId, Compiled> watches_;
  std::optional<UtcTime> due_;  ///< when the clock brings something; nullopt: nothing
  bool isDueKnown_ = false;
};

}  // namespace vardnav::hub
