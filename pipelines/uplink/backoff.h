// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How long to wait before dialling again: doubling from `first` to `most`, each time a random half
// to whole of it, so that a thousand hubs do not come back in the same second. One thread.
#pragma once

#include <algorithm>
#include <random>

#include "pipelines/model/time.h"

namespace vardnav::uplink {

class Backoff {
 public:
  Backoff(Milliseconds first, Milliseconds most, std::uint64_t seed)
      : first_(first), most_(most), next_(first), random_(seed) {}

  Milliseconds wait() {
    const Milliseconds whole = next_;
    next_ = std::min(next_ * 2, most_);
    return Milliseconds(std::uniform_int_distribution<Milliseconds::rep>(whole.count() / 2,
                                                                         whole.count())(random_));
  }
  void reset() { next_ = first_; }

 private:
  Milliseconds first_;
  Milliseconds most_;
  Milliseconds next_;
  std::mt19937_64 random_;
};

}  // namespace vardnav::uplink
