// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/bluez/poll_loop.h"

#include <poll.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace vardnav::test {

class PollLoop::LoopTimer final : public ble::Timer {
 public:
  explicit LoopTimer(PollLoop& loop) : loop_(loop) {}
  ~LoopTimer() override { cancel(); }
  LoopTimer(const LoopTimer&) = delete;
  LoopTimer& operator=(const LoopTimer&) = delete;

  void start(Milliseconds delay, std::function<void()> expired) override {
    cancel();
    expired_ = std::move(expired);
    loop_.timers_.emplace(std::chrono::steady_clock::now() + delay, this);
  }
  void cancel() override {
    std::erase_if(loop_.timers_, [this](const auto& entry) { return entry.second == this; });
    expired_ = nullptr;
  }
  void expire() {
    const auto expired = std::exchange(expired_, nullptr);
    if (expired) expired();
  }

 private:
  PollLoop& loop_;
  std::function<void()> expired_;
};

std::unique_ptr<ble::Timer> PollLoop::make() { return std::make_unique<LoopTimer>(*this); }

bool PollLoop::runUntil(const std::function<bool()>& isTrue, Milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!isTrue()) {
    const auto left = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= Milliseconds{0}) return false;
    turn(left);
  }
  return true;
}

void PollLoop::turn(Milliseconds longest) {
  Milliseconds wait = longest;
  if (!timers_.empty()) {
    const auto due = timers_.begin()->first - std::chrono::steady_clock::now();
    wait = std::clamp(std::chrono::ceil<Milliseconds>(due), Milliseconds{0}, wait);
  }
  std::vector<pollfd> polled;
  for (const Source& source : sources_) {
    const Wants wants = source.wants();
    polled.push_back({wants.fd, wants.events, 0});
    if (wants.timeout) wait = std::clamp(*wants.timeout, Milliseconds{0}, wait);
  }
  ::poll(polled.data(), polled.size(), static_cast<int>(wait.count()));
  // A source may be detached, or one attached, by what another does.
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    std::next(sources_.begin(), static_cast<std::ptrdiff_t>(i))->process();
  }
  while (!timers_.empty() && timers_.begin()->first <= std::chrono::steady_clock::now()) {
    LoopTimer* timer = timers_.begin()->second;
    timers_.erase(timers_.begin());
    timer->expire();
  }
}

}  // namespace vardnav::test
