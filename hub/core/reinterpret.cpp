// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What was captured is interpreted anew when the time becomes known, a decoder learns more or a
// binding changes. The reading stays the same; what it is found to be is its next revision.

#include <algorithm>
#include <span>
#include <utility>

#include "hub/core/hub_core.h"
#include "pipelines/intake/identity.h"

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

/// Whether another slot or time than was read before makes it another's, whatever has become of the
/// bindings since.
bool isReadOtherwise(const Observation& before, const intake::Interpretation& understood,
                     std::span<const intake::Binding> bindings) {
  if (understood.observations.empty()) return true;
  const Observation& now = understood.observations.front();
  if (now.slot != before.slot) return true;
  const bool isSameTime = now.at == before.at && now.method == before.method &&
                          now.flags.has(Flag::kClockFault) == before.flags.has(Flag::kClockFault);
  if (isSameTime) return false;
  intake::User user;
  if (before.slot) user.emplace(*before.slot);
  const auto then = intake::attribute(before.device, user, before.at, bindings);
  return then.reason != understood.reason || then.person != now.person;
}

/// By today's decoders and bindings, or a person's word. Where only decoders have changed, what was
/// a person's stays so: bindings may have changed as well, and no longer tell of its time.
intake::Interpretation understoodAnew(const StoredCapture& stored,
                                      std::span<const intake::Binding> bindings,
                                      HubCore::Anew how) {
  const Capture& capture = stored.capture;
  intake::Interpretation understood = intake::interpret(capture.record, bindings, capture.decision);
  const bool wasSomebodys =
      capture.disposition == Disposition::kAccepted && !stored.observations.empty();
  if (how == HubCore::Anew::kApply || !wasSomebodys || capture.decision) return understood;
  const Observation& before = stored.observations.front();
  if (how != HubCore::Anew::kMend && isReadOtherwise(before, understood, bindings)) {
    return understood;
  }
  return intake::interpret(capture.record, bindings, intake::Decision{before.person});
}

/// Under which key these octets will come if the device sends them again. kKnown also where that is
/// the one they have, or none that could be told.
Result<AliasInsert> keepAlias(JournalTransaction& transaction, const Capture& capture,
                              const intake::Interpretation& understood) {
  if (understood.needsCounter) return AliasInsert::kKnown;
  const ReadingKey key = intake::readingKey(capture.record, understood, std::nullopt);
  if (key == capture.key) return AliasInsert::kKnown;
  return transaction.insertAlias(key, capture.key);
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
  bool isWritten = false;
  for (const ReadingKey& key : keys) {
    const auto change = reinterpretWithin(**transaction, key, clock_.utcNow(), how);
    if (!change) return std::unexpected(change.error());
    if (*change != Change::kNone) isWritten = true;
    if (*change == Change::kOther || *change == Change::kTakenBack) ++changed;
    if (*change == Change::kTakenBack) ++takenBack;
  }
  if (how == Anew::kTryDecode || !isWritten) return changed;
  if (auto committed = (*transaction)->commit(); !committed) {
    return std::unexpected(committed.error());
  }
  drops_.count(Drop::kTakenBack, takenBack);
  return changed;
}

Result<HubCore::Change> HubCore::reinterpretWithin(JournalTransaction& transaction,
                                                   const ReadingKey& key, UtcTime now, Anew how) {
  auto stored = transaction.capture(key);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return fail(ErrorCode::kNotFound, "no capture " + key.toHex());
  const Capture& capture = (*stored)->capture;
  const bool isDangerous = capture.reason == intake::Reason::kUnfinished;
  if (isDangerous && how != Anew::kDecodeDangerous) return Change::kNone;

  intake::Interpretation understood = understoodAnew(**stored, household_.bindings, how);
  for (Observation& observation : understood.observations) observation.reading = key;
  keepSuspicion((*stored)->observations, understood.observations);
  const auto alias = keepAlias(transaction, capture, understood);
  if (!alias) return std::unexpected(alias.error());
  // The device has sent it again meanwhile, and that is a reading already.
  const bool isTwice = *alias == AliasInsert::kAnothers;
  if (isTwice && capture.disposition != Disposition::kAccepted) return Change::kNone;
  const auto change = applyWithin(transaction, **stored, std::move(understood), now, how);
  if (!change || *change != Change::kNone) return change;
  return *alias == AliasInsert::kNew ? Change::kKey : Change::kNone;
}

Result<HubCore::Change> HubCore::applyWithin(JournalTransaction& transaction,
                                             const StoredCapture& stored,
                                             intake::Interpretation understood, UtcTime now,
                                             Anew how) {
  const auto& [capture, before] = stored;
  const bool wasAccepted = capture.disposition == Disposition::kAccepted;
  if (!wasAccepted && !capture.decision) {
    const std::string& characteristic = capture.record.characteristic;
    if (auto done = quarantineRival(transaction, characteristic, understood); !done) {
      return std::unexpected(done.error());
    }
  }
  const bool isAccepted = understood.disposition == Disposition::kAccepted;
  const bool wasTakenBack = wasAccepted && isTakenBack(before);
  if (how != Anew::kApply && wasTakenBack) return Change::kNone;
  if (how == Anew::kMend && (!wasAccepted || !isAccepted)) return Change::kNone;
  if (wasAccepted && !isAccepted) {
    if (before.empty() || wasTakenBack) return Change::kNone;
    if (auto done = takeBack(transaction, stored, now); !done) return std::unexpected(done.error());
    return Change::kTakenBack;
  }
  if (wasAccepted && !before.empty() &&
      before.front().person != understood.observations.front().person) {
    return handOver(transaction, stored, understood.observations.front().person, now);
  }
  if (capture.disposition == understood.disposition && capture.reason == understood.reason &&
      (understood.observations.empty() || isSame(before, understood.observations))) {
    return Change::kNone;
  }
  auto done = transaction.setDisposition(capture.key, understood.disposition, understood.reason);
  if (!done) return std::unexpected(done.error());
  const std::uint16_t revision = before.empty() ? 1 : before.front().revision + 1;
  for (Observation& observation : understood.observations) {
    observation.revision = revision;
    if (done = transaction.insertObservation(observation); !done) {
      return std::unexpected(done.error());
    }
  }
  if (!isAccepted) return Change::kOther;
  const std::vector<Observation> was = wasAccepted ? before : std::vector<Observation>{};
  if (done = tell(transaction, understood.observations, was, now); !done) {
    return std::unexpected(done.error());
  }
  return Change::kOther;
}

}  // namespace vardnav::hub
