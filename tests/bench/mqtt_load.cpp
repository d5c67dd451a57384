// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The load and the floors of ingest.py. As `publish` many hubs that send readings over TLS and,
// unless told otherwise, wait for a receipt of each; as `count` the barest subscriber of the same
// messages; as `insert` one that puts the same rows into the same tables of a backend's database,
// one transaction a message. Each prints one JSON object.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "pipelines/model/digest.h"
#include "pipelines/sqlite/sqlite.h"
#include "pipelines/uplink/paho_connection.h"
#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"

namespace vardnav::bench {
namespace {

using Instant = std::chrono::steady_clock::time_point;
/// A person's readings: as often as somebody who takes it very seriously.
constexpr std::chrono::minutes kBetween{60};

Instant now() { return std::chrono::steady_clock::now(); }
double seconds(Instant from, Instant to) {
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
  bool hasReceipts = true;
  std::string database;
};

uplink::PahoSettings settingsOf(const Options& options, const std::string& name) {
  uplink::PahoSettings settings;
  settings.host = "127.0.0.1";
  settings.port = options.port;
  settings.clientId = name;
  settings.tls = {options.pki + "/ca.crt", options.pki + "/" + name + ".crt",
                  options.pki + "/" + name + ".key"};
  return settings;
}

Observation observationOf(const std::string& hub, std::uint64_t sequence, UtcTime at) {
  Observation one;
  one.reading = DigestBuilder().add(hub).add(sequence).key();
  one.code = Code::kGlucose;
  one.value = Value::of(Decimal(static_cast<std::int64_t>(60 + sequence % 40), -1));
  one.unit = Unit::kMillimolePerLitre;
  one.shown = Quantity{one.value.number, one.unit};
  one.person = PersonId("p-" + hub);
  one.device = DeviceId("C0:FF:EE:00:00:01");
  one.recordNumber = static_cast<std::uint32_t>(sequence);
  one.at = one.receivedAt = at;
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
                         {[this] { signal([this] { isConnected_ = true; }); },
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
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] {
          return (!options_.hasReceipts || sent + size <= through_ + options_.window) &&
                 published_ - acknowledged_ < 8;
        });
        for (std::uint64_t i = 0; i < size; ++i) sentAt_.push_back(now());
      }
      publish(sent + 1, size);
      sent += size;
    }
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] {
      return options_.hasReceipts ? through_ >= share_ : acknowledged_ >= published_;
    });
  }

  const std::vector<double>& latencies() const { return latencies_; }
  void close() { connection_.close(); }

 private:
  void publish(std::uint64_t first, std::uint64_t size) {
    wire::UpMessage message{HubId(hub_), EpochId("epoch-1"), wire::Stream::kReading, at_, {}};
    for (std::uint64_t i = first; i < first + size; ++i) {
      const UtcTime at = at_ + (i - 1) * kBetween;
      message.items.push_back({i, false, wire::ReadingItem{{observationOf(hub_, i, at)}}});
    }
    const std::string text = wire::encode(message);
    for (;;) {
      if (connection_.publish(wire::upTopic(HubId(hub_), wire::Stream::kReading), text)) break;
      std::this_thread::sleep_for(Milliseconds{1});
    }
    const std::scoped_lock lock(mutex_);
    ++published_;
  }

  void take(const std::string& text) {
    const auto receipt = wire::decodeReceipt(text);
    if (!receipt || !receipt->gaps.empty() || !receipt->setAside.empty()) {
      std::fprintf(stderr, "a receipt that is none of everything: %s\n", text.c_str());
      return;
    }
    signal([&] {
      const Instant at = now();
      for (; through_ < receipt->through; ++through_) {
        latencies_.push_back(seconds(sentAt_[through_], at) * 1000);
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
  std::vector<Instant> sentAt_;  // by sequence - 1
  std::vector<double> latencies_;
  uplink::PahoConnection connection_;
};

nlohmann::json publishAll(const Options& options) {
  std::vector<std::unique_ptr<HubLoad>> hubs;
  for (int i = 0; i < options.hubs; ++i) hubs.push_back(std::make_unique<HubLoad>(options, i));
  // All dial at once: Paho takes a second or two for each.
  for (auto& hub : hubs) hub->open();
  for (auto& hub : hubs) hub->awaitConnected();
  const Instant started = now();
  std::vector<std::jthread> threads;
  for (auto& hub : hubs) threads.emplace_back([&] { hub->run(started); });
  threads.clear();
  const Instant ended = now();
  std::vector<double> latencies;
  for (auto& hub : hubs) {
    hub->close();
    latencies.insert(latencies.end(), hub->latencies().begin(), hub->latencies().end());
  }
  std::ranges::sort(latencies);
  nlohmann::json result{{"readings", options.readings}, {"seconds", seconds(started, ended)}};
  if (!latencies.empty()) {
    result["p50_ms"] = latencies[latencies.size() / 2];
    result["p99_ms"] = latencies[latencies.size() * 99 / 100];
  }
  return result;
}

/// The same rows as the backend's: the reading, its observation, what consoles are told.
class Rows {
 public:
  explicit Rows(const std::string& path)
      : database_(sqlite::Database::open(path).value()),
        reading_(database_.prepare("INSERT INTO reading_key(key, person, hub, stored_utc_ms,"
                                   " has_item) VALUES(?,?,?,?,1)")),
        observation_(database_.prepare("INSERT INTO observation VALUES(?,?,?,?,?,?)")),
        event_(database_.prepare("INSERT INTO console_event(at_utc_ms, person, reading_key)"
                                 " VALUES(?,?,?) RETURNING id")),
        team_(database_.prepare("INSERT INTO console_event_team VALUES(?,'team-home',0)")) {}

  void insert(const wire::UpMessage& message, const std::string& hub) {
    check(database_.execute("BEGIN IMMEDIATE"));
    for (const wire::UpItem& item : message.items) {
      const Observation& one = std::get<wire::ReadingItem>(item.body).observations.front();
      const auto at = one.at.time_since_epoch().count();
      const ByteView key(one.reading.octets);
      check(reading_.with(key, one.person.value, hub, at).run());
      check(observation_
                .with(one.person.value, key, nameOf(one.code), one.revision, at,
                      wire::encodeObservation(one))
                .run());
      (void)event_.with(at, one.person.value, key).step().value();
      const auto id = event_.int64(0);
      event_.reset();
      check(team_.with(id).run());
    }
    check(database_.execute("COMMIT"));
  }

 private:
  static void check(const Result<void>& done) {
    if (!done) throw std::runtime_error(done.error().context);
  }
  sqlite::Database database_;
  sqlite::Statement reading_, observation_, event_, team_;
};

/// Until `readings` have come; counts items by their sequences, without decoding where it can.
nlohmann::json subscribe(const Options& options) {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::string> texts;
  auto settings = settingsOf(options, "vardnav-care");
  settings.subscriptions = {"vardnav/1/+/up/reading"};
  uplink::PahoConnection connection;
  const auto opened =
      connection.open(std::move(settings),
                      {[] {
                         std::puts("ready");
                         std::fflush(stdout);
                       },
                       [](const std::string& why) { std::fprintf(stderr, "%s\n", why.c_str()); },
                       [&](const std::string&, std::string text) {
                         const std::scoped_lock lock(mutex);
                         texts.push_back(std::move(text));
                         wake.notify_one();
                       },
                       [](std::uint64_t) {}});
  if (!opened) throw std::runtime_error(opened.error().context);
  std::unique_ptr<Rows> rows;
  if (!options.database.empty()) rows = std::make_unique<Rows>(options.database);
  std::uint64_t count = 0;
  Instant first{};
  while (count < options.readings) {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return !texts.empty(); });
    const std::string text = std::move(texts.front());
    texts.pop_front();
    lock.unlock();
    if (count == 0) first = now();
    if (rows) {
      const auto decoded = wire::decodeUp(text);
      rows->insert(decoded->message, decoded->message.hub.value);
      count += decoded->message.items.size();
    } else {
      count += std::min(options.items, options.readings - count);
    }
  }
  const Instant last = now();
  connection.close();
  return {{"readings", count}, {"seconds", seconds(first, last)}};
}

}  // namespace
}  // namespace vardnav::bench

int main(int argc, char** argv) {
  using namespace vardnav::bench;
  Options options;
  CLI::App app{"Load and floors of the ingest benchmark"};
  app.require_subcommand(1);
  for (const char* verb : {"publish", "count", "insert"}) {
    auto* sub = app.add_subcommand(verb);
    sub->add_option("--port", options.port)->required();
    sub->add_option("--pki", options.pki)->required();
    sub->add_option("--readings", options.readings);
    sub->add_option("--items", options.items);
    sub->add_option("--hubs", options.hubs);
    sub->add_option("--window", options.window);
    sub->add_option("--rate", options.rate);
    sub->add_option("--database", options.database);
    sub->add_flag("!--no-receipts", options.hasReceipts);
  }
  CLI11_PARSE(app, argc, argv);
  try {
    const auto result = app.got_subcommand("publish") ? publishAll(options) : subscribe(options);
    std::puts(result.dump().c_str());
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "mqtt_load: %s\n", fault.what());
    return 1;
  }
  return 0;
}
