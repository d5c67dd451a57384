// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/loop.h"

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <utility>

namespace vardnav::hub {
namespace {

// sd-event reads 0 as a quarter of a second; timers may wait this long to share a wake-up.
constexpr std::uint64_t kTimerAccuracyMicroseconds = 20'000;

std::uint64_t microseconds(Milliseconds duration) {
  return static_cast<std::uint64_t>(std::chrono::microseconds(duration).count());
}

Result<void> checked(int status, const char* what) {
  if (status >= 0) return {};
  return fail(ErrorCode::kUnavailable, std::string(what) + ": " + std::strerror(-status));
}

std::uint32_t toEpoll(short events) {
  std::uint32_t bits = 0;
  if ((events & POLLIN) != 0) bits |= EPOLLIN;
  if ((events & POLLOUT) != 0) bits |= EPOLLOUT;
  return bits;
}

class LoopTimer final : public ble::Timer {
 public:
  explicit LoopTimer(sd_event* event) : event_(event) {}
  ~LoopTimer() override { cancel(); }
  LoopTimer(const LoopTimer&) = delete;
  LoopTimer& operator=(const LoopTimer&) = delete;

  void start(Milliseconds delay, std::function<void()> expired) override {
    cancel();
    expired_ = std::move(expired);
    sd_event_add_time_relative(event_, &source_, CLOCK_MONOTONIC, microseconds(delay),
                               kTimerAccuracyMicroseconds, &onTime, this);
  }

  void cancel() override {
    source_ = sd_event_source_disable_unref(source_);
    expired_ = nullptr;
  }

 private:
  static int onTime(sd_event_source* /*source*/, std::uint64_t /*now*/, void* self) {
    auto* timer = static_cast<LoopTimer*>(self);
    timer->source_ = sd_event_source_disable_unref(timer->source_);
    // The callee may start this timer again or destroy it.
    const auto expired = std::exchange(timer->expired_, nullptr);
    if (expired) expired();
    return 0;
  }

  sd_event* event_;
  sd_event_source* source_ = nullptr;
  std::function<void()> expired_;
};

}  // namespace

// One descriptor whose interest and time-out are asked anew before each wait.
struct Loop::Attached {
  Pollable pollable;
  int fd = -1;
  sd_event_source* io = nullptr;
  sd_event_source* timer = nullptr;

  ~Attached() {
    sd_event_source_disable_unref(io);
    sd_event_source_disable_unref(timer);
  }

  static int prepare(sd_event_source* /*source*/, void* self) {
    auto* attached = static_cast<Attached*>(self);
    const Pollable::Wants wants = attached->pollable.wants();
    sd_event_source_set_io_events(attached->io, toEpoll(wants.events));
    if (wants.timeout) {
      sd_event_source_set_time_relative(attached->timer, microseconds(*wants.timeout));
    }
    sd_event_source_set_enabled(attached->timer, wants.timeout ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
    return 0;
  }

  static int onIo(sd_event_source* /*source*/, int /*fd*/, std::uint32_t /*events*/, void* self) {
    static_cast<Attached*>(self)->pollable.process();
    return 0;
  }

  static int onTime(sd_event_source* /*source*/, std::uint64_t /*now*/, void* self) {
    static_cast<Attached*>(self)->pollable.process();
    return 0;
  }
};

struct Loop::Periodic {
  Milliseconds period{0};
  std::function<void()> tick;
  sd_event_source* source = nullptr;

  ~Periodic() { sd_event_source_disable_unref(source); }

  static int onTime(sd_event_source* source, std::uint64_t /*now*/, void* self) {
    auto* periodic = static_cast<Periodic*>(self);
    sd_event_source_set_time_relative(source, microseconds(periodic->period));
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    periodic->tick();
    return 0;
  }
};

Loop::Loop() = default;

Loop::~Loop() {
  attached_.clear();
  periodic_.clear();
  sd_event_unref(event_);
  if (wakeFd_ >= 0) ::close(wakeFd_);
}

Result<void> Loop::open() {
  // Blocked before any thread starts, so that every thread leaves them to the loop.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  wakeFd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wakeFd_ < 0) return checked(-errno, "eventfd");
  if (auto made = checked(sd_event_new(&event_), "sd_event_new"); !made) return made;
  for (const int signal : {SIGINT, SIGTERM}) {
    if (auto added = checked(sd_event_add_signal(event_, nullptr, signal, nullptr, nullptr),
                             "sd_event_add_signal");
        !added) {
      return added;
    }
  }
  sd_event_set_watchdog(event_, 1);
  return checked(sd_event_add_io(event_, nullptr, wakeFd_, EPOLLIN, &Loop::onWake, this),
                 "sd_event_add_io");
}

void Loop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  // A full counter wakes the loop as well.
  [[maybe_unused]] const auto written = ::write(wakeFd_, &one, sizeof one);
}

int Loop::onWake(sd_event_source* /*source*/, int fd, std::uint32_t /*events*/, void* self) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd, &count, sizeof count);
  static_cast<Loop*>(self)->runPosted();
  return 0;
}

void Loop::runPosted() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(posted_);
  }
  for (const auto& task : tasks) task();
}

std::unique_ptr<ble::Timer> Loop::make() { return std::make_unique<LoopTimer>(event_); }

Result<void> Loop::every(Milliseconds period, std::function<void()> tick) {
  auto periodic = std::make_unique<Periodic>();
  periodic->period = period;
  periodic->tick = std::move(tick);
  auto added = checked(
      sd_event_add_time_relative(event_, &periodic->source, CLOCK_MONOTONIC, microseconds(period),
                                 0, &Periodic::onTime, periodic.get()),
      "sd_event_add_time_relative");
  if (added) periodic_.push_back(std::move(periodic));
  return added;
}

Result<void> Loop::attach(Pollable pollable) {
  auto attached = std::make_unique<Attached>();
  attached->pollable = std::move(pollable);
  const Pollable::Wants wants = attached->pollable.wants();
  auto added = checked(sd_event_add_io(event_, &attached->io, wants.fd, toEpoll(wants.events),
                                       &Attached::onIo, attached.get()),
                       "sd_event_add_io");
  if (!added) return added;
  added = checked(sd_event_add_time_relative(event_, &attached->timer, CLOCK_MONOTONIC, 0, 0,
                                             &Attached::onTime, attached.get()),
                  "sd_event_add_time_relative");
  if (!added) return added;
  added = checked(sd_event_source_set_prepare(attached->io, &Attached::prepare),
                  "sd_event_source_set_prepare");
  if (added) attached_.push_back(std::move(attached));
  return added;
}

Result<void> Loop::run() { return checked(sd_event_loop(event_), "sd_event_loop"); }

void Loop::quit() { sd_event_exit(event_, 0); }

}  // namespace vardnav::hub
