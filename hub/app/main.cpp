// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-hub: the daemon in the home. The one place of the home side that chooses
// implementations and joins them.

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "ble/bluez/bus.h"
#include "ble/bluez/central.h"
#include "ble/devices/catalogue.h"
#include "hub/app/adapter_notes.h"
#include "hub/app/capture_desk.h"
#include "hub/app/chain_watch.h"
#include "hub/app/clock_fault.h"
#include "hub/app/clock_watch.h"
#include "hub/app/collector.h"
#include "hub/app/config.h"
#include "hub/app/desired_state.h"
#include "hub/app/disk_watch.h"
#include "hub/app/fault_book.h"
#include "hub/app/home_signals.h"
#include "hub/app/hub_time.h"
#include "hub/app/led_light.h"
#include "hub/app/loop.h"
#include "hub/app/restored_journal.h"
#include "hub/app/sound_command.h"
#include "hub/app/state_directory.h"
#include "hub/app/status.h"
#include "hub/bus/home_object.h"
#include "hub/bus/pairing_desk.h"
#include "hub/bus/pairing_object.h"
#include "hub/bus/status_object.h"
#include "hub/core/delivery_watch.h"
#include "hub/core/home_signal.h"
#include "hub/core/hub_core.h"
#include "pipelines/forward/forwarder.h"
#include "pipelines/model/clock.h"
#include "pipelines/store/in_flight_file.h"
#include "pipelines/store/journal_recovery.h"
#include "pipelines/uplink/paho_mqtt_link.h"
#include "pipelines/uplink/tls_files.h"
#include "pipelines/wire/topics.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kConfigurationRetry = 10s;  // a disk is not freed at once

/// The broker's access list goes by the certificate's name: under another one everything the hub
/// sends would be dropped, and acknowledged.
Result<void> refuseForeignCertificate(const Config& config) {
  const auto name = uplink::commonNameOf(config.mqtt.certificate);
  if (!name) return std::unexpected(name.error());
  if (*name == config.hub.value) return {};
  return fail(ErrorCode::kInvalidInput, "mqtt.certificate = " + config.mqtt.certificate +
                                            " is of '" + *name + "', but this hub is '" +
                                            config.hub.value + "': correct `hub` or the file");
}

Result<void> refuseConflicts(const ble::Catalogue& catalogue) {
  const auto conflicts = catalogue.conflicts();
  if (conflicts.empty()) return {};
  return fail(ErrorCode::kInvalidInput, "device catalogue: " + conflicts.front());
}

uplink::PahoSettings linkSettings(const Config& config) {
  uplink::PahoSettings settings;
  settings.brokers = config.mqtt.brokers;
  settings.tls = {config.mqtt.ca, config.mqtt.certificate, config.mqtt.key};
  settings.clientId = config.hub.value;
  settings.subscriptions = {wire::receiptTopic(config.hub), wire::configurationTopic(config.hub)};
  return settings;
}

ble::bluez::CentralOptions centralOptions(const Config& config, const ble::Catalogue& catalogue,
                                          const std::string& home) {
  ble::bluez::CentralOptions options;
  options.adapter = config.adapter;
  options.spare = config.spareAdapter;
  options.home = home;
  options.plan = [&catalogue](const ble::DeviceDescription& device) {
    return catalogue.planFor(device);
  };
  return options;
}

/// Ends the loop when the bus is lost, with the reason in `ended`.
Result<void> attachBus(Loop& loop, ble::bluez::Bus& bus, Collector& collector,
                       Result<void>& ended) {
  const auto wants = [&bus]() -> Pollable::Wants {
    const auto wanted = bus.wants();
    return {wanted.fd, wanted.events, wanted.timeout};
  };
  const auto round = [&] {
    if (const auto processed = bus.process(); !processed) {
      ended = processed;
      loop.quit();
    }
  };
  const auto process = [&collector, round] { collector.during(round); };
  return loop.attach({wants, process});
}

Result<void> resumeInFlight(HubCore& core) {
  const auto resumed = core.resume();
  if (!resumed) return std::unexpected(resumed.error());
  for (const Accepted& accepted : *resumed) {
    if (accepted.reason == intake::Reason::kUnfinished) {
      spdlog::error(
          "a record ended the hub twice while it was interpreted; it is set aside as"
          " capture {}",
          accepted.key.toHex());
    } else {
      spdlog::warn("a record that was on its way when the hub ended is stored");
    }
  }
  return {};
}

