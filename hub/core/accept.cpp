// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Taking records in: noted, interpreted and committed together; one by one where that fails, and
// after a restart.
#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "hub/core/hub_core.h"
#include "rules/engine/state_book.h"

namespace vardnav::hub {
namespace {

/// The same value from the same device again this soon is likelier one act than two.
constexpr Milliseconds kRepeatWithin = std::chrono::minutes{5};
/// A record that has ended so many processes is not tried again.
constexpr int kMostEnded = 2;

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

/// One cursor goes over both.
bool isOfOneCursor(const RawRecord& a, const RawRecord& b) {
  return a.recordNumber && b.recordNumber && a.device == b.device &&
         a.characteristic == b.characteristic;
}

}  // namespace

Result<Accepted> HubCore::accept(RawRecord record) {
  std::vector<RawRecord> one;
  one.push_back(std::move(record));
  return std::move(accept(std::move(one)).front());
}

std::vector<Result<Accepted>> HubCore::accept(std::vector<RawRecord> records) {
  if (records.empty()) return {};
  InFlight inFlight;
  inFlight.tried = records.size();
  inFlight.clockPeriod = clockPeriod_;
  for (RawRecord& record : records) {
    record.isHubClockTrusted = !clockPeriod_;
    inFlight.records.push_back({std::move(record)});
  }
  std::vector<Result<Accepted>> answers;
  auto together = acceptNoted(inFlight);
  if (together) {
    std::ranges::move(*together, std::back_inserter(answers));
  } else if (inFlight.records.size() == 1) {
    answers.emplace_back(std::unexpected(together.error()));
  } else {
    answers = acceptOneByOne(inFlight.records);
  }
  (void)note_.clear();
  for (const auto& answer : answers) {
    if (!answer) drops_.count(Drop::kNotStored);
  }
  return answers;
}

Result<std::vector<Accepted>> HubCore::acceptNoted(InFlight& inFlight) {
  const auto counter = journal_.captureCounter();
  if (!counter) return std::unexpected(counter.error());
  inFlight.captureCounter = *counter;
  // Where the note cannot be written the records must not be refused for it: the journal decides.
  (void)note_.set(inFlight);
  return acceptTogether(std::span(inFlight.records).first(inFlight.tried));
}

std::vector<Result<Accepted>> HubCore::acceptOneByOne(const std::vector<InFlight::Noted>& records) {
  std::vector<std::optional<Result<Accepted>>> answers(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (answers[i]) continue;
    InFlight rest{{}, 1, false, 0, clockPeriod_};
    for (std::size_t j = i; j < records.size(); ++j) {
      if (!answers[j]) rest.records.push_back(records[j]);
    }
    const auto accepted = acceptNoted(rest);
    if (accepted) {
      answers[i] = accepted->front();
      continue;
    }
    // The cursor must not pass a record that is not stored: the device gives all of them again.
    for (std::size_t j = i; j < records.size(); ++j) {
      const bool isHeldBack = j == i || isOfOneCursor(records[i].record, records[j].record);
      if (isHeldBack && !answers[j]) answers[j] = std::unexpected(accepted.error());
    }
  }
  std::vector<Result<Accepted>> all;
  for (auto& answer : answers) all.push_back(*std::move(answer));
  return all;
}

Result<std::vector<Accepted>> HubCore::resume() {
  auto left = note_.left();
  if (!left) return std::unexpected(left.error());
  std::vector<Accepted> finished;
  if (!*left) return finished;
  InFlight inFlight = **std::move(left);
  const auto counter = journal_.captureCounter();
  if (!counter) return std::unexpected(counter.error());
  auto& records = inFlight.records;
  const std::span tried = std::span(records).first(std::min(inFlight.tried, records.size()));
  if (*counter != inFlight.captureCounter) {
    records.erase(records.begin(), records.begin() + std::ssize(tried));
  } else if (!inFlight.isCommitting) {
    for (InFlight::Noted& noted : tried) ++noted.ended;
  }
  const auto period = std::exchange(clockPeriod_, inFlight.clockPeriod);
  const auto done = finishEach(std::move(inFlight), finished);
  clockPeriod_ = period;
  if (!done) return std::unexpected(done.error());
  return finished;
}

Result<void> HubCore::finishEach(InFlight inFlight, std::vector<Accepted>& finished) {
  inFlight.tried = 1;
  inFlight.isCommitting = false;
  for (auto& records = inFlight.records; !records.empty(); records.erase(records.begin())) {
    const auto counter = journal_.captureCounter();
    if (!counter) return std::unexpected(counter.error());
    inFlight.captureCounter = *counter;
    if (auto noted = note_.set(inFlight); !noted) return noted;
    InFlight::Noted& first = records.front();
    const auto accepted = finish(first);
    if (!accepted) {
      // It did not end the hub: a full disk is no poison.
      first.ended = 0;
      (void)note_.set(inFlight);
      return std::unexpected(accepted.error());
    }
    if (!accepted->isDuplicate) finished.push_back(*accepted);
  }
  return note_.clear();
}

Result<Accepted> HubCore::finish(const InFlight::Noted& noted) {
  if (noted.ended >= kMostEnded) return setAside(noted.record);
  const auto accepted = acceptTogether({&noted, 1});
  if (!accepted) return std::unexpected(accepted.error());
  return accepted->front();
}

Result<Accepted> HubCore::setAside(const RawRecord& record) {
  Accepted accepted;
  accepted.reason = intake::Reason::kUnfinished;
  // Whatever interpreting it does, its octets are a key of their own.
  intake::Interpretation raw;
  raw.keyBytes = Bytes(record.bytes);
  accepted.key = intake::readingKey(record, raw, std::nullopt);
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  const auto isNew = (*transaction)
                         ->insertCapture({accepted.key, record, clockPeriod_, accepted.disposition,
                                          accepted.reason, std::nullopt});
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

Result<std::vector<Accepted>> HubCore::acceptTogether(std::span<const InFlight::Noted> records) {
  auto transaction = journal_.begin();
  if (!transaction) return std::unexpected(transaction.error());
  rules::StateBook states(**transaction);
  std::vector<Accepted> all;
  for (const InFlight::Noted& noted : records) {
    const auto accepted = acceptWithin(**transaction, states, noted.record, clock_.utcNow());
    if (!accepted) return std::unexpected(accepted.error());
    all.push_back(*accepted);
  }
  if (!std::ranges::all_of(all, &Accepted::isDuplicate)) {
    if (const auto kept = states.flush(); !kept) return std::unexpected(kept.error());
    (void)note_.setCommitting();
    if (const auto committed = (*transaction)->commit(); !committed) {
      return std::unexpected(committed.error());
    }
  }
  for (const Accepted& accepted : all) count(accepted);
  return all;
}

Result<Accepted> HubCore::acceptWithin(JournalTransaction& transaction, rules::States& states,
                                       const RawRecord& record, UtcTime now) {
  intake::Interpretation understood = intake::interpret(record, household_.bindings);
  std::optional<std::uint64_t> counter;
  if (understood.needsCounter) {
    const auto next = transaction.nextCaptureCounter();
    if (!next) return std::unexpected(next.error());
    counter = *next;
  }
  Accepted accepted;
  accepted.key = intake::readingKey(record, understood, counter);
  for (Observation& observation : understood.observations) observation.reading = accepted.key;
  if (auto done = quarantineRival(transaction, record.characteristic, understood); !done) {
    return std::unexpected(done.error());
  }
  accepted.disposition = understood.disposition;
  accepted.reason = understood.reason;
  const auto isNew =
      transaction.insertCapture({accepted.key, record, clockPeriod_, understood.disposition,
                                 understood.reason, std::nullopt});
  if (!isNew) return std::unexpected(isNew.error());
  accepted.isDuplicate = !*isNew;
  if (accepted.isDuplicate) return accepted;

  if (understood.needsCounter) {
    if (const auto flagged = flagRepeats(transaction, understood.observations); !flagged) {
      return std::unexpected(flagged.error());
    }
  }
  for (const Observation& observation : understood.observations) {
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
  const auto verdicts = judge(transaction, states, understood.observations, {}, now);
  if (!verdicts) return std::unexpected(verdicts.error());
  accepted.verdicts = *verdicts;
  return accepted;
}

}  // namespace vardnav::hub
