// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/record_order.h"

#include <algorithm>
#include <utility>

namespace vardnav::ble {

RecordOrder::RecordOrder(std::function<void(RawRecord)> deliver) : deliver_(std::move(deliver)) {}

void RecordOrder::begin(std::optional<std::uint32_t> next) {
  held_.clear();
  next_ = next;
  state_ = State::kUndecided;
}

void RecordOrder::offer(RawRecord record) {
  if (!record.recordNumber || state_ == State::kOpen) return deliver_(std::move(record));
  const std::uint32_t number = *record.recordNumber;
  if (state_ == State::kRising && number < highest_) state_ = State::kGathering;
  if (state_ == State::kUndecided) {
    const bool rises = held_.empty() ? number == next_ : number > *held_.back().recordNumber;
    if (rises) {
      state_ = State::kRising;
      release();
    } else if (!held_.empty() && number < *held_.back().recordNumber) {
      state_ = State::kGathering;
    }
  }
  if (state_ == State::kRising) {
    highest_ = number;
    return deliver_(std::move(record));
  }
  held_.push_back(std::move(record));
  if (held_.size() > kMostHeld) complete();
}

void RecordOrder::release() {
  for (RawRecord& record : std::exchange(held_, {})) deliver_(std::move(record));
}

void RecordOrder::complete() {
  std::stable_sort(held_.begin(), held_.end(), [](const RawRecord& a, const RawRecord& b) {
    return *a.recordNumber < *b.recordNumber;
  });
  state_ = State::kOpen;
  release();
}

unsigned RecordOrder::abandon() {
  state_ = State::kOpen;
  return static_cast<unsigned>(std::exchange(held_, {}).size());
}

}  // namespace vardnav::ble