Result<void> beginDesired(DesiredState& desired, const Config& config, FaultBook& faults,
                          const Clock& clock) {
  const auto begun = desired.start(config.household);
  if (!begun) return std::unexpected(begun.error());
  if (begun->empty()) return {};
  spdlog::error("readings are collected, but not judged here: {}", *begun);
  faults.set(wire::fault_kind::kConfigRefused, "", *begun, clock.utcNow());
  return {};
}

/// True: the household has changed.
bool noteConfiguration(const DesiredState& desired, const DesiredState::Answer& answer,
                       FaultBook& faults, const Clock& clock) {
  if (!answer.refused) {
    faults.clear(wire::fault_kind::kConfigRefused, "");
    if (answer.isApplied) {
      spdlog::info("configuration {} applied: {} devices, rules {}", desired.applied().serial,
                   desired.household().devices().size(), desired.household().ruleHash());
    }
    return answer.isApplied;
  }
  const std::string why = std::string(nameOf(answer.refused->why)) + ": " + answer.refused->detail;
  spdlog::warn("a configuration was refused ({})", why);
  // An older one is what a broker may have kept: nothing to see to.
  if (answer.refused->why != ConfigRefusal::kOlder) {
    faults.set(wire::fault_kind::kConfigRefused, "", why, clock.utcNow());
  }
  return false;
}

/// A technician sees in the log which of several brokers serves.
void noteBroker(const Config& config, const std::string& broker, std::string& noted) {
  if (config.mqtt.brokers.size() > 1 && !broker.empty() && broker != noted) {
    spdlog::info("broker {} serves", broker);
  }
  noted = broker;
}

void openDesk(PairingDesk& pairing, PairingObject& object, ble::bluez::Central& central) {
  pairing.attach({[&central](const DeviceId& device) { return central.repair(device); },
                  [&central](const DeviceId& device) { central.resume(device); },
                  [&object] { object.tellChanged(); }});
  if (const auto opened = object.open(); !opened) {
    spdlog::warn("`vardnavctl pair` will not reach this hub: {}", opened.error().context);
    return;
  }
  central.setPasskeyProvider(&pairing);
}

/// A home without one of them is told by the others.
void addSignals(HomeSignals& signals, const SignalConfig& config, ble::bluez::Bus& bus) {
  auto page = std::make_unique<HomeObject>(bus);
  if (const auto opened = page->open(); !opened) spdlog::warn("{}", opened.error().context);
  signals.add("page", std::move(page));
  if (!config.light.empty()) signals.add("light", std::make_unique<LedLight>(config.light));
  if (!config.sound.empty()) signals.add("sound", std::make_unique<SoundCommand>(config.sound));
}

/// Who is at home is told what has not reached the care team. `fault` is what the log has.
void tellHome(DeliveryWatch& delivery, const Household& household, HomeSignals& signals,
              const Clock& clock, std::string& fault) {
  const auto watched = delivery.onTick(clock.utcNow(), clock.steadyNow());
  const std::string now = watched ? std::string{} : watched.error().context;
  if (!now.empty() && now != fault) {
    spdlog::error("what waits for a receipt cannot be read, and counts as waiting: {}", now);
  }
  fault = now;
  signals.show(noticesOf(delivery.overdue(), household), clock.utcNow(), clock.steadyNow());
}

/// What the clock brings is due only by a clock that is known.
void judgeByClock(HubCore& core, const HubClock& clock, forward::Forwarder& forwarder) {
  if (!clock.isTrusted()) return;
  const auto told = core.onTick();
  if (!told) {
    spdlog::error("what is due could not be judged: {}", told.error().context);
  } else if (*told > 0) {
    forwarder.onCommitted(clock.utcNow(), clock.steadyNow());
  }
}

void watchDisk(DiskWatch& disk, const FaultBook& faults) {
  const auto removed = disk.onTick();
  if (removed && *removed > 0) {
    spdlog::info("{} old records that the backend has received were removed", *removed);
  } else if (!removed && !faults.has(wire::fault_kind::kStorage, "")) {
    spdlog::error("old records were not removed: {}", removed.error().context);
  }
}

