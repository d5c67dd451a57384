// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-care: the backend. The one place of the care side that chooses implementations and joins
// them. The main thread is the core thread.

#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <exception>
#include <iostream>
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
#include "cloud/app/config.h"
#include "cloud/app/core_loop.h"
#include "cloud/app/state_directory.h"
#include "cloud/core/care_core.h"
#include "cloud/ingest/mqtt_ingest.h"
#include "cloud/store/schema.h"
#include "cloud/store/sqlite_account_store.h"
#include "cloud/store/sqlite_care_store.h"
#include "cloud/store/sqlite_read_model.h"
#include "cloud/store/sqlite_registry_store.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud {
namespace {

using namespace std::chrono_literals;

constexpr auto kEventsKept = std::chrono::hours{48};  // for consoles that come back
constexpr Milliseconds kHousekeeping{60'000};
constexpr Milliseconds kCatchUp{10};

Result<sqlite::Database> openDatabase(const Config& config) {
  if (auto made = makeStateDirectory(config.state); !made) return std::unexpected(made.error());
  return store::openCareDatabase(config.state + "/care.db");
}

uplink::PahoSettings brokerSettings(const BrokerConfig& mqtt) {
  uplink::PahoSettings settings;
  settings.host = mqtt.host;
  settings.port = mqtt.port;
  settings.tls = {mqtt.ca, mqtt.certificate, mqtt.key};
  settings.clientId = "vardnav-care";
  return settings;
}

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

std::vector<wire::Receipt> handleMessage(CareCore& core, const ingest::Message& message,
                                         UtcTime now) {
  const auto ingested = core.ingest(message.hub, message.channel, message.payload, now);
  if (!ingested) {
    spdlog::error("hub {}: {} not stored, it will come again: {}", message.hub.value,
                  message.channel, ingested.error().context);
    return {};
  }
  for (const SetAsideNote& note : ingested->setAside) {
    spdlog::warn("hub {}: {} set aside ({}): {}", message.hub.value, message.channel,
                 nameOf(note.reason), note.detail);
  }
  return ingested->receipts;
}

// Between batches of work: what has fallen due, and once a minute what is no longer needed.
class Upkeep {
 public:
  Upkeep(CareCore& core, CareStore& store, api::EventFeed& feed, const Clock& clock)
      : core_(core), store_(store), feed_(feed), clock_(clock) {}

  Milliseconds run() {
    const UtcTime now = clock_.utcNow();
    const auto next = core_.runDue(now);
    if (!next) spdlog::error("due alerts could not be escalated: {}", next.error().context);
    const SteadyTime steady = clock_.steadyNow();
    if (steady >= housekeepingAt_) {
      housekeepingAt_ = steady + kHousekeeping;
      feed_.dropExpired();
      if (const auto pruned = store_.pruneEvents(now - kEventsKept); !pruned) {
        spdlog::warn("old console events not pruned: {}", pruned.error().context);
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
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  const SystemClock clock;
  const auto post = [&loop](std::function<void()> task) { loop.post(std::move(task)); };

  store::SqliteCareStore careStore(*database);
  store::SqliteAccountStore accounts(*database);
  const store::SqliteReadModel reads(*database);
  access::Gatekeeper gate(accounts, clock, post);
  if (auto opened = gate.open(); !opened) return opened;
  api::EventFeed feed(reads, gate, clock);
  CareCore core(careStore, feed);
  feed.attach(core);

  std::atomic<bool> isBrokerConnected{false};
  api::Api rest({core, reads, gate, feed, clock, files, post,
                 [&isBrokerConnected] { return isBrokerConnected.load(); }});
  api::HttpServer http(
      [&rest](api::Request request, std::shared_ptr<api::Exchange> exchange) {
        rest.handle(std::move(request), std::move(exchange));
      },
      api::Api::securityHeaders());
  if (auto listening = http.listen(config.http.listen, config.http.port); !listening) {
    return fail(listening.error().code,
                listening.error().context + "; choose another http.port, or stop what uses it");
  }

  ingest::MqttIngest ingest(
      post,
      [&](const ingest::Message& message) { return handleMessage(core, message, clock.utcNow()); },
      {[&] {
         isBrokerConnected = true;
         spdlog::info("broker connected");
       },
       [&](const std::string& reason) {
         isBrokerConnected = false;
         spdlog::warn("broker: {}", reason);
       }});
  if (auto opened = ingest.open(brokerSettings(config.mqtt)); !opened) return opened;
  http.start();
  signals.start([&loop] { loop.quit(); });
  spdlog::info("vardnav-care {} serves http://{}:{}", VARDNAV_VERSION, config.http.listen,
               http.port());

  Upkeep upkeep(core, careStore, feed, clock);
  loop.run([&upkeep]() -> std::optional<Milliseconds> { return upkeep.run(); });
  spdlog::info("stopping");
  ingest.close();
  http.stop();
  return {};
}

Result<void> importInto(const Config& config, const std::string& file) {
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  store::SqliteRegistryStore registry(*database);
  const auto faults = importRegistry(file, registry);
  if (faults.empty()) return {};
  for (std::size_t i = 0; i + 1 < faults.size(); ++i) {
    std::fprintf(stderr, "vardnav-care: %s\n", faults[i].c_str());
  }
  return fail(ErrorCode::kInvalidInput, faults.back());
}

Result<void> addUserInto(const Config& config, const NewUser& user) {
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  std::string password;
  std::getline(std::cin, password);
  store::SqliteAccountStore accounts(*database);
  return addUser(user, password, accounts);
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
  app.require_subcommand(0, 1);
  CLI::App* registry = app.add_subcommand("registry", "Care givers, teams, patients, enrolments");
  registry->require_subcommand(1);
  std::string registryFile;
  CLI::App* import = registry->add_subcommand("import", "Check a registry file and apply it");
  import->add_option("FILE", registryFile)->required();
  CLI::App* users = app.add_subcommand("user", "Local accounts");
  users->require_subcommand(1);
  NewUser user;
  CLI::App* add = users->add_subcommand("add", "Add or replace; password on standard input");
  add->add_option("NAME", user.username)->required();
  add->add_option("--display", user.display, "The person's name")->required();
  add->add_option("--team", user.teams, "Member of this team; may be given again")->required();
  CLI11_PARSE(app, argc, argv);

  ::umask(077);
  const auto config = readConfig(path);
  if (!config) return complain(config.error());
  auto logger =
      std::make_shared<spdlog::logger>("care", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->set_level(spdlog::level::from_str(config->logLevel));
  spdlog::set_default_logger(logger);
  Result<void> done;
  if (import->parsed()) {
    done = importInto(*config, registryFile);
  } else if (add->parsed()) {
    done = addUserInto(*config, user);
  } else {
    done = serve(*config);
  }
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
