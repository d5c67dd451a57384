// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/delivery_watch.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace vardnav::hub {
namespace {

constexpr std::size_t kPage = 50;

bool raises(const Verdict& verdict) {
  return verdict.priority == Priority::kP1 &&
         (verdict.transition == Transition::kRaised || verdict.transition == Transition::kWorsened);
}

/// Of an item of the alert stream; nullptr: it is none.
const Verdict* verdictOf(const forward::OutboxItem& item) {
  const auto* alert = std::get_if<wire::AlertItem>(&item.item.body);
  return alert == nullptr ? nullptr : &alert->verdict;
}

/// A withdrawal has the event time and the inputs of what it takes back.
bool takesBack(const Verdict& later, const Verdict& raised) {
  return later.withdraws == raised.transition && later.person == raised.person &&
         later.rule == raised.rule && later.at == raised.at && later.inputs == raised.inputs;
}

void join(std::map<PersonId, Undelivered>& all, const Undelivered& one) {
  const auto [found, isNew] = all.emplace(one.person, one);
  if (isNew) return;
  found->second.since = std::min(found->second.since, one.since);
  found->second.newest = std::max(found->second.newest, one.newest);
}

}  // namespace

Result<void> DeliveryWatch::onTick(UtcTime now, SteadyTime steady) {
  // A disk that fails must not keep the person from being told of what is known to wait.
  const auto taken = takeIn(now, steady);
  std::map<PersonId, Undelivered> overdue;
  const auto looked = lookAtOverdue(steady, overdue);
  std::erase_if(setAside_,
                [&](const auto& one) { return steady - one.second.at >= kSetAsideTold; });
  for (const auto& [person, one] : setAside_) join(overdue, one.what);
  overdue_.clear();
  for (const auto& [person, one] : overdue) overdue_.push_back(one);
  return taken ? looked : taken;
}

Result<void> DeliveryWatch::lookAtOverdue(SteadyTime steady,
                                          std::map<PersonId, Undelivered>& overdue) {
  Result<void> outcome;
  for (Waiting& one : waiting_) {
    if (steady - one.since < patience_) continue;
    const PersonId& person = one.verdict.person;
    // Of a person's many, the oldest is looked at each time, the others when they become due.
    if (!one.isTold || !overdue.contains(person)) {
      const auto isReceived = outcome ? hasReceipt(one.sequence) : Result<bool>(false);
      if (!isReceived) outcome = std::unexpected(isReceived.error());
      one.isReceived = isReceived.value_or(false);
    }
    if (one.isReceived) {
      forgetSetAsideBefore(one);
    } else {
      one.isTold = true;
      join(overdue, {person, one.committedAt, one.sequence});
    }
  }
  std::erase_if(waiting_, [](const Waiting& one) { return one.isReceived; });
  return outcome;
}

void DeliveryWatch::forgetSetAsideBefore(const Waiting& received) {
  const auto aside = setAside_.find(received.verdict.person);
  if (aside != setAside_.end() && aside->second.what.newest < received.sequence) {
    setAside_.erase(aside);
  }
}

void DeliveryWatch::onSetAside(const wire::Receipt& receipt, SteadyTime steady) {
  if (receipt.stream != wire::Stream::kAlert || receipt.epoch != outbox_.epoch()) return;
  for (const wire::SetAside& one : receipt.setAside) {
    if (one.sequence == 0) continue;
    const auto items = outbox_.pending(wire::Stream::kAlert, one.sequence - 1, 1);
    if (!items || items->empty() || items->front().item.sequence != one.sequence) continue;
    const forward::OutboxItem& item = items->front();
    const Verdict* verdict = verdictOf(item);
    if (verdict == nullptr || !raises(*verdict)) continue;
    std::erase_if(waiting_, [&](const Waiting& other) { return other.sequence == one.sequence; });
    setAside_[verdict->person] = {{verdict->person, item.committedAt, one.sequence}, steady};
  }
}

Result<void> DeliveryWatch::takeIn(UtcTime now, SteadyTime steady) {
  const Milliseconds mostBefore = patience_ - std::min(kStartGrace, patience_);
  for (;;) {
    const auto items = outbox_.pending(wire::Stream::kAlert, seen_, kPage);
    if (!items) return std::unexpected(items.error());
    for (const forward::OutboxItem& item : *items) {
      const Milliseconds before = isBegun_ ? Milliseconds{0} : now - item.committedAt;
      take(item, steady - std::clamp(before, Milliseconds{0}, mostBefore));
      seen_ = item.item.sequence;
    }
    if (items->size() < kPage) break;
  }
  isBegun_ = true;
  return {};
}

void DeliveryWatch::take(const forward::OutboxItem& item, SteadyTime since) {
  const Verdict* verdict = verdictOf(item);
  if (verdict == nullptr) return;
  if (raises(*verdict)) {
    waiting_.push_back({item.item.sequence, item.committedAt, since, *verdict, false, false});
    return;
  }
  std::erase_if(waiting_, [&](const Waiting& one) { return takesBack(*verdict, one.verdict); });
}

Result<bool> DeliveryWatch::hasReceipt(std::uint64_t sequence) {
  const auto items = outbox_.pending(wire::Stream::kAlert, sequence - 1, 1);
  if (!items) return std::unexpected(items.error());
  return items->empty() || items->front().item.sequence != sequence;
}

}  // namespace vardnav::hub
