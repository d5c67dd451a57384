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
  while (!waiting_.empty()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    hooks_.complete(next.record);
    ++inFlight_;
    sink_.deliver(std::move(next.record),
                  [this, alive, committed = std::move(next.committed)](const Result<void>& result) {
                    if (!alive.expired()) onAnswer(result, committed);
                  });
    if (alive.expired()) return;
  }
  isPumping_ = false;
  if (isSettled()) hooks_.settled();
}

void Delivery::onAnswer(const Result<void>& result, const std::function<void()>& committed) {
  --inFlight_;
  const std::weak_ptr<const char> alive = alive_;
  if (result) {
    ++committed_;
    if (committed) committed();
  } else {
    refused_ += 1 + static_cast<unsigned>(waiting_.size());
    waiting_.clear();
    if (!std::exchange(hasFailed_, true)) hooks_.failed(result.error());
  }
  if (!alive.expired()) pump();
}

}  // namespace vardnav::ble
