// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/paho_connection.h"

#include <condition_variable>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "pipelines/model/clock.h"
#include "pipelines/uplink/backoff.h"
#include "pipelines/uplink/paho_session.h"

namespace vardnav::uplink {
namespace {

constexpr Milliseconds kGoodbye{500};
// A connection that lasts less is no success: two clients of one id would throw each other out
// without a pause.
constexpr Milliseconds kLasting{std::chrono::seconds{10}};

}  // namespace

class PahoConnection::Dialler {
 public:
  Dialler(PahoSettings settings, Listener listener)
      : settings_(std::move(settings)),
        listener_(std::move(listener)),
        backoff_(settings_.firstBackoff, settings_.mostBackoff, std::random_device{}()),
        thread_([this] { run(); }) {}

  ~Dialler() {
    {
      const std::lock_guard lock(mutex_);
      isClosing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Dialler(const Dialler&) = delete;
  Dialler& operator=(const Dialler&) = delete;

  bool isConnected() const {
    const std::lock_guard lock(mutex_);
    return session_ != nullptr;
  }

  void reconnect(const std::string& why) {
    {
      const std::lock_guard lock(mutex_);
      if (session_ == nullptr) return;
      ending_ = why;
    }
    changed_.notify_all();
  }

  Result<std::uint64_t> publish(const std::string& topic, std::string payload, Retain retain);

 private:
  void run();
  void serve(PahoSession& session);
  void pause();
  void tellDisconnected(const std::string& reason, bool wasConnected);
  void settle(std::uint64_t token, bool isAcknowledged);
  void lose(std::string reason);

  const PahoSettings settings_;
  const Listener listener_;
  Backoff backoff_;         // dialler's thread
  std::string toldReason_;  // dialler's thread

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  PahoSession* session_ = nullptr;       // guarded by mutex_; only while connected
  std::size_t publishing_ = 0;           // guarded: callers inside session_->publish
  std::set<std::uint64_t> outstanding_;  // guarded
  std::uint64_t newestToken_ = 0;        // guarded
  std::optional<std::string> ending_;    // guarded: why the connection is over or shall be
  bool isClosing_ = false;               // guarded

  std::thread thread_;  // last: uses all of the above
};

void PahoConnection::Dialler::run() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (isClosing_) return;
      ending_.reset();
    }
    {
      PahoSession session(settings_,
                          {.lost = [this](std::string reason) { lose(std::move(reason)); },
                           .message =
                               [this](std::string topic, std::string payload) {
                                 listener_.message(std::move(topic), std::move(payload));
                               },
                           .settled = [this](std::uint64_t token, bool ok) { settle(token, ok); }});
      if (const auto fault = session.dial()) {
        tellDisconnected(*fault, false);
      } else {
        serve(session);
      }
      session.end(kGoodbye);
    }
    pause();
  }
}

// From connected until lost, torn down or closed.
void PahoConnection::Dialler::serve(PahoSession& session) {
  const SteadyTime since = SystemClock().steadyNow();
  {
    const std::lock_guard lock(mutex_);
    session_ = &session;
    outstanding_.clear();
  }
  toldReason_.clear();
  listener_.connected();
  std::string reason;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return isClosing_ || ending_; });
    session_ = nullptr;
    outstanding_.clear();
    reason = ending_.value_or("closing");
    changed_.wait(lock, [this] { return publishing_ == 0; });
  }
  if (SystemClock().steadyNow() - since >= kLasting) backoff_.reset();
  tellDisconnected(reason, true);
}

void PahoConnection::Dialler::pause() {
  const Milliseconds wait = backoff_.wait();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [this] { return isClosing_; });
}

void PahoConnection::Dialler::tellDisconnected(const std::string& reason, bool wasConnected) {
  {
    const std::lock_guard lock(mutex_);
    if (isClosing_) return;
  }
  if (!wasConnected && reason == toldReason_) return;
  toldReason_ = reason;
  listener_.disconnected(reason);
}

void PahoConnection::Dialler::lose(std::string reason) {
  {
    const std::lock_guard lock(mutex_);
    if (!ending_) ending_ = std::move(reason);
  }
  changed_.notify_all();
}

void PahoConnection::Dialler::settle(std::uint64_t token, bool isAcknowledged) {
  {
    const std::lock_guard lock(mutex_);
    if (outstanding_.erase(token) == 0) return;  // of a connection that is over
  }
  if (isAcknowledged) listener_.acknowledged(token);
}

Result<std::uint64_t> PahoConnection::Dialler::publish(const std::string& topic,
                                                       std::string payload, Retain retain) {
  PahoSession* session = nullptr;
  std::uint64_t token = 0;
  {
    const std::lock_guard lock(mutex_);
    if (session_ == nullptr || ending_) {
      return fail(ErrorCode::kUnavailable, "not connected to the broker");
    }
    if (outstanding_.size() >= settings_.maxOutstanding) {
      return fail(ErrorCode::kUnavailable,
                  std::to_string(outstanding_.size()) + " messages wait for the broker");
    }
    session = session_;
    ++publishing_;
    token = ++newestToken_;
    outstanding_.insert(token);
  }
  std::string fault;
  try {
    // Not under the mutex: Paho takes its lock here, and calls back under it.
    session->publish(topic, std::move(payload), token, retain);
  } catch (const mqtt::exception& error) {
    fault = error.what();
  }
  {
    const std::lock_guard lock(mutex_);
    --publishing_;
    if (!fault.empty()) outstanding_.erase(token);
  }
  changed_.notify_all();
  if (!fault.empty()) return fail(ErrorCode::kUnavailable, "MQTT: " + fault);
  return token;
}

PahoConnection::PahoConnection() = default;
PahoConnection::~PahoConnection() = default;

Result<void> PahoConnection::open(PahoSettings settings, Listener listener) {
  if (auto checked = checkTlsFiles(settings.tls); !checked) return checked;
  dialler_ = std::make_unique<Dialler>(std::move(settings), std::move(listener));
  return {};
}

void PahoConnection::close() { dialler_.reset(); }

Result<std::uint64_t> PahoConnection::publish(const std::string& topic, std::string payload,
                                              Retain retain) {
  if (!dialler_) return fail(ErrorCode::kUnavailable, "not open");
  return dialler_->publish(topic, std::move(payload), retain);
}

bool PahoConnection::isConnected() const { return dialler_ && dialler_->isConnected(); }

void PahoConnection::reconnect(const std::string& why) {
  if (dialler_) dialler_->reconnect(why);
}

}  // namespace vardnav::uplink
