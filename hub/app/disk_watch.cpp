// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/disk_watch.h"

#include <algorithm>
#include <string>

namespace vardnav::hub {
namespace {

constexpr std::uint64_t kMega = 1'000'000;

/// Begun ones too.
std::int64_t daysOf(Milliseconds time) {
  return std::chrono::ceil<std::chrono::days>(time).count();
}

std::string megabytes(std::uint64_t octets) { return std::to_string(octets / kMega) + " MB"; }

}  // namespace

Result<std::size_t> DiskWatch::onTick() {
  const SteadyTime now = parts_.clock.steadyNow();
  if (lookedAt_ && now - *lookedAt_ < kLookInterval) return 0;
  lookedAt_ = now;
  const auto space = parts_.journal.space();
  if (!space) return std::unexpected(space.error());
  const Free free = parts_.freeOctets();
  judge(*space, free);
  if (parts_.faults.has(wire::fault_kind::kStorage, "")) endFault(*space, free);
  return prune();
}

void DiskWatch::judge(const Space& space, Free free) {
  const auto isAbove = [&](std::uint64_t begins, std::uint64_t ends, bool was) {
    return space.used > space.bound / 100 * (was ? ends : begins);
  };
  const bool isFilling = isAbove(kPressure, kRelief, isFilling_);
  const bool isCramped = isAbove(kCramped, kLessCramped, isCramped_);
  // Under pressure more may go than the last pass has seen.
  if ((isFilling && !isFilling_) || (isCramped && !isCramped_)) passedAt_.reset();
  isFilling_ = isFilling;
  isCramped_ = isCramped;
  const bool wasTold = parts_.faults.has(wire::fault_kind::kStoragePressure, "");
  const bool isDiskFilling = !free || *free < (wasTold ? kFreeAgain : kLeastFree);
  if (!isFilling_ && !isDiskFilling) {
    parts_.faults.clear(wire::fault_kind::kStoragePressure, "");
    return;
  }
  parts_.faults.set(wire::fault_kind::kStoragePressure, "", detailOf(space, free, isDiskFilling),
                    parts_.clock.utcNow());
}

std::string DiskWatch::detailOf(const Space& space, Free free, bool isDiskFilling) const {
  std::string detail;
  if (isFilling_) {
    detail = "the journal holds " + megabytes(space.used) + " of at most " +
             megabytes(space.bound) +
             ": see to it that the backend is reached, or raise storage.bound_mb";
  }
  const Milliseconds reach = parts_.ruleReach();
  if (isCramped_ && reach > kLeastKept) {
    detail += "; rules that look back " + std::to_string(daysOf(reach)) + " days see only " +
              std::to_string(kLeastKept.count());
  }
  if (!isDiskFilling) return detail;
  if (!detail.empty()) detail += "; ";
  if (!free) return detail + "how much its disk has left cannot be read: check the disk";
  return detail + "its disk has " + megabytes(*free) + " left: free space there";
}

void DiskWatch::endFault(const Space& space, Free free) {
  // Where the disk does not say, only the probe tells.
  if (space.used + kWorkingRoom > space.bound || free.value_or(kWorkingRoom) < kWorkingRoom) return;
  if (parts_.journal.probe()) parts_.faults.clear(wire::fault_kind::kStorage, "");
}

Milliseconds DiskWatch::kept() const {
  if (isCramped_) return std::min<Milliseconds>(kLeastKept, parts_.keep);
  const Milliseconds least = kLeastKept + parts_.ruleReach();
  return isFilling_ ? least : std::max<Milliseconds>(least, parts_.keep);
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
  const auto pruned = parts_.journal.prune(parts_.clock.utcNow() - kept(), after_, kAtOnce);
  if (!pruned) return std::unexpected(pruned.error());
  after_ = pruned->isAll ? 0 : pruned->last;
  if (pruned->isAll) passedAt_ = now;
  return pruned->captures;
}

}  // namespace vardnav::hub
