// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/hub_core.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/engine/watch.h"

namespace vardnav::hub {
namespace {

/// The same value from the same device again this soon is likelier one act than two.
constexpr Milliseconds kRepeatWithin = std::chrono::minutes{5};

/// Without number and time nothing tells a repeat from a second measurement: it is flagged, and
/// not merged.
Result<void> flagRepeats(const JournalTransaction& transaction, std::vector<Observation>& reading) {
  for (Observation& observation : reading) {
    const auto past = transaction.observations(observation.person, observation.code,
                                               observation.at - kRepeatWithin, observation.at);
    if (!past) return std::unexpected(past.error());
    const auto isSame = [&](const Observation& other) {
      return other.device == observation.device && other.slot == observation.slot &&
             other.unit == observation.unit && other.value == observation.value;
    };
    if (std::ranges::any_of(*past, isSame)) observation.flags.set(Flag::kSuspectedRepeat);
  }
  return {};
}

}  // namespace

Result<Accepted> HubCore::accept(RawRecord record) {
  auto accepted = acceptNoted(std::move(record));
  if (!accepted) drops_.count(Drop::kNotStored);
  return accepted;
}

Result<Accepted> HubCore::acceptNoted(RawRecord record) {
  record.isHubClockTrusted = !clockPeriod_;
  const auto counter = journal_.captureCounter();
  if (!counter) return std::unexpected(counter.error());
  // Where the note cannot be written the record must not be refused for it: the journal decides.
  const bool isNoted = note_.set({record, 1, false, *counter, clockPeriod_}).has_value();
  auto accepted = acceptOnce(std::move(record));
  if (isNoted) (void)note_.clear();
  return accepted;
}

Result<std::optional<Accepted>> HubCore::resume() {
  auto left = note_.left();
  if (!left) return std::unexpected(left.error());
  if (!*left) return std::nullopt;
  InFlight inFlight = **std::move(left);
  const auto counter = journal_.captureCounter();
  if (!counter) return std::unexpected(counter.error());
  std::optional<Accepted> finished;
  if (*counter == inFlight.captureCounter) {
    const bool isPoison = inFlight.attempt > 1 && !inFlight.isCommitting;
    if (!inFlight.isCommitting) ++inFlight.attempt;
    inFlight.isCommitting = false;
    if (auto noted = note_.set(inFlight); !noted) return std::unexpected(noted.error());
    const auto period = std::exchange(clockPeriod_, inFlight.clockPeriod);
    auto accepted = isPoison ? setAside(inFlight) : acceptOnce(inFlight.record);
    clockPeriod_ = period;
    if (!accepted) {
      // It did not end the hub: a full disk is no poison.
      inFlight.attempt = 1;
      (void)note_.set(inFlight);
      return std::unexpected(accepted.error());
    }
    if (!accepted->isDuplicate) finished = *accepted;
  }
  if (auto cleared = note_.clear(); !cleared) return std::unexpected(cleared.error());
  return finished;
}

Result<Accepted> HubCore::setAside(const InFlight& inFlight) {
  Accepted accepted;
  accepted.reason = intake::Reason::kUnfinished;
  // Whatever interpreting it does, its octets are a key of their own.
  intake::Interpretation raw;
  raw.keyBytes = Bytes(inFlight.record.bytes);
  accepted.key = intake::readingKey(inFlight.record, raw, std::nullopt);
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  const auto isNew = (*transaction)
                         ->insertCapture({accepted.key, inFlight.record, clockPeriod_,
                                          accepted.disposition, accepted.reason, std::nullopt});
  if (!isNew) return std::unexpected(isNew.error());
  accepted.isDuplicate = !*isNew;
  if (auto committed = (*transaction)->commit(); !committed) {
    return std::unexpected(committed.error());
  }
  count(accepted);
  return accepted;
}

void HubCore::count(const Accepted& accepted) {
  if (accepted.isDuplicate) return drops_.count(Drop::kDuplicate);
  if (accepted.hasClockFault) drops_.count(Drop::kClockFault);
  if (accepted.disposition == intake::Disposition::kAccepted) return;
  drops_.count(dropOf(accepted.reason));
}

Result<Accepted> HubCore::acceptOnce(RawRecord record) {
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  auto accepted = acceptWithin(**transaction, std::move(record), clock_.utcNow());
  if (!accepted) return accepted;
  if (!accepted->isDuplicate) {
    (void)note_.setCommitting();
    if (const auto committed = (*transaction)->commit(); !committed) {
      return std::unexpected(committed.error());
    }
  }
  count(*accepted);
  return accepted;
}

Result<Accepted> HubCore::acceptWithin(JournalTransaction& transaction, RawRecord record,
                                       UtcTime now) {
  intake::Interpretation understood = intake::interpret(record, household_.bindings);
  std::optional<std::uint64_t> counter;
  if (understood.needsCounter) {
    const auto next = transaction.nextCaptureCounter();
    if (!next) return std::unexpected(next.error());
    counter = *next;
  }
  Accepted accepted;
  accepted.key = intake::readingKey(record, understood, counter);
  accepted.disposition = understood.disposition;
  accepted.reason = understood.reason;
  const auto isNew =
      transaction.insertCapture({accepted.key, std::move(record), clockPeriod_,
                                 understood.disposition, understood.reason, std::nullopt});
  if (!isNew) return std::unexpected(isNew.error());
  accepted.isDuplicate = !*isNew;
  if (accepted.isDuplicate) return accepted;

  if (understood.needsCounter) {
    if (const auto flagged = flagRepeats(transaction, understood.observations); !flagged) {
      return std::unexpected(flagged.error());
    }
  }
  for (Observation& observation : understood.observations) {
    observation.reading = accepted.key;
    if (const auto stored = transaction.insertObservation(observation); !stored) {
      return std::unexpected(stored.error());
    }
  }
  if (!clockPeriod_) {
    if (const auto kept = transaction.setClockFloor(now); !kept) {
      return std::unexpected(kept.error());
    }
  }
  if (understood.disposition != intake::Disposition::kAccepted) return accepted;

  accepted.hasClockFault = std::ranges::any_of(
      understood.observations,
      [](const Observation& observation) { return observation.flags.has(Flag::kClockFault); });
  if (const auto queued = transaction.enqueueReading(accepted.key, now); !queued) {
    return std::unexpected(queued.error());
  }
  const auto verdicts = judgeAll(transaction, understood.observations, now);
  if (!verdicts) return std::unexpected(verdicts.error());
  accepted.verdicts = *verdicts;
  return accepted;
}

Result<std::size_t> HubCore::judgeAll(JournalTransaction& transaction,
                                      const std::vector<Observation>& reading, UtcTime now) {
  return judge(transaction, reading, {}, now);
}

const rules::Watch& HubCore::watchOf(const Patient& patient) {
  std::string signature = patient.context.version;
  std::vector<rules::RuleVersion> versions;
  for (const rules::Rule& rule : patient.rules) {
    const auto from = patient.from.find(rule.hash);
    const UtcTime since = from == patient.from.end() ? UtcTime::min() : from->second;
    signature += "\n" + rule.hash + " " + std::to_string(since.time_since_epoch().count());
  }
  Compiled& compiled = watches_[patient.context.person];
  if (compiled.signature != signature || compiled.watch.lineages.empty()) {
    for (const rules::Rule& rule : patient.rules) {
      const auto from = patient.from.find(rule.hash);
      versions.push_back({rule, from == patient.from.end() ? UtcTime::min() : from->second});
    }
    compiled = {std::move(signature), rules::watchOf(patient.context, std::move(versions))};
  }
  return compiled.watch;
}

Result<std::size_t> HubCore::enqueue(JournalTransaction& transaction,
                                     const std::vector<Verdict>& told, UtcTime now) {
  std::size_t queued = 0;
  for (const Verdict& verdict : told) {
    if (!rules::isForTheRecord(verdict)) continue;
    if (const auto done = transaction.enqueueAlert(verdict, now); !done) {
      return std::unexpected(done.error());
    }
    ++queued;
  }
  return queued;
}

Result<std::size_t> HubCore::judge(JournalTransaction& transaction,
                                   const std::vector<Observation>& is,
                                   const std::vector<Observation>& was, UtcTime now) {
  std::size_t queued = 0;
  const std::vector<Observation>& any = is.empty() ? was : is;
  if (any.empty()) return queued;
  isDueKnown_ = false;
  for (const Patient& patient : household_.patients) {
    // The observations of one reading are of one person.
    if (patient.context.person != any.front().person) continue;
    const auto told =
        rules::judgeArrival(watchOf(patient), transaction, transaction, {is, was}, now);
    if (!told) return std::unexpected(told.error());
    const auto more = enqueue(transaction, *told, now);
    if (!more) return more;
    queued += *more;
  }
  return queued;
}

Result<std::size_t> HubCore::onTick() {
  const UtcTime now = clock_.utcNow();
  if (isDueKnown_ && (!due_ || now < *due_)) return 0;
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  std::size_t queued = 0;
  std::optional<UtcTime> next;
  for (const Patient& patient : household_.patients) {
    const rules::Watch& watch = watchOf(patient);
    const auto told = rules::judgeClock(watch, **transaction, **transaction, now);
    if (!told) return std::unexpected(told.error());
    const auto more = enqueue(**transaction, *told, now);
    if (!more) return more;
    queued += *more;
    const auto due = rules::nextDueOf(watch, **transaction);
    if (!due) return std::unexpected(due.error());
    if (*due && (!next || **due < *next)) next = **due;
  }
  if (const auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  due_ = next;
  isDueKnown_ = true;
  return queued;
}

}  // namespace vardnav::hub
