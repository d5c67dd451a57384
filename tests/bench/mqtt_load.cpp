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
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "pipelines/sqlite/sqlite.h"
#include "tests/bench/hub_load.h"

namespace vardnav::bench {
namespace {

void addPercentiles(nlohmann::json& result, const std::string& of, std::vector<double> latencies) {
  if (latencies.empty()) return;
  std::ranges::sort(latencies);
  result[of + "p50_ms"] = latencies[latencies.size() / 2];
  result[of + "p99_ms"] = latencies[latencies.size() * 99 / 100];
}

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
  std::vector<double> latencies, alerts;
  for (auto& hub : hubs) {
    hub->close();
    latencies.insert(latencies.end(), hub->latencies().begin(), hub->latencies().end());
    alerts.insert(alerts.end(), hub->alertLatencies().begin(), hub->alertLatencies().end());
  }
  nlohmann::json result{{"readings", options.readings}, {"seconds", seconds(started, ended)}};
  addPercentiles(result, "", std::move(latencies));
  addPercentiles(result, "alert_", std::move(alerts));
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

/// Until `readings` have come, or nothing more does; counts without decoding where it can.
nlohmann::json subscribe(const Options& options) {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::string> texts;
  auto settings = settingsOf(options, "vardnav-care");
  settings.subscriptions = {"vardnav/1/+/up/reading"};
  uplink::PahoConnection connection;
  const auto opened =
      connection.open(std::move(settings),
                      {[](const std::string&) {
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
    const auto hasCome = [&] { return !texts.empty(); };
    const std::chrono::duration<double> patience(options.patience);
    if (options.patience <= 0) {
      wake.wait(lock, hasCome);
    } else if (!wake.wait_for(lock, patience, hasCome)) {
      break;
    }
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
  return {{"readings", count}, {"seconds", count == 0 ? 0 : seconds(first, last)}};
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
    sub->add_option("--resend", options.resend);
    sub->add_option("--patience", options.patience);
    sub->add_option("--low-every", options.lowEvery);
    sub->add_flag("!--no-alerts", options.hasAlerts);
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
