// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The pauses of a link after its faults.
#include <algorithm>
#include <utility>

#include "ble/bluez/device_link.h"

namespace vardnav::ble::bluez {

// 0.1 s, 0.2 s … to a minute: a device that hung up once is back within its waking time, one that
// keeps failing must not take the radio from the others. What fails while the radio is in doubt
// says as little of the device as it does in BondEvidence: it is counted apart, until the radio is
// sound. A bond that was lost just before would else be told of minutes late.
void DeviceLink::pauseAfter(Reason reason, const std::string& detail) {
  const CentralOptions& options = context_.options;
  const bool isPairing = reason == Reason::kPairingFailed || reason == Reason::kPairingTimeout;
  if (evidence_.isLost()) {
    pauseTimer_->cancel();
    return askForRepair(RepairStep::kBondLost, detail);
  }
  if (isPairing && isRepairing_) tell(RepairStep::kPairingFailed, detail);
  Milliseconds pause{0};
  const bool isInDoubt = !context_.host.isRadioSound();
  if (reason != Reason::kVanished) {
    const Milliseconds first = isPairing ? options.firstPairingPause : options.firstPause;
    const Milliseconds longest = isPairing ? options.longestPairingPause : options.longestPause;
    pause = std::min(longest, Milliseconds(first * (1LL << std::min(failures(), 16U))));
    ++(isInDoubt ? failuresInDoubt_ : failures_);
  }
  SteadyTime& end = isInDoubt ? doubtUntil_ : notBefore_;
  end = std::max(end, context_.clock.steadyNow() + pause);
  waitForPause();
  context_.listener.onLinkFault(id_, {reason, detail, failures(), pause});
}

void DeviceLink::holdOff(Milliseconds pause) {
  notBefore_ = std::max(notBefore_, context_.clock.steadyNow() + pause);
  waitForPause();
}

void DeviceLink::onRadioSound() {
  doubtUntil_ = SteadyTime{};
  if (std::exchange(failuresInDoubt_, 0) != 0) waitForPause();
}

void DeviceLink::waitForPause() {
  const auto rest = std::chrono::ceil<Milliseconds>(pauseEnd() - context_.clock.steadyNow());
  pauseTimer_->start(std::max(rest, Milliseconds{0}), [this] { onPauseOver(); });
}

void DeviceLink::onPauseOver() {
  // While the failed attempt is still being ended: then.
  isPauseOver_ = !isIdle();
  if (isPauseOver_) return;
  // Its advert may have come during the pause, and brief ones do not come twice.
  const bool isHeard =
      lastAdvert_ && context_.clock.steadyNow() - *lastAdvert_ <= context_.options.advertMemory;
  if (mayTry() && (isHeard || isConnected())) tryNow();
}

}  // namespace vardnav::ble::bluez
