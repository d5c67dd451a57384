// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What was captured is interpreted anew when the time becomes known, a decoder learns more or a
// binding changes. The reading stays the same; what it is found to be is its next revision.

#include <algorithm>
#include <utility>

#include "hub/core/hub_core.h"

namespace vardnav::hub {
namespace {

using intake::Disposition;

/// All but the revision.
bool isSame(const Observation& a, const Observation& b) {
  return a.code == b.code && a.value == b.value && a.unit == b.unit && a.person == b.person &&
         a.slot == b.slot && a.at == b.at && a.method == b.method &&
         a.uncertainty == b.uncertainty && a.flags == b.flags && a.receivedAt == b.receivedAt;
}

bool isSame(const std::vector<Observation>& a, const std::vector<Observation>& b) {
  return std::ranges::equal(
      a, b, [](const Observation& left, const Observation& right) { return isSame(left, right); });
}

/// A suspicion of a repeat is not of the octets' making, and is kept.
void keepSuspicion(const std::vector<Observation>& before, std::vector<Observation>& now) {
  const auto isSuspected = [](const Observation& observation) {
    return observation.flags.has(Flag::kSuspectedRepeat);
  };
  if (std::ranges::none_of(before, isSuspected)) return;
  for (Observation& observation : now) observation.flags.set(Flag::kSuspectedRepeat);
}

/// What was a person's and is no longer: the same values, marked so that they count nowhere. The
/// backend must hear of it, and it knows the reading under that person.
std::vector<Observation> takenBack(std::vector<Observation> observations) {
  for (Observation& observation : observations) observation.flags.set(Flag::kPersonOther);
  return observations;
}

/// What one goes by whose decoder has changed: not by bindings that may have changed as well, and
/// may no longer tell of its time.
std::optional<intake::Decision> decisionOf(const StoredCapture& stored, HubCore::Anew how) {
  const bool isOfDecoders = how == HubCore::Anew::kDecode || how == HubCore::Anew::kTryDecode;
  const bool hasPerson =
      stored.capture.disposition == Disposition::kAccepted && !stored.observations.empty();
  if (!isOfDecoders || !hasPerson || stored.capture.decision) return stored.capture.decision;
  return intake::Decision{stored.observations.front().person};
}

Result<void> mayDecide(const Capture& capture, const intake::Decision& decision) {
  const std::string name = "capture " + capture.key.toHex();
  const bool isAccepted = capture.disposition == Disposition::kAccepted;
  if (isAccepted && !capture.decision) {
    return fail(ErrorCode::kInvalidInput, name + " is not in quarantine");
  }
  if (isAccepted && decision.person) {
    return fail(ErrorCode::kInvalidInput, name + " is settled already: it can only be discarded");
  }
  if (!isAccepted && !intake::isForAPerson(capture.reason) &&
      capture.reason != intake::Reason::kDiscarded) {
    return fail(ErrorCode::kInvalidInput, name + " is not for a person to settle (" +
                                              std::string(nameOf(capture.reason)) + ")");
  }
  return {};
}

}  // namespace

Result<void> HubCore::beginClockPeriod(HubClock& clock) {
  clockPeriod_.reset();
  if (clock.isTrusted()) return {};
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  const auto id = (*transaction)->insertClockPeriod(clock.period());
  if (!id) return std::unexpected(id.error());
  if (auto committed = (*transaction)->commit(); !committed) return committed;
  clock.setPeriodId(*id);
  clockPeriod_ = *id;
  return {};
}

Result<void> HubCore::keepClockFloor(const HubClock& clock) {
  const auto floor = clock.floorNow();
  if (!floor) return {};
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done = (*transaction)->setClockFloor(*floor); !done) return done;
  return (*transaction)->commit();
}

Result<std::size_t> HubCore::placeAnew(const HubClock& clock, std::size_t limit) {
  const auto memory = journal_.clockMemory();
  if (!memory) return std::unexpected(memory.error());
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  for (const ClockPeriod& period : memory->uncorrected) {
    const auto correction = clock.correctionOf(period);
    if (!correction) continue;
    if (auto done = (*transaction)->correctClockPeriod(period.id, *correction); !done) {
      return std::unexpected(done.error());
    }
  }
  const auto keys = (*transaction)->capturesToPlaceAnew(limit);
  if (!keys) return std::unexpected(keys.error());
  std::uint64_t takenBack = 0;
  for (const ReadingKey& key : *keys) {
    const auto change = reinterpretWithin(**transaction, key, clock_.utcNow(), Anew::kApply);
    if (!change) return std::unexpected(change.error());
    if (*change == Change::kTakenBack) ++takenBack;
    if (auto done = (*transaction)->setPlacedAnew(key); !done) {
      return std::unexpected(done.error());
    }
  }
  if (auto committed = (*transaction)->commit(); !committed) {
    return std::unexpected(committed.error());
  }
  drops_.count(Drop::kTakenBack, takenBack);
  return keys->size();
}

