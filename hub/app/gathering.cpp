// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/gathering.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vardnav::hub {

void Gathering::add(Delivered delivered) {
  const bool isNumbered = delivered.record.recordNumber.has_value();
  const bool mayWait = isInRound_ && isNumbered && delivered.record.isStored;
  if (!isNumbered) {
    std::vector<Delivered> alone;
    alone.push_back(std::move(delivered));
    return commit_(std::move(alone));
  }
  waiting_.push_back(std::move(delivered));
  if (!mayWait || waiting_.size() >= kMost) flush();
}

void Gathering::during(const std::function<void()>& round) {
  isInRound_ = true;
  round();
  isInRound_ = false;
  flush();
}

void Gathering::flush() {
  // An answer may bring the next record: it goes with the next batch, not before this one's answers.
  if (isFlushing_) return;
  isFlushing_ = true;
  while (!waiting_.empty()) {
    const auto most = waiting_.begin() + std::min(std::ssize(waiting_), std::ptrdiff_t{kMost});
    std::vector<Delivered> batch(std::move_iterator(waiting_.begin()), std::move_iterator(most));
    waiting_.erase(waiting_.begin(), most);
    commit_(std::move(batch));
  }
  isFlushing_ = false;
}

}  // namespace vardnav::hub
