// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/paho_connection.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "pipelines/model/clock.h"
#include "pipelines/uplink/backoff.h"
#include "pipelines/uplink/broker_order.h"
#include "pipelines/uplink/broker_probe.h"
#include "pipelines/uplink/paho_session.h"

namespace vardnav::uplink {
namespace {

constexpr Milliseconds kGoodbye{500};

SteadyTime steadyNow() { return SystemClock().steadyNow(); }

}  // namespace

class PahoConnection::Dialler {
 public:
  Dialler(PahoSettings settings, Listener listener)
      : settings_(std::move(settings)),
        listener_(std::move(listener)),
        backoff_(settings_.firstBackoff, settings_.mostBackoff, std::random_device{}()),
        order_(settings_.brokers.size(), settings_.firstReturn, settings_.mostReturn,
               std::random_device{}()),
        toldReasons_(settings_.brokers.size()),
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
      isBlamed_ = true;
    }
    changed_.notify_all();
  }
  bool hasAlternative() const { return settings_.brokers.size() > 1; }

  Result<std::uint64_t> publish(const std::string& topic, std::string payload, Retain retain);

 private:
  void run();
  // Each: whether a pause is due before the next dial.
  bool attend();
  bool serve(PahoSession& session);
  /// Waits until it is; the earlier broker that is to be dialled then, if it ended for that.
  std::optional<std::size_t> awaitEnd();
  std::optional<std::size_t> earlierThatAnswers() const;
  void pause();
  void tellDisconnected(const std::string& reason, bool wasConnected);
  void settle(std::uint64_t token, bool isAcknowledged);
  void lose(std::string reason);

  const PahoSettings settings_;
  const Listener listener_;
  Backoff backoff_;                       // dialler's thread
  BrokerOrder order_;                     // dialler's thread
  std::vector<std::string> toldReasons_;  // dialler's thread; by broker

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  PahoSession* session_ = nullptr;       // guarded by mutex_; only while connected
  std::size_t publishing_ = 0;           // guarded: callers inside session_->publish
  std::set<std::uint64_t> outstanding_;  // guarded
  std::uint64_t newestToken_ = 0;        // guarded
  std::optional<std::string> ending_;    // guarded: why the connection is over or shall be
  bool isBlamed_ = false;                // guarded: it shall be for what the broker did not do
  bool isClosing_ = false;               // guarded

  std::thread thread_;  // last: uses all of the above
};

void PahoConnection::Dialler::run() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (isClosing_) return;
      ending_.reset();
      isBlamed_ = false;
    }
    if (attend()) pause();
  }
}

bool PahoConnection::Dialler::attend() {
  PahoSession session(settings_, settings_.brokers[order_.current()],
                      {.lost = [this](std::string reason) { lose(std::move(reason)); },
                       .message =
                           [this](std::string topic, std::string payload) {
                             listener_.message(std::move(topic), std::move(payload));
                           },
                       .settled = [this](std::uint64_t token, bool ok) { settle(token, ok); }});
  bool isPauseDue = false;
  if (const auto fault = session.dial()) {
    tellDisconnected(*fault, false);
    isPauseDue = order_.onDialFailed();
  } else {
    isPauseDue = serve(session);
  }
  session.end(kGoodbye);
  return isPauseDue;
}

// From connected until lost, torn down or closed.
bool PahoConnection::Dialler::serve(PahoSession& session) {
  const SteadyTime since = steadyNow();
  order_.onConnected(since);
  {
    const std::lock_guard lock(mutex_);
    session_ = &session;
    outstanding_.clear();
  }
  std::ranges::fill(toldReasons_, std::string{});
  listener_.connected(toText(settings_.brokers[order_.current()]));
  const auto earlier = awaitEnd();
  std::string reason;
  bool isBlamed = false;
  {
    std::unique_lock lock(mutex_);
    session_ = nullptr;
    outstanding_.clear();
    reason = ending_.value_or("closing");
    isBlamed = isBlamed_;
    changed_.wait(lock, [this] { return publishing_ == 0; });
  }
  if (steadyNow() - since >= BrokerOrder::kLasting) backoff_.reset();
  tellDisconnected(reason, true);
  if (!earlier) return order_.onEnded(steadyNow(), isBlamed);
  order_.returnTo(*earlier);
  return false;
}

std::optional<std::size_t> PahoConnection::Dialler::awaitEnd() {
  const auto isOver = [this] { return isClosing_ || ending_; };
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (const auto at = order_.returnAt()) {
        changed_.wait_until(lock, *at, isOver);
      } else {
        changed_.wait(lock, isOver);
      }
      if (isOver()) return std::nullopt;
    }
    // Takes seconds; messages go on meanwhile.
    const auto earlier = earlierThatAnswers();
    if (!earlier) {
      order_.onNoneEarlier(steadyNow());
      continue;
    }
    lose("going back to the broker " + toText(settings_.brokers[*earlier]));
    return earlier;
  }
}

std::optional<std::size_t> PahoConnection::Dialler::earlierThatAnswers() const {
  for (std::size_t i = 0; i < order_.current(); ++i) {
    if (whyUnreachable(settings_.brokers[i], settings_.tls).empty()) return i;
  }
  return std::nullopt;
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
  std::string& told = toldReasons_[order_.current()];
  if (!wasConnected && reason == told) return;
  told = reason;
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
  if (settings.brokers.empty()) return fail(ErrorCode::kInvalidInput, "no broker to connect to");
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

bool PahoConnection::hasAlternative() const { return dialler_ && dialler_->hasAlternative(); }

}  // namespace vardnav::uplink
