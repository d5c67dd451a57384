// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whose a stored capture is: a person's word on it, and what becomes of a reading that turns out to
// be another's. The backend knows it under the first person, and a key under two persons would be a
// conflict there, in whatever order the two came. So it is taken back from the first as its next
// revision, and a copy of the capture, with a key of its own, is the other's.

#include <utility>

#include "hub/core/hub_core.h"

namespace vardnav::hub {
namespace {

using intake::Disposition;

/// What was a person's and is no longer: the same values, marked so that they count nowhere.
std::vector<Observation> takenBack(std::vector<Observation> observations) {
  for (Observation& observation : observations) {
    observation.flags.set(Flag::kPersonOther);
    ++observation.revision;
  }
  return observations;
}

bool isAccepted(const StoredCapture& stored) {
  return stored.capture.disposition == Disposition::kAccepted;
}

bool isOf(const StoredCapture& stored, const PersonId& person) {
  return isAccepted(stored) && !stored.observations.empty() &&
         stored.observations.front().person == person;
}

bool isHeld(const StoredCapture& stored) {
  return isAccepted(stored) && !stored.observations.empty() && !isTakenBack(stored.observations);
}

Result<void> mayDecide(const StoredCapture& stored, const intake::Decision& decision) {
  const Capture& capture = stored.capture;
  const std::string name = "capture " + capture.key.toHex();
  if (isHeld(stored)) {
    if (!capture.decision) return fail(ErrorCode::kInvalidInput, name + " is not in quarantine");
    if (decision.person && isOf(stored, *decision.person)) {
      return fail(ErrorCode::kInvalidInput, name + " is of that person already");
    }
    return {};
  }
  if (isAccepted(stored) || intake::isForAPerson(capture.reason) ||
      capture.reason == intake::Reason::kDiscarded) {
    return {};
  }
  if (capture.reason == intake::Reason::kControlSolution) {
    if (!decision.person) return {};
    return fail(ErrorCode::kInvalidInput,
                name + " is of a control solution, and nobody's: it can only be discarded");
  }
  return fail(ErrorCode::kInvalidInput, name + " is not for a person to settle (" +
                                            std::string(nameOf(capture.reason)) + ")");
}

}  // namespace

bool isTakenBack(const std::vector<Observation>& reading) {
  return !reading.empty() && reading.front().flags.has(Flag::kPersonOther);
}

Result<void> HubCore::tell(JournalTransaction& transaction, const std::vector<Observation>& is,
                           const std::vector<Observation>& was, UtcTime now) {
  if (auto queued = transaction.enqueueReading(is.front().reading, now); !queued) return queued;
  const auto verdicts = judge(transaction, is, was, now);
  if (!verdicts) return std::unexpected(verdicts.error());
  return {};
}

Result<void> HubCore::takeBack(JournalTransaction& transaction, const StoredCapture& stored,
                               UtcTime now) {
  const std::vector<Observation> is = takenBack(stored.observations);
  for (const Observation& observation : is) {
    if (auto done = transaction.insertObservation(observation); !done) return done;
  }
  return tell(transaction, is, stored.observations, now);
}

Result<HubCore::Change> HubCore::handOver(JournalTransaction& transaction,
                                          const StoredCapture& stored, const PersonId& person,
                                          UtcTime now) {
  const bool isHis = isHeld(stored);
  if (isHis) {
    if (auto done = takeBack(transaction, stored, now); !done) return std::unexpected(done.error());
  }
  const auto isGiven = giveTo(transaction, stored, {person}, false, now);
  if (!isGiven) return std::unexpected(isGiven.error());
  if (isHis) return Change::kTakenBack;
  return *isGiven ? Change::kOther : Change::kNone;
}

Result<bool> HubCore::giveTo(JournalTransaction& transaction, const StoredCapture& from,
                             const intake::Decision& decision, bool isDecided, UtcTime now) {
  const auto kin = transaction.kinOf(from.capture.key);
  if (!kin) return std::unexpected(kin.error());
  for (const ReadingKey& key : *kin) {
    const auto known = transaction.capture(key);
    if (!known) return std::unexpected(known.error());
    if (!*known || !isOf(**known, *decision.person)) continue;
    // It was this person's before.
    if (isDecided) {
      if (auto done = transaction.setDecision(key, decision, now); !done) {
        return std::unexpected(done.error());
      }
    }
    const auto change = reinterpretWithin(transaction, key, now, Anew::kApply);
    if (!change) return std::unexpected(change.error());
    return *change != Change::kNone;
  }
  return copyFor(transaction, from, kin->front(), decision, isDecided, now);
}

Result<bool> HubCore::copyFor(JournalTransaction& transaction, const StoredCapture& from,
                              const ReadingKey& origin, const intake::Decision& decision,
                              bool isDecided, UtcTime now) {
  Capture copy = from.capture;
  copy.key = intake::handedOverKey(origin, *decision.person);
  copy.disposition = Disposition::kAccepted;
  copy.reason = intake::Reason::kNone;
  copy.decision.reset();
  // Its times are moved already.
  if (copy.record.isHubClockTrusted) copy.clockPeriod.reset();
  const auto isNew = transaction.insertCapture(copy);
  if (!isNew || !*isNew) return isNew;
  if (auto done = transaction.insertHandover(copy.key, origin); !done) {
    return std::unexpected(done.error());
  }
  if (isDecided) {
    if (auto done = transaction.setDecision(copy.key, decision, now); !done) {
      return std::unexpected(done.error());
    }
  }
  intake::Interpretation understood = intake::interpret(copy.record, household_.bindings, decision);
  for (Observation& observation : understood.observations) {
    observation.reading = copy.key;
    if (from.observations.front().flags.has(Flag::kSuspectedRepeat)) {
      observation.flags.set(Flag::kSuspectedRepeat);
    }
    if (auto done = transaction.insertObservation(observation); !done) {
      return std::unexpected(done.error());
    }
  }
  if (auto told = tell(transaction, understood.observations, {}, now); !told) {
    return std::unexpected(told.error());
  }
  return true;
}

Result<void> HubCore::decide(const ReadingKey& key, const intake::Decision& decision) {
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  auto stored = (*transaction)->capture(key);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return fail(ErrorCode::kNotFound, "no capture " + key.toHex());
  const auto takenBack = decideWithin(**transaction, **std::move(stored), decision);
  if (!takenBack) return std::unexpected(takenBack.error());
  if (auto committed = (*transaction)->commit(); !committed) return committed;
  if (*takenBack) drops_.count(Drop::kTakenBack);
  if (!decision.person) drops_.count(Drop::kDiscarded);
  return {};
}

Result<bool> HubCore::decideWithin(JournalTransaction& transaction, StoredCapture asked,
                                   const intake::Decision& decision) {
  // Whichever of its copies the technician names, it is about the one that is somebody's now.
  const auto kin = transaction.kinOf(asked.capture.key);
  if (!kin) return std::unexpected(kin.error());
  for (const ReadingKey& each : *kin) {
    auto known = transaction.capture(each);
    if (!known) return std::unexpected(known.error());
    if (*known && isHeld(**known)) asked = **std::move(known);
  }
  if (auto may = mayDecide(asked, decision); !may) return std::unexpected(may.error());
  const UtcTime now = clock_.utcNow();
  const bool isAnothersNow = isAccepted(asked) && decision.person.has_value();
  bool wasTakenBack = false;
  if (!isAnothersNow || isHeld(asked)) {
    const intake::Decision first = isAnothersNow ? intake::Decision{} : decision;
    auto done = transaction.setDecision(asked.capture.key, first, now);
    if (!done) return std::unexpected(done.error());
    const auto change = reinterpretWithin(transaction, asked.capture.key, now, Anew::kApply);
    if (!change) return std::unexpected(change.error());
    wasTakenBack = *change == Change::kTakenBack;
  }
  if (!isAnothersNow) {
    const auto settled = transaction.capture(asked.capture.key);
    if (!settled) return std::unexpected(settled.error());
    if (decision.person && !isOf(**settled, *decision.person)) {
      return fail(ErrorCode::kInvalidInput,
                  "capture " + asked.capture.key.toHex() + " cannot be anybody's (" +
                      std::string(nameOf((*settled)->capture.reason)) + ")");
    }
    return wasTakenBack;
  }
  const auto isGiven = giveTo(transaction, asked, decision, true, now);
  if (!isGiven) return std::unexpected(isGiven.error());
  if (*isGiven) return wasTakenBack;
  return fail(ErrorCode::kInvalidInput,
              "capture " + asked.capture.key.toHex() +
                  " cannot be given to that person: what it once was of them is removed");
}

}  // namespace vardnav::hub
