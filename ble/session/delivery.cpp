// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/delivery.h"

#include <utility>

namespace vardnav::ble {

Delivery::Delivery(RecordSink& sink, Hooks hooks) : sink_(sink), hooks_(std::move(hooks)) {}

void Delivery::push(RawRecord record, std::function<void()> committed) {
  if (hasFailed_) {
    ++refused_;
    return;
  }
  waiting_.push_back({std::move(record), std::move(committed)});
  pump();
}

void Delivery::release() {
  isReleased_ = true;
  pump();
}

void Delivery::pump() {
  // A sink may commit before deliver() returns; the loop then goes on here instead of recursing.
  if (isPumping_ || !isReleased_) return;
  isPumping_ = true;
  const std::weak_ptr<const char> alive = alive_;
  while (!isInFlight_ && !waiting_.empty()) {
    RawRecord next = std::move(waiting_.front().record);
    committedHook_ = std::move(waiting_.front().committed);
    waiting_.pop_front();
    hooks_.complete(next);
    isInFlight_ = true;
    sink_.deliver(std::move(next), [this, alive](const Result<void>& result) {
      if (!alive.expired()) onCommitted(result);
    });
    if (alive.expired()) return;
  }
  isPumping_ = false;
  if (isSettled()) hooks_.settled();
}

void Delivery::onCommitted(const Result<void>& result) {
  if (!isInFlight_) return;
  isInFlight_ = false;
  const std::weak_ptr<const char> alive = alive_;
  const auto committedHook = std::exchange(committedHook_, nullptr);
  if (result) {
    ++committed_;
    if (committedHook) committedHook();
    if (!alive.expired()) pump();
    return;
  }
  hasFailed_ = true;
  refused_ += 1 + static_cast<unsigned>(waiting_.size());
  waiting_.clear();
  hooks_.failed(result.error());
  if (!alive.expired()) pump();
}

}  // namespace vardnav::ble