Result<void> run(const Config& config) {
  const ble::Catalogue catalogue = ble::Catalogue::standard(config.enabledDrivers);
  if (auto sound = refuseConflicts(catalogue); !sound) return sound;
  if (auto own = refuseForeignCertificate(config); !own) return own;
  const auto state = StateDirectory::hold(config.state);
  if (!state) return std::unexpected(state.error());
  const SystemClock machine;
  const bool hadState = std::filesystem::exists(config.state + "/in-flight");
  auto opened = store::openJournal(config.state + "/journal.db", machine.utcNow());
  if (!opened) return std::unexpected(opened.error());
  store::SqliteJournal& journal = *opened->journal;
  if (auto bounded = journal.setBound(config.journalBound); !bounded) return bounded;

  Loop loop;
  if (auto made = loop.open(); !made) return made;
  ble::bluez::Bus bus;
  if (auto joined = bus.open(); !joined) return joined;

  auto inFlight = store::InFlightFile::open(config.state + "/in-flight");
  if (!inFlight) return std::unexpected(inFlight.error());
  HubClock clock(machine, bootId());
  FaultBook faults;
  DropBook drops;
  PairingDesk pairing;
  DesiredState desired(config.hub, config.configurationKeys, journal);
  if (auto begun = beginDesired(desired, config, faults, clock); !begun) return begun;
  HubCore core(journal, desired.household(), clock, **inFlight, drops);
  uplink::PahoMqttLink link([&loop](std::function<void()> task) { loop.post(std::move(task)); });
  std::unique_ptr<forward::Forwarder> forwarder;
  AdapterNotes adapterNotes(config.state, config.adapter);
  Collector collector({core, journal, desired.household(), catalogue, loop, clock,
                       [&] { return clock.isTrusted(); }, faults, drops, pairing,
                       [&] { forwarder->onCommitted(clock.utcNow(), clock.steadyNow()); },
                       [&](const ble::bluez::RadioState& radio) { adapterNotes.onRadio(radio); }});
  const StatusSources sources{desired, collector, faults,       drops,
                              clock,   journal,   config.state, clock.steadyNow()};
  forwarder = std::make_unique<forward::Forwarder>(
      config.hub, journal, link, [&] { return statusOf(sources, forwarder->counters()); },
      [](const std::string& note) { spdlog::warn("{}", note); });
  ClockWatch clockWatch({clock, core,
                         [&] { return config.isClockAlwaysTrusted || isClockSynchronised(); },
                         [&] { return collector.isBusy(); }, [&] { collector.endSessions(); },
                         [&] { forwarder->onCommitted(clock.utcNow(), clock.steadyNow()); }});
  const auto memory = journal.clockMemory();
  if (!memory) return std::unexpected(memory.error());
  if (auto started = clockWatch.start(memory->floor); !started) return started;
  if (auto resumed = resumeInFlight(core); !resumed) return resumed;
  tellRestored(*opened, config.state, hadState, faults, clock.utcNow());
  if (opened->recovery) {
    if (auto mended = mendReadings(journal, core); !mended) return std::unexpected(mended.error());
  }
  ble::bluez::Central central(bus, loop, clock,
                              centralOptions(config, catalogue, adapterNotes.home()), collector);
  // The one that serves, else the one that is preferred.
  const auto brokerShown = [&] {
    return link.broker().empty() ? toText(config.mqtt.brokers.front()) : link.broker();
  };
  StatusObject statusObject(bus, [&] { return reportOf(*forwarder, journal, brokerShown()); });
  if (const auto shown = statusObject.open(); !shown) spdlog::warn("{}", shown.error().context);
  CaptureDesk captures({core, journal, journal, desired.household(), faults, clock,
                        [&] { forwarder->onCommitted(clock.utcNow(), clock.steadyNow()); }});
  CapturesObject capturesObject(bus, captures.acts());
  if (const auto shown = capturesObject.open(); !shown) spdlog::warn("{}", shown.error().context);
  PairingObject pairingObject(bus, pairing);
  HomeSignals signals(faults, [](const std::string& note) { spdlog::warn("{}", note); });
  addSignals(signals, config.signal, bus);
  openDesk(pairing, pairingObject, central);
  const HubTime time(clock, [&] { return clock.isTrusted(); });
  central.setTimeSource(&time);
  const auto takeConfiguration = [&](const DesiredState::Answer& answer) {
    if (noteConfiguration(desired, answer, faults, clock)) {
      core.onHouseholdChanged();
      central.setWanted(desired.household().devices());
    }
  };
  DeliveryWatch delivery(journal, config.signal.after);
  std::string deliveryFault;
  forwarder->beforeSetAside(
      [&](const wire::Receipt& receipt) { delivery.onSetAside(receipt, clock.steadyNow()); });
  forwarder->passOn([&](const std::string& topic, const std::string& payload) {
    if (topic != wire::configurationTopic(config.hub)) return drops.count(Drop::kUnknownTopic);
    takeConfiguration(desired.offer(payload));
  });
  forwarder->start(clock.utcNow(), clock.steadyNow());
  if (auto dialling = link.open(linkSettings(config)); !dialling) return dialling;

  collector.attach(central);
  if (auto started = central.start(); !started) return started;
  central.setWanted(desired.household().devices());

  Result<void> ended;
  if (auto attached = attachBus(loop, bus, collector, ended); !attached) return attached;
  ClockFault clockFault;
  DiskWatch disk({journal, clock, faults, [&] { return freeOctets(config.state); },
                  [&] { return desired.household().ruleReach(); }, config.keepReceived});
  ChainWatch chain({journal, faults, clock});
  bool wasTrusted = clock.isTrusted();
  SteadyTime retryAt{};
  std::string broker;
  const auto tick = [&] {
    if (journal.mustReopen()) {
      ended = fail(ErrorCode::kStorage, "the journal is not what it was: the hub starts anew");
      loop.quit();
      return;
    }
    if (const auto watched = clockWatch.onTick(); !watched) {
      spdlog::error("the clock's state was not kept: {}", watched.error().context);
    }
    if (std::exchange(wasTrusted, clock.isTrusted()) != clock.isTrusted()) central.onTimeChanged();
    if (desired.isWaitingForTheJournal() && clock.steadyNow() >= retryAt) {
      retryAt = clock.steadyNow() + kConfigurationRetry;
      takeConfiguration(desired.retry());
    }
    judgeByClock(core, clock, *forwarder);
    watchDisk(disk, faults);
    captures.onTick();
    chain.onTick();
    clockFault.onTick(clock.isTrusted(), clock.utcNow(), clock.steadyNow(), faults);
    noteBroker(config, link.broker(), broker);
    tellHome(delivery, desired.household(), signals, clock, deliveryFault);
    forwarder->onTick(clock.utcNow(), clock.steadyNow());
  };
  if (auto set = loop.every(1s, tick); !set) return set;

  spdlog::info("vardnav-hub {} started as {} with {} devices", VARDNAV_VERSION, config.hub.value,
               desired.household().devices().size());
  sd_notify(0, "READY=1");
  const auto looped = loop.run();
  collector.detach();
  if (!looped) return looped;
  spdlog::info("stopping");
  return ended;
}

int mainOf(int argc, char** argv) {
  CLI::App app{"Vardnav's hub: collects, judges and forwards what a home measures"};
  std::string path = "/etc/vardnav/hub.toml";
  app.add_option("--config", path, "Configuration file")->capture_default_str();
  app.set_version_flag("--version", VARDNAV_VERSION);
  CLI11_PARSE(app, argc, argv);
  ::umask(077);  // what the hub writes is for the hub alone
  const auto config = readConfig(path);
  if (!config) {
    std::fprintf(stderr, "vardnav-hub: %s\n", config.error().context.c_str());
    return 2;
  }
  auto logger =
      std::make_shared<spdlog::logger>("hub", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->set_level(spdlog::level::from_str(config->logLevel));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
  const auto ran = run(*config);
  if (ran) return 0;
  std::fprintf(stderr, "vardnav-hub: %s\n", ran.error().context.c_str());
  return 1;
}

}  // namespace
}  // namespace vardnav::hub

// What no layer expected (no time zone data, no memory): one line, and systemd starts it again.
// What was committed is safe.
int main(int argc, char** argv) {
  try {
    return vardnav::hub::mainOf(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vardnav-hub: ended by an unexpected fault: %s\n", error.what());
    return 70;
  }
}
