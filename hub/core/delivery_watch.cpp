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

/// A withdrawal has the event time and the inputs of what it takes back.
bool takesBack(const Verdict& later, const Verdict& raised) {
  return later.withdraws == raised.transition && later.person == raised.person &&
         later.rule == raised.rule && later.at == raised.at && later.inputs == raised.inputs;
}

}  // namespace

Result<void> DeliveryWatch::onTick(UtcTime now, SteadyTime steady) {
  if (auto taken = takeIn(now, steady); !taken) return taken;
  std::vector<Undelivered> overdue;
  std::vector<std::uint64_t> received;
  for (const Waiting& one : waiting_) {
    if (steady - one.since < patience_) continue;
    const auto isSamePerson = [&](const Undelivered& other) {
      return other.person == one.verdict.person;
    };
    // One that waits is enough to tell the person.
    if (std::ranges::any_of(overdue, isSamePerson)) continue;
    const auto isReceived = hasReceipt(one.sequence);
    if (!isReceived) return std::unexpected(isReceived.error());
    if (*isReceived) {
      received.push_back(one.sequence);
    } else {
      overdue.push_back({one.verdict.person, one.committedAt});
    }
  }
  std::erase_if(waiting_, [&](const Waiting& one) {
    return std::ranges::binary_search(received, one.sequence);
  });
  std::ranges::sort(overdue, {}, &Undelivered::person);
  overdue_ = std::move(overdue);
  return {};
}

Result<void> DeliveryWatch::takeIn(UtcTime now, SteadyTime steady) {
  for (;;) {
    const auto items = outbox_.pending(wire::Stream::kAlert, seen_, kPage);
    if (!items) return std::unexpected(items.error());
    for (const forward::OutboxItem& item : *items) {
      const auto before = isBegun_ ? Milliseconds{0} : now - item.committedAt;
      take(item, steady - std::max(before, Milliseconds{0}));
      seen_ = item.item.sequence;
    }
    if (items->size() < kPage) break;
  }
  isBegun_ = true;
  return {};
}

void DeliveryWatch::take(const forward::OutboxItem& item, SteadyTime since) {
  const auto* alert = std::get_if<wire::AlertItem>(&item.item.body);
  if (alert == nullptr) return;
  const Verdict& verdict = alert->verdict;
  if (raises(verdict)) {
    waiting_.push_back({item.item.sequence, item.committedAt, since, verdict});
    return;
  }
  std::erase_if(waiting_, [&](const Waiting& one) { return takesBack(verdict, one.verdict); });
}

Result<bool> DeliveryWatch::hasReceipt(std::uint64_t sequence) {
  const auto items = outbox_.pending(wire::Stream::kAlert, sequence - 1, 1);
  if (!items) return std::unexpected(items.error());
  return items->empty() || items->front().item.sequence != sequence;
}

}  // namespace vardnav::hub
