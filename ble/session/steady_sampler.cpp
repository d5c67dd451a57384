// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/steady_sampler.h"

#include <utility>

namespace vardnav::ble {

std::optional<RawRecord> SteadySampler::offer(RawRecord record, SteadyTime now) {
  std::optional<RawRecord> due;
  if (last_ && now - heard_ > options_.gap) due = finish();
  if (!last_) {
    begun_ = now;
    told_.reset();
  }
  heard_ = now;
  last_ = std::move(record);
  if (due) return due;
  const bool isDue = told_ ? now - *told_ >= options_.every : now - begun_ >= options_.settle;
  if (!isDue) return std::nullopt;
  told_ = now;
  return last_;
}

std::optional<RawRecord> SteadySampler::finish() {
  auto last = std::exchange(last_, std::nullopt);
  if (std::exchange(told_, std::nullopt)) return std::nullopt;
  return last;
}

}  // namespace vardnav::ble
