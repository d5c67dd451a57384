// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/hub_core.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/engine/state_book.h"
#include "rules/engine/watch.h"

namespace vardnav::hub {

Result<void> HubCore::quarantineRival(JournalTransaction& transaction,
                                      const std::string& characteristic,
                                      intake::Interpretation& understood) {
  if (understood.disposition != intake::Disposition::kAccepted) return {};
  if (understood.observations.empty()) return {};
  const Observation& one = understood.observations.front();
  if (!one.recordNumber || !one.deviceTime) return {};
  const auto has = transaction.hasRival(one, characteristic);
  if (!has) return std::unexpected(has.error());
  if (!*has) return {};
  understood.disposition = intake::Disposition::kQuarantined;
  understood.reason = intake::Reason::kConflict;
  return {};
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
  rules::StateBook states(transaction);
  const auto queued = judge(transaction, states, is, was, now);
  if (!queued) return queued;
  if (const auto kept = states.flush(); !kept) return std::unexpected(kept.error());
  return queued;
}

Result<std::size_t> HubCore::judge(JournalTransaction& transaction, rules::States& states,
                                   const std::vector<Observation>& is,
                                   const std::vector<Observation>& was, UtcTime now) {
  std::size_t queued = 0;
  const std::vector<Observation>& any = is.empty() ? was : is;
  if (any.empty()) return queued;
  isDueKnown_ = false;
  for (const Patient& patient : household_.patients) {
    // The observations of one reading are of one person.
    if (patient.context.person != any.front().person) continue;
    const auto told = rules::judgeArrival(watchOf(patient), states, transaction, {is, was}, now);
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
  rules::StateBook states(**transaction);
  for (const Patient& patient : household_.patients) {
    const rules::Watch& watch = watchOf(patient);
    const auto told = rules::judgeClock(watch, states, **transaction, now);
    if (!told) return std::unexpected(told.error());
    const auto more = enqueue(**transaction, *told, now);
    if (!more) return more;
    queued += *more;
    const auto due = rules::nextDueOf(watch, states);
    if (!due) return std::unexpected(due.error());
    if (*due && (!next || **due < *next)) next = **due;
  }
  if (const auto kept = states.flush(); !kept) return std::unexpected(kept.error());
  if (const auto done = (*transaction)->commit(); !done) return std::unexpected(done.error());
  due_ = next;
  isDueKnown_ = true;
  return queued;
}

}  // namespace vardnav::hub
