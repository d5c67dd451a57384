// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-care: the backend. The one place of the care side that chooses implementations and joins
// them. The main thread is the core thread.

#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "cloud/access/gatekeeper.h"
#include "cloud/api/api.h"
#include "cloud/api/event_feed.h"
#include "cloud/api/http_server.h"
#include "cloud/api/static_files.h"
#include "cloud/app/administration.h"
#include "cloud/app/brokers.h"
#include "cloud/app/config.h"
#include "cloud/app/core_loop.h"
#include "cloud/app/database_watch.h"
#include "cloud/app/state_directory.h"
#include "cloud/app/verbs.h"
#include "cloud/core/care_core.h"
#include "cloud/registry/configuration_desk.h"
#include "cloud/store/in_hand_file.h"
#include "cloud/store/schema.h"
#include "cloud/store/sql_account_store.h"
#include "cloud/store/sql_care_store.h"
#include "cloud/store/sql_configuration_books.h"
#include "cloud/store/sql_read_model.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud {
namespace {

using namespace std::chrono_literals;

constexpr auto kEventsKept = std::chrono::hours{48};  // for consoles that come back
constexpr Milliseconds kHousekeeping{60'000};
constexpr Milliseconds kCatchUp{10};

// SIGINT and SIGTERM, taken by a thread that only waits for them.
class StopSignals {
 public:
  /// Before any other thread: every thread inherits the mask.
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  ~StopSignals() {
    if (!thread_.joinable()) return;
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  void start(std::function<void()> stop) {
    thread_ = std::thread([this, stop = std::move(stop)] {
      int signal = 0;
      sigwait(&signals_, &signal);
      stop();
    });
  }

 private:
  sigset_t signals_{};
  std::thread thread_;
};

// What hubs are to be, on its way to them. Without a signing key nothing is issued.
class Configurations {
 public:
  using Publish = std::function<void(ingest::ConfigurationMessage)>;

  explicit Configurations(DatabaseWatch& database) : database_(database) {}

  Result<void> open(registry::ConfigurationBooks& books, const std::string& keyFile) {
    if (keyFile.empty()) return {};
    auto key = readKey(keyFile);
    if (!key) return std::unexpected(key.error());
    publicKey_ = key->publicKey().toHex();
    desk_.emplace(books, *std::move(key));
    return {};
  }
  void publishBy(Publish publish) {
    publish_ = std::move(publish);
    if (desk_) {
      spdlog::info("configurations are signed by {} (pin it in hub.toml)", publicKey_);
    } else {
      spdlog::warn("no signing.key: hubs are sent no configuration");
    }
  }

  void onStatus(const wire::Status& status, UtcTime now) {
    if (!desk_ || !publish_) return;
    const auto newest = desk_->answer(status, now);
    if (!newest) {
      database_.complain("hub " + status.hub.value + ": no configuration issued", newest.error());
    } else if (*newest) {
      send(**newest);
    }
  }
  void renewAll(UtcTime now) {
    if (!desk_ || !publish_) return;
    const auto issued = desk_->renewAll(now);
    if (!issued) return database_.complain("no configuration issued", issued.error());
    for (const registry::IssuedConfiguration& one : *issued) send(one);
  }

 private:
  void send(const registry::IssuedConfiguration& one) {
    spdlog::info("hub {}: configuration {} goes out", one.hub.value, one.serial);
    publish_({one.hub, one.envelope});
  }

  DatabaseWatch& database_;
  std::string publicKey_;
  std::optional<registry::ConfigurationDesk> desk_;
  Publish publish_;
};

/// Receipts of what is stored.
std::vector<wire::Receipt> handle(CareCore& core, Configurations& configurations,
                                  DatabaseWatch& database,
                                  std::span<const ingest::Message> messages, UtcTime now) {
  std::vector<Inbound> inbound;
  for (const auto& [hub, channel, payload] : messages) inbound.push_back({hub, channel, payload});
  auto outcomes = core.ingestAll(inbound, now);
  std::vector<wire::Receipt> receipts;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const ingest::Message& message = messages[i];
    auto& ingested = outcomes[i];
    if (!ingested) {
      database.complain(
          "hub " + message.hub.value + ": " + message.channel + " not stored, it will come again",
          ingested.error());
      continue;
    }
    for (const SetAsideNote& note : ingested->setAside) {
      spdlog::warn("hub {}: {} set aside ({}): {}", message.hub.value, message.channel,
                   nameOf(note.reason), note.detail);
    }
    if (ingested->status) configurations.onStatus(*ingested->status, now);
    std::ranges::move(ingested->receipts, std::back_inserter(receipts));
  }
  return receipts;
}

// Between batches of work: what has fallen due, and once a minute what is no longer needed.
class Upkeep {
 public:
  Upkeep(CareCore& core, CareStore& store, api::EventFeed& feed, Configurations& configurations,
         DatabaseWatch& database, const Clock& clock)
      : core_(core),
        store_(store),
        feed_(feed),
        configurations_(configurations),
        database_(database),
        clock_(clock) {}

  Milliseconds run() {
    const UtcTime now = clock_.utcNow();
    const auto next = core_.runDue(now);
    if (!next) database_.complain("due alerts could not be escalated", next.error());
    const SteadyTime steady = clock_.steadyNow();
    // Another process has written (a registry was imported, a pause has been set), or the database
    // was away, and something may be there of which nobody was told.
    if (store_.hasChangedOutside().value_or(false)) {
      configurations_.renewAll(now);
      feed_.eventsStored();
    }
    database_.look();
    if (database_.isThere() && steady >= housekeepingAt_) {
      housekeepingAt_ = steady + kHousekeeping;
      if (const auto watched = core_.watchHubs(now); !watched) {
        database_.complain("silent hubs could not be looked for", watched.error());
      }
      if (const auto told = core_.tellHeld(now); !told) {
        database_.complain("what readings on their way hold back was not told", told.error());
      }
      feed_.dropExpired();
      if (const auto pruned = store_.pruneEvents(now - kEventsKept); !pruned) {
        database_.complain("old console events not pruned", pruned.error());
      }
    }
    if (feed_.catchUp()) return kCatchUp;
    // At least once a second: the wall clock may jump.
    const Milliseconds due = next && *next ? std::max(**next - now, Milliseconds{1}) : 1000ms;
    return std::min(due, Milliseconds{1000});
  }

 private:
  CareCore& core_;
  CareStore& store_;
  api::EventFeed& feed_;
  Configurations& configurations_;
  DatabaseWatch& database_;
  const Clock& clock_;
  SteadyTime housekeepingAt_{};
};

Result<void> serve(const Config& config) {
  CoreLoop loop;
  StopSignals signals;  // before any thread; its own ends the loop until it is destroyed
  api::StaticFiles files;
  if (auto opened = files.open(config.http.console); !opened) return opened;
  if (auto made = makeStateDirectory(config.state); !made) return made;
  const auto state = ServedState::hold(config.state);
  if (!state) return std::unexpected(state.error());
  auto database = store::openCareDatabase(databaseOf(config));
  if (!database) return std::unexpected(database.error());
  if (auto alone = (*database)->serveAlone(); !alone) return alone;
  DatabaseWatch watch(**database);
  const SystemClock clock;
  const auto post = [&loop](std::function<void()> task) { loop.post(std::move(task)); };

  store::SqlCareStore careStore(**database);
  store::SqlAccountStore accounts(**database);
  const store::SqlReadModel reads(**database);
  access::Gatekeeper gate(accounts, clock, post);
  if (auto opened = gate.open(); !opened) return opened;
  api::EventFeed feed(reads, gate, clock);
  const auto inHand = store::InHandFile::open(config.state + "/in-hand", VARDNAV_VERSION);
  if (!inHand) return std::unexpected(inHand.error());
  CareCore core(careStore, feed, **inHand);
  feed.attach(core);

  store::SqlConfigurationBooks books(**database);
  Configurations configurations(watch);
  if (auto opened = configurations.open(books, config.signingKey); !opened) return opened;

  Brokers brokers([&](bool isListening) {
    core.setListening(isListening ? std::optional(clock.utcNow()) : std::nullopt);
  });
  api::Api rest({core, reads, gate, feed, clock, files, post,
                 [&brokers] { return brokers.state(); }, [&watch] { return watch.isThere(); },
                 [&] { configurations.renewAll(clock.utcNow()); }});
  api::HttpServer http(
      [&rest](api::Request request, std::shared_ptr<api::Exchange> exchange) {
        rest.handle(std::move(request), std::move(exchange));
      },
      api::Api::securityHeaders(), {.takesLargeBody = &api::Api::takesLargeBody});
  if (auto listening = http.listen(config.http.listen, config.http.port); !listening) {
    return fail(listening.error().code,
                listening.error().context + "; choose another http.port, or stop what uses it");
  }

  const auto ingest = [&](std::span<const ingest::Message> messages) {
    return handle(core, configurations, watch, messages, clock.utcNow());
  };
  if (auto opened = brokers.open(config.mqtt, post, ingest); !opened) return opened;
  configurations.publishBy([&brokers](const ingest::ConfigurationMessage& configuration) {
    brokers.publish(configuration);
  });
  http.start();
  signals.start([&loop] { loop.quit(); });
  spdlog::info("vardnav-care {} serves http://{}:{}", VARDNAV_VERSION, config.http.listen,
               http.port());

  Upkeep upkeep(core, careStore, feed, configurations, watch, clock);
  loop.run([&upkeep]() -> std::optional<Milliseconds> { return upkeep.run(); });
  spdlog::info("stopping");
  brokers.close();
  http.stop();
  return {};
}

int complain(const Error& error) {
  std::fprintf(stderr, "vardnav-care: %s\n", error.context.c_str());
  return 1;
}

int mainOf(int argc, char** argv) {
  CLI::App app{"Vardnav's backend: stores what hubs send, routes alerts, serves the console"};
  std::string path = "/etc/vardnav/care.toml";
  app.add_option("--config", path, "Configuration file")->capture_default_str();
  app.set_version_flag("--version", VARDNAV_VERSION);
  Verb verb;
  addVerbs(app, verb);
  CLI11_PARSE(app, argc, argv);

  ::umask(077);
  if (verb) {
    const auto done = verb(path);
    return done ? 0 : complain(done.error());
  }
  const auto config = readConfig(path);
  if (!config) return complain(config.error());
  auto logger =
      std::make_shared<spdlog::logger>("care", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->set_level(spdlog::level::from_str(config->logLevel));
  spdlog::set_default_logger(logger);
  const auto done = serve(*config);
  return done ? 0 : complain(done.error());
}

}  // namespace
}  // namespace vardnav::cloud

// What no layer expected (no time zone data, no memory): one line, and systemd starts it again.
// What was committed is safe.
int main(int argc, char** argv) {
  try {
    return vardnav::cloud::mainOf(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vardnav-care: ended by an unexpected fault: %s\n", error.what());
    return 70;
  }
}
