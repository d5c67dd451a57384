// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/forward/send_log.h"

#include <algorithm>

namespace vardnav::forward {
namespace {

constexpr int kMostDoublings = 8;

bool isReceived(const wire::Receipt& receipt, std::uint64_t sequence) {
  const auto holds = [sequence](const wire::SequenceRange& gap) {
    return gap.first <= sequence && sequence <= gap.last;
  };
  const auto isIt = [sequence](const wire::SetAside& item) { return item.sequence == sequence; };
  return (sequence <= receipt.through && std::ranges::none_of(receipt.gaps, holds)) ||
         std::ranges::any_of(receipt.setAside, isIt);
}

}  // namespace

void SendLog::noteSent(std::uint64_t sequence, std::uint64_t token, SteadyTime now) {
  Sent& sent = awaiting_[sequence];
  sent.token = token;
  sent.due = now + std::min(kLongestWait, kFirstWait * (1 << std::min(sent.times, kMostDoublings)));
  ++sent.times;
}

std::vector<std::uint64_t> SendLog::due(
    SteadyTime now, const std::function<bool(std::uint64_t token)>& isUnacknowledged) const {
  std::vector<std::uint64_t> sequences;
  for (const auto& [sequence, sent] : awaiting_) {
    if (sent.due <= now && !isUnacknowledged(sent.token)) sequences.push_back(sequence);
  }
  return sequences;
}

void SendLog::makeAllDue(SteadyTime now) {
  for (auto& [sequence, sent] : awaiting_) sent.due = std::min(sent.due, now);
}

void SendLog::receive(const wire::Receipt& receipt) {
  std::erase_if(awaiting_, [&](const auto& entry) { return isReceived(receipt, entry.first); });
}

}  // namespace vardnav::forward
