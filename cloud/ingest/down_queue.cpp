// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/ingest/down_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vardnav::cloud::ingest {
namespace {

// Both of one stream; `newer` was made after `older`.
void takeOverSetAside(wire::Receipt& newer, const wire::Receipt& older) {
  for (const wire::SetAside& item : older.setAside) {
    const auto isSame = [&](const wire::SetAside& each) { return each.sequence == item.sequence; };
    if (std::ranges::none_of(newer.setAside, isSame)) newer.setAside.push_back(item);
  }
  std::ranges::sort(newer.setAside, {}, &wire::SetAside::sequence);
}

}  // namespace

std::deque<wire::Receipt>::iterator DownQueue::find(const wire::Receipt& receipt) {
  return std::ranges::find_if(waiting_, [&](const wire::Receipt& each) {
    return each.hub == receipt.hub && each.epoch == receipt.epoch && each.stream == receipt.stream;
  });
}

void DownQueue::add(wire::Receipt receipt) {
  {
    const std::lock_guard lock(mutex_);
    const auto older = find(receipt);
    if (older != waiting_.end()) {
      takeOverSetAside(receipt, *older);
      *older = std::move(receipt);
    } else {
      if (waiting_.size() >= kMaxStreams) waiting_.pop_front();
      waiting_.push_back(std::move(receipt));
    }
  }
  changed_.notify_all();
}

void DownQueue::add(ConfigurationMessage configuration) {
  {
    const std::lock_guard lock(mutex_);
    configurations_[std::move(configuration.hub)] = std::move(configuration.envelope);
  }
  changed_.notify_all();
}

std::optional<Down> DownQueue::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return isClosed_ || (isAllowed_ && !(waiting_.empty() && configurations_.empty()));
  });
  if (isClosed_) return std::nullopt;
  Down down;
  if (!waiting_.empty()) {
    down.receipt = std::move(waiting_.front());
    waiting_.pop_front();
    return down;
  }
  auto next = configurations_.extract(configurations_.begin());
  down.configuration = ConfigurationMessage{std::move(next.key()), std::move(next.mapped())};
  return down;
}

void DownQueue::putBack(Down down) {
  const std::lock_guard lock(mutex_);
  if (down.configuration) {
    configurations_.try_emplace(std::move(down.configuration->hub),
                                std::move(down.configuration->envelope));
  }
  if (!down.receipt) return;
  wire::Receipt& receipt = *down.receipt;
  const auto newer = find(receipt);
  if (newer != waiting_.end()) {
    takeOverSetAside(*newer, receipt);
  } else {
    waiting_.push_front(std::move(receipt));
  }
}

void DownQueue::allow() {
  {
    const std::lock_guard lock(mutex_);
    isAllowed_ = true;
  }
  changed_.notify_all();
}

void DownQueue::hold() {
  const std::lock_guard lock(mutex_);
  isAllowed_ = false;
}

void DownQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    isClosed_ = true;
  }
  changed_.notify_all();
}

}  // namespace vardnav::cloud::ingest