Result<bool> HubCore::reinterpret(const ReadingKey& key) {
  const auto changed = reinterpret(std::vector{key}, Anew::kApply);
  if (!changed) return std::unexpected(changed.error());
  return *changed > 0;
}

Result<std::size_t> HubCore::reinterpret(const std::vector<ReadingKey>& keys, Anew how) {
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  std::size_t changed = 0;
  std::uint64_t takenBack = 0;
  for (const ReadingKey& key : keys) {
    const auto change = reinterpretWithin(**transaction, key, clock_.utcNow(), how);
    if (!change) return std::unexpected(change.error());
    if (*change != Change::kNone) ++changed;
    if (*change == Change::kTakenBack) ++takenBack;
  }
  if (how == Anew::kTryDecode || changed == 0) return changed;
  if (auto committed = (*transaction)->commit(); !committed) {
    return std::unexpected(committed.error());
  }
  drops_.count(Drop::kTakenBack, takenBack);
  return changed;
}

Result<void> HubCore::decide(const ReadingKey& key, const intake::Decision& decision) {
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  auto stored = (*transaction)->capture(key);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return fail(ErrorCode::kNotFound, "no capture " + key.toHex());
  if (auto may = mayDecide((*stored)->capture, decision); !may) return may;
  const UtcTime now = clock_.utcNow();
  if (auto done = (*transaction)->setDecision(key, decision, now); !done) return done;
  const auto change = reinterpretWithin(**transaction, key, now, Anew::kApply);
  if (!change) return std::unexpected(change.error());
  if (auto committed = (*transaction)->commit(); !committed) return committed;
  if (*change == Change::kTakenBack) drops_.count(Drop::kTakenBack);
  if (!decision.person) drops_.count(Drop::kDiscarded);
  return {};
}

Result<HubCore::Change> HubCore::reinterpretWithin(JournalTransaction& transaction,
                                                   const ReadingKey& key, UtcTime now, Anew how) {
  auto stored = transaction.capture(key);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return fail(ErrorCode::kNotFound, "no capture " + key.toHex());
  const Capture& capture = (*stored)->capture;
  const std::vector<Observation>& before = (*stored)->observations;

  intake::Interpretation understood =
      intake::interpret(capture.record, household_.bindings, decisionOf(**stored, how));
  for (Observation& observation : understood.observations) observation.reading = key;
  keepSuspicion(before, understood.observations);
  const bool wasAccepted = capture.disposition == Disposition::kAccepted;
  const bool isAccepted = understood.disposition == Disposition::kAccepted;
  const bool wasTakenBack =
      wasAccepted && !before.empty() && before.front().flags.has(Flag::kPersonOther);
  if (how != Anew::kApply && wasTakenBack) return Change::kNone;
  if (how == Anew::kMend && (!wasAccepted || !isAccepted)) return Change::kNone;
  const bool isTakenBack = wasAccepted && !isAccepted;
  if (isTakenBack) {
    if (before.empty() || before.front().flags.has(Flag::kPersonOther)) return Change::kNone;
    understood.observations = takenBack(before);
  } else if (capture.disposition == understood.disposition && capture.reason == understood.reason &&
             (understood.observations.empty() || isSame(before, understood.observations))) {
    return Change::kNone;
  } else if (auto done = transaction.setDisposition(key, understood.disposition, understood.reason);
             !done) {
    return std::unexpected(done.error());
  }
  const std::uint16_t revision = before.empty() ? 1 : before.front().revision + 1;
  for (Observation& observation : understood.observations) {
    observation.revision = revision;
    if (auto done = transaction.insertObservation(observation); !done) {
      return std::unexpected(done.error());
    }
  }
  if (!wasAccepted && !isAccepted) return Change::kOther;
  if (auto queued = transaction.enqueueReading(key, now); !queued) {
    return std::unexpected(queued.error());
  }
  const std::vector<Observation> was = wasAccepted ? before : std::vector<Observation>{};
  if (const auto verdicts = judge(transaction, understood.observations, was, now); !verdicts) {
    return std::unexpected(verdicts.error());
  }
  return isTakenBack ? Change::kTakenBack : Change::kOther;
}

}  // namespace vardnav::hub
