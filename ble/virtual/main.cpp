// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-home: a virtual home, told by a scenario, as an org.bluez service on the bus that
// DBUS_SYSTEM_BUS_ADDRESS names. Never on a machine's own system bus, where bluetoothd lives.
#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "ble/virtual/bluez_service.h"
#include "ble/virtual/bond_store.h"
#include "ble/virtual/device_models.h"
#include "ble/virtual/loop.h"
#include "ble/virtual/scenario.h"
#include "ble/virtual/sent_log.h"
#include "pipelines/model/clock.h"

namespace {

using namespace vardnav;
using namespace vardnav::ble::virtual_home;

int complain(const std::string& line) {
  std::fprintf(stderr, "vardnav-home: %s\n", line.c_str());
  return 1;
}

void say(const Clock& clock, const std::string& line) {
  std::printf("%s  %s\n", toRfc3339(clock.utcNow()).c_str(), line.c_str());
  std::fflush(stdout);
}

int openStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool isConnected(sdbus::IConnection& bus) {
  pollfd file{bus.getEventLoopPollData().fd, POLLIN, 0};
  return ::poll(&file, 1, 0) >= 0 && (file.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0;
}

/// A reply to a client that was killed while it waited cannot be sent: its loss, not the home's.
/// Throws what it caught when the bus itself is gone.
template <class Work>
bool outliveClients(sdbus::IConnection& bus, int& faults, Work work) {
  constexpr int kMostInARow = 1000;
  try {
    const bool hasMore = work();
    faults = 0;
    return hasMore;
  } catch (const sdbus::Error& error) {
    if (!isConnected(bus) || ++faults > kMostInARow) throw;
    complain("a client went away: " + error.getMessage());
    return true;
  }
}

/// Until a stop signal; throws sdbus::Error when the bus goes.
void run(sdbus::IConnection& bus, Loop& loop, int stopSignals) {
  int faults = 0;
  for (;;) {
    while (outliveClients(bus, faults, [&bus] { return bus.processPendingRequest(); })) {
    }
    decltype(loop.runDue()) wait;
    while (outliveClients(bus, faults, [&] {
      wait = loop.runDue();
      return false;
    })) {
    }
    const auto wants = bus.getEventLoopPollData();
    int timeout = wants.getPollTimeout();
    if (wait) {
      const auto own = static_cast<int>(std::min<std::int64_t>(wait->count(), 60'000));
      timeout = timeout < 0 ? own : std::min(timeout, own);
    }
    std::array<pollfd, 2> files{{{wants.fd, wants.events, 0}, {stopSignals, POLLIN, 0}}};
    ::poll(files.data(), files.size(), timeout);
    if (files[1].revents != 0) return;
  }
}

struct Arguments {
  std::string scenario;
  std::string sent;
  std::string state;
};

int serve(const Arguments& arguments, sdbus::IConnection& bus) {
  const SystemClock clock;
  const UtcTime start = clock.utcNow();
  auto scenario = loadScenario(arguments.scenario, start);
  if (!scenario) return complain(scenario.error().context);
  SentLog sent;
  if (!arguments.sent.empty()) {
    if (const auto opened = sent.open(arguments.sent); !opened) {
      return complain(opened.error().context);
    }
  }
  BondStore bonds;
  if (!arguments.state.empty()) {
    if (const auto opened = bonds.open(arguments.state); !opened) {
      return complain(opened.error().context);
    }
  }

  Loop loop;
  BluezService::Listener listener;
  listener.onWake = [&clock](const Peripheral& peripheral) {
    say(clock, "wake " + peripheral.plan().address + " " + peripheral.plan().name + ": " +
                   std::to_string(peripheral.model().unsent()) + " not sent yet");
  };
  listener.onFault = [](const Error& error) { complain(error.context); };
  BluezService service(bus, loop, clock, bonds, sent, listener);
  std::size_t records = 0;
  for (DevicePlan& plan : scenario->devices) {
    records += plan.records.size();
    auto model = makeModel(plan, start);
    service.add(std::move(plan), std::move(model));
  }
  const int stopSignals = openStopSignals();
  service.start();
  say(clock, "home " + scenario->title + ": " + std::to_string(scenario->devices.size()) +
                 " devices, " + std::to_string(records) + " records, " +
                 std::to_string(scenario->damagedDiaryLines) +
                 " damaged diary lines skipped; begins when a client searches");
  run(bus, loop, stopSignals);
  ::close(stopSignals);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A virtual home for Vardnav: Bluetooth health devices behind an org.bluez service"};
  Arguments arguments;
  app.add_option("--scenario", arguments.scenario, "What happens: see ble/virtual/scenarios")
      ->required();
  app.add_option("--sent", arguments.sent, "Append one JSON line for every record sent");
  app.add_option("--state", arguments.state, "Keep bonds in this file over restarts");
  CLI11_PARSE(app, argc, argv);

  const char* address = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  if (address == nullptr || *address == '\0') {
    return complain(
        "DBUS_SYSTEM_BUS_ADDRESS is not set: start a dbus-daemon of your own and "
        "give its address");
  }
  std::unique_ptr<sdbus::IConnection> bus;
  try {
    bus = sdbus::createSystemBusConnection();
  } catch (const sdbus::Error& error) {
    return complain("no bus at DBUS_SYSTEM_BUS_ADDRESS=" + std::string{address} + ": " +
                    error.getMessage());
  }
  try {
    return serve(arguments, *bus);
  } catch (const sdbus::Error& error) {
    return complain("the bus refused or went away: " + error.getMessage());
  }
}
