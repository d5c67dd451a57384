// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/replay_desk.h"

#include <chrono>
#include <exception>
#include <functional>
#include <utility>

#include "cloud/api/problem.h"
#include "cloud/api/replay_answer.h"

namespace vardnav::cloud::api {

namespace {

// The entry of a thread: what no layer expected (no memory) ends one replay, not the backend.
Response answerOf(ReplayJob& job, const std::function<bool()>& isTimeUp) {
  try {
    return replayAnswer(job.body, std::move(job.revisions), job.rules, isTimeUp);
  } catch (const std::exception&) {
    return problem(503, "Not available now", "the replay ended by an unexpected fault");
  }
}

}  // namespace

ReplayDesk::ReplayDesk() : thread_([this] { run(); }) {}

ReplayDesk::~ReplayDesk() {
  {
    const std::lock_guard lock(mutex_);
    isEnding_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool ReplayDesk::isFull() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() >= kMostWaiting;
}

void ReplayDesk::take(ReplayJob job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void ReplayDesk::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return isEnding_ || !waiting_.empty(); });
    if (isEnding_) return;
    ReplayJob job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const auto end = std::chrono::steady_clock::now() + kMostTime;
    const auto isTimeUp = [this, end] {
      return isEnding_.load() || std::chrono::steady_clock::now() >= end;
    };
    job.exchange->respond(answerOf(job, isTimeUp));
  }
}

}  // namespace vardnav::cloud::api
