// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/disk_watch.h"

#include <string>

namespace vardnav::hub {
namespace {

constexpr std::uint64_t kMega = 1'000'000;

std::string megabytes(std::uint64_t octets) { return std::to_string(octets / kMega) + " MB"; }

}  // namespace

Result<std::size_t> DiskWatch::onTick() {
  const SteadyTime now = parts_.clock.steadyNow();
  if (lookedAt_ && now - *lookedAt_ < kLookInterval) return 0;
  lookedAt_ = now;
  const auto space = parts_.journal.space();
  if (!space) return std::unexpected(space.error());
  const std::uint64_t free = parts_.freeOctets();
  judge(*space, free);
  if (parts_.faults.has(wire::fault_kind::kStorage, "")) endFault(*space, free);
  return prune();
}

void DiskWatch::judge(const Space& space, std::uint64_t free) {
  const bool wasFilling = isFilling_;
  const std::uint64_t most = space.bound / 100 * (wasFilling ? kRelief : kPressure);
  isFilling_ = space.used > most;
  // Under pressure more may go than the last pass has seen.
  if (isFilling_ && !wasFilling) passedAt_.reset();
  const bool wasTold = parts_.faults.has(wire::fault_kind::kStoragePressure, "");
  const bool isDiskFilling = free < (wasTold ? kFreeAgain : kLeastFree);
  if (!isFilling_ && !isDiskFilling) {
    parts_.faults.clear(wire::fault_kind::kStoragePressure, "");
    return;
  }
  std::string detail;
  if (isFilling_) {
    detail = "the journal holds " + megabytes(space.used) + " of at most " +
             megabytes(space.bound) +
             ": see to it that the backend is reached, or raise storage.bound_mb";
  }
  if (isDiskFilling) {
    detail += (detail.empty() ? "" : "; ") + std::string("its disk has ") + megabytes(free) +
              " left: free space there";
  }
  parts_.faults.set(wire::fault_kind::kStoragePressure, "", detail, parts_.clock.utcNow());
}

void DiskWatch::endFault(const Space& space, std::uint64_t free) {
  if (space.used + kWorkingRoom > space.bound || free < kWorkingRoom) return;
  if (parts_.journal.probe()) parts_.faults.clear(wire::fault_kind::kStorage, "");
}

bool DiskWatch::isClockEven() {
  if (!parts_.clock.isTrusted()) {
    evenSince_.reset();
    return false;
  }
  const SteadyTime now = parts_.clock.steadyNow();
  const Milliseconds offset = parts_.clock.utcNow().time_since_epoch() - now.time_since_epoch();
  const bool isSet = evenSince_ && std::chrono::abs(offset - offset_) >= kStep;
  if (!evenSince_ || isSet) evenSince_ = now;
  // What was old by another time is looked for anew.
  if (isSet) after_ = 0;
  offset_ = offset;
  return now - *evenSince_ >= kEvenFor;
}

Result<std::size_t> DiskWatch::prune() {
  if (!isClockEven()) return 0;
  const SteadyTime now = parts_.clock.steadyNow();
  if (after_ == 0 && passedAt_ && now - *passedAt_ < kPassInterval) return 0;
  const UtcTime before =
      parts_.clock.utcNow() - (isFilling_ ? std::min(kLeastKept, parts_.keep) : parts_.keep);
  const auto pruned = parts_.journal.prune(before, after_, kAtOnce);
  if (!pruned) return std::unexpected(pruned.error());
  after_ = pruned->isAll ? 0 : pruned->last;
  if (pruned->isAll) passedAt_ = now;
  return pruned->captures;
}

}  // namespace vardnav::hub
