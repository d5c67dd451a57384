// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One hub of the load: readings and alerts of one person over TLS, and how long until the backend
// has confirmed each. run() has a thread of its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pipelines/model/digest.h"
#include "pipelines/uplink/paho_connection.h"
#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"

namespace vardnav::bench {

using Instant = std::chrono::steady_clock::time_point;
/// A person's readings: as often as somebody who takes it very seriously.
inline constexpr std::chrono::minutes kBetween{60};

inline Instant now() { return std::chrono::steady_clock::now(); }
inline double seconds(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

struct Options {
  std::uint16_t port = 0;
  std::string pki;
  int hubs = 20;
  std::uint64_t readings = 20'000;  ///< of all hubs
  std::uint64_t items = 50;         ///< in a message
  std::uint64_t window = 500;       ///< of a hub without receipt
  double rate = 0;                  ///< readings a second of all hubs; 0: as fast as it goes
  double resend = 0;                ///< seconds without a receipt until all is sent again; 0: never
  std::uint64_t lowEvery = 0;       ///< so many readings one is seriously low; 0: none
  bool hasAlerts = true;            ///< of which the hub tells in its other stream
  double patience = 0;  ///< of a subscriber: seconds without a message until it ends; 0: for ever
  bool hasReceipts = true;
  std::string database;
};

inline uplink::PahoSettings settingsOf(const Options& options, const std::string& name) {
  uplink::PahoSettings settings;
  settings.brokers = {{"127.0.0.1", options.port}};
  settings.clientId = name;
  settings.tls = {options.pki + "/ca.crt", options.pki + "/" + name + ".crt",
                  options.pki + "/" + name + ".key"};
  return settings;
}

inline Observation observationOf(const std::string& hub, std::uint64_t sequence, UtcTime at,
                                 bool isLow) {
  Observation one;
  one.reading = DigestBuilder().add(hub).add(sequence).key();
  one.code = Code::kGlucose;
  one.value = Value::of(Decimal(isLow ? 25 : static_cast<std::int64_t>(60 + sequence % 40), -1));
  one.unit = Unit::kMillimolePerLitre;
  one.shown = Quantity{one.value.number, one.unit};
  one.person = PersonId("p-" + hub);
  one.device = DeviceId("C0:FF:EE:00:00:01");
  one.recordNumber = static_cast<std::uint32_t>(sequence);
  one.at = one.receivedAt = at;
  return one;
}

inline Verdict verdictOf(const std::string& hub, const Observation& low) {
  Verdict one;
  one.key = DigestBuilder().add("verdict").add(hub).add(low.reading.toHex()).key();
  one.person = low.person;
  one.condition = ConditionId("diabetes");
  one.rule = RuleId("glucose-low");
  one.ruleHash = std::string(64, 'a');
  one.title = {"Lågt blodsocker", "Low glucose"};
  one.why = {"2,5 mmol/L är under 3,0 mmol/L.", "2.5 mmol/L is below 3.0 mmol/L."};
  one.transition = Transition::kRaised;
  one.priority = Priority::kP1;
  one.at = one.told = low.at;
  one.inputs = {low.reading};
  return one;
}

/// One hub's stream: sends in order, at most `window` without receipt.
class HubLoad {
 public:
  HubLoad(const Options& options, int number)
      : options_(options),
        hub_("hub-bench-" + std::to_string(number)),
        share_(options.readings / static_cast<std::uint64_t>(options.hubs)),
        at_(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) -
            share_ * kBetween) {}

  void open() {
    auto settings = settingsOf(options_, hub_);
    settings.subscriptions = {wire::receiptTopic(HubId(hub_))};
    const auto opened =
        connection_.open(std::move(settings),
                         {[this](const std::string&) { signal([this] { isConnected_ = true; }); },
                          [](const std::string& why) { std::fprintf(stderr, "%s\n", why.c_str()); },
                          [this](const std::string&, const std::string& text) { take(text); },
                          [this](std::uint64_t) { signal([this] { ++acknowledged_; }); }});
    if (!opened) throw std::runtime_error(opened.error().context);
  }

  void awaitConnected() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return isConnected_; });
  }

  void run(Instant started) {
    const double rate = options_.rate / options_.hubs;
    std::uint64_t sent = 0;
    while (sent < share_) {
      const std::uint64_t size = std::min(options_.items, share_ - sent);
      if (rate > 0) {
        std::this_thread::sleep_until(
            started + std::chrono::duration_cast<Instant::duration>(
                          std::chrono::duration<double>(static_cast<double>(sent) / rate)));
      }
      const bool mayGo = await([&] {
        return (!options_.hasReceipts || sent + size <= through_ + options_.window) &&
               published_ - acknowledged_ < 8;
      });
      if (!mayGo) {
        sent = received();
        continue;
      }
      note(sent + size);
      publish(sent + 1, size);
      sent += size;
      const bool isAll = sent >= share_;
      if (isAll && !await([&] {
            return options_.hasReceipts ? through_ >= share_ && alertThrough_ >= alerts_
                                        : acknowledged_ >= published_;
          })) {
        sent = received();
      }
    }
  }

  const std::vector<double>& latencies() const { return latencies_; }
  const std::vector<double>& alertLatencies() const { return alertLatencies_; }
  void close() { connection_.close(); }

 private:
  /// false: nothing has been received for so long that it is sent again.
  bool await(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    if (options_.resend <= 0) {
      wake_.wait(lock, condition);
      return true;
    }
    const std::chrono::duration<double> patience(options_.resend);
    for (std::uint64_t before = through_;; before = through_) {
      if (wake_.wait_for(lock, patience, condition)) return true;
      if (through_ == before) return false;
    }
  }

  std::uint64_t received() {
    const std::scoped_lock lock(mutex_);
    return through_;
  }

  /// When what goes out now was first sent.
  void note(std::uint64_t through) {
    const std::scoped_lock lock(mutex_);
    while (sentAt_.size() < through) sentAt_.push_back(now());
  }

  bool isLow(std::uint64_t sequence) const {
    return options_.lowEvery > 0 && sequence % options_.lowEvery == 0;
  }

  void publish(std::uint64_t first, std::uint64_t size) {
    wire::UpMessage message{HubId(hub_), EpochId("epoch-1"), wire::Stream::kReading, at_, {}};
    for (std::uint64_t i = first; i < first + size; ++i) {
      const UtcTime at = at_ + (i - 1) * kBetween;
      const Observation one = observationOf(hub_, i, at, isLow(i));
      if (isLow(i) && options_.hasAlerts) alert(one);
      message.items.push_back({i, false, wire::ReadingItem{{one}}});
    }
    send(message);
  }

  /// Ahead of its reading, as a hub does.
  void alert(const Observation& low) {
    std::uint64_t sequence = 0;
    {
      const std::scoped_lock lock(mutex_);
      sequence = ++alerts_;
      alertSentAt_.push_back(now());
    }
    send({HubId(hub_),
          EpochId("epoch-1"),
          wire::Stream::kAlert,
          at_,
          {{sequence, false, wire::AlertItem{verdictOf(hub_, low), {low}}}}});
  }

  void send(const wire::UpMessage& message) {
    const std::string text = wire::encode(message);
    for (;;) {
      if (connection_.publish(wire::upTopic(HubId(hub_), message.stream), text)) break;
      std::this_thread::sleep_for(Milliseconds{1});
    }
    const std::scoped_lock lock(mutex_);
    ++published_;
  }

  void take(const std::string& text) {
    const auto receipt = wire::decodeReceipt(text);
    // What is sent again closes its gaps.
    const bool hasGaps = receipt && !receipt->gaps.empty() && options_.resend <= 0;
    if (!receipt || hasGaps || !receipt->setAside.empty()) {
      std::fprintf(stderr, "a receipt that is none of everything: %s\n", text.c_str());
      return;
    }
    signal([&] {
      const Instant at = now();
      const auto& gaps = receipt->gaps;
      const std::uint64_t whole = gaps.empty() ? receipt->through : gaps.front().first - 1;
      if (receipt->stream == wire::Stream::kAlert) {
        for (; alertThrough_ < whole; ++alertThrough_) {
          alertLatencies_.push_back(seconds(alertSentAt_[alertThrough_], at) * 1000);
        }
        return;
      }
      for (; through_ < whole; ++through_) {
        latencies_.push_back(seconds(sentAt_[through_], at) * 1000);
        // Who has no stream of alerts answers the low reading.
        if (isLow(through_ + 1) && !options_.hasAlerts)
          alertLatencies_.push_back(latencies_.back());
      }
    });
  }

  void signal(const std::function<void()>& change) {
    const std::scoped_lock lock(mutex_);
    change();
    wake_.notify_all();
  }

  const Options& options_;
  const std::string hub_;
  const std::uint64_t share_;
  const UtcTime at_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool isConnected_ = false;
  std::uint64_t published_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t through_ = 0;
  std::uint64_t alerts_ = 0;
  std::uint64_t alertThrough_ = 0;
  std::vector<Instant> sentAt_, alertSentAt_;  // by sequence - 1
  std::vector<double> alertLatencies_;
  std::vector<double> latencies_;
  uplink::PahoConnection connection_;
};

}  // namespace vardnav::bench
