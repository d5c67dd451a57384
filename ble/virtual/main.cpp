// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-home: a virtual home, told by a scenario. Without --adapter it is an org.bluez service on
// the bus that DBUS_SYSTEM_BUS_ADDRESS names, never on a machine's own system bus, where bluetoothd
// lives; with it, its devices stand on adapters of that bluetoothd.
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
#include <utility>
#include <vector>

#include "ble/virtual/adapter_home.h"
#include "ble/virtual/bluez_service.h"
#include "ble/virtual/bond_store.h"
#include "ble/virtual/device_models.h"
#include "ble/virtual/home_page.h"
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
  std::vector<std::string> adapters;
  std::string sent;
  std::string state;
};

/// What it says and writes down, in either mode.
class Chronicle {
 public:
  Result<void> open(const std::string& sent) {
    return sent.empty() ? Result<void>{} : sent_.open(sent);
  }
  void note(const std::string& line) const { say(clock_, line); }
  const Clock& clock() const { return clock_; }

  Peripheral::Observer observer() {
    return {[this](const Peripheral& peripheral) {
              note("wake " + peripheral.plan().address + " " + peripheral.plan().name + ": " +
                   std::to_string(peripheral.model().unsent()) + " not sent yet");
            },
            [this](const Peripheral& peripheral, const Outgoing& outgoing) {
              const auto written =
                  sent_.append(clock_.utcNow(), peripheral.plan().address, outgoing);
              if (!written) complain(written.error().context);
            }};
  }

 private:
  SystemClock clock_;
  SentLog sent_;
};

/// Devices and records of it are given to `home`; returns what is to be said of them.
template <class Home>
std::string settle(Scenario& scenario, UtcTime start, Home& home) {
  std::size_t records = 0;
  for (DevicePlan& plan : scenario.devices) {
    records += plan.records.size();
    auto model = makeModel(plan, start);
    home.add(std::move(plan), std::move(model));
  }
  return "home " + scenario.title + ": " + std::to_string(scenario.devices.size()) + " devices, " +
         std::to_string(records) + " records, " + std::to_string(scenario.damagedDiaryLines) +
         " damaged diary lines skipped; ";
}

/// Until a stop signal.
template <class Home>
int live(Home& home, const std::string& line, const Chronicle& chronicle, sdbus::IConnection& bus,
         Loop& loop) {
  const int stopSignals = openStopSignals();
  HomePage page(bus, loop, [&chronicle](const std::string& shown) { chronicle.note(shown); });
  page.start();
  home.start();
  chronicle.note(line);
  run(bus, loop, stopSignals);
  ::close(stopSignals);
  return 0;
}

int serve(const Arguments& arguments, sdbus::IConnection& bus) {
  Chronicle chronicle;
  const UtcTime start = chronicle.clock().utcNow();
  auto scenario = loadScenario(arguments.scenario, start);
  if (!scenario) return complain(scenario.error().context);
  if (const auto opened = chronicle.open(arguments.sent); !opened) {
    return complain(opened.error().context);
  }
  Loop loop;
  if (!arguments.adapters.empty()) {
    AdapterHome home(bus, loop, chronicle.clock(), arguments.adapters, chronicle.observer(),
                     [&chronicle](const std::string& line) { chronicle.note(line); });
    const std::string line = settle(*scenario, start, home);
    const int status =
        live(home, line + "begins when its adapters are there", chronicle, bus, loop);
    home.stop();
    return status;
  }
  BondStore bonds;
  if (!arguments.state.empty()) {
    if (const auto opened = bonds.open(arguments.state); !opened) {
      return complain(opened.error().context);
    }
  }
  BluezService service(bus, loop, chronicle.clock(), bonds, chronicle.observer(),
                       [](const Error& error) { complain(error.context); });
  service.plan(scenario->faults);
  const std::string line = settle(*scenario, start, service);
  return live(service, line + "begins when a client searches", chronicle, bus, loop);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A virtual home for Vardnav: Bluetooth health devices behind an org.bluez service"};
  Arguments arguments;
  app.add_option("--scenario", arguments.scenario, "What happens: see ble/virtual/scenarios")
      ->required();
  app.add_option("--sent", arguments.sent, "Append one JSON line for every record sent");
  auto* state = app.add_option("--state", arguments.state, "Keep bonds in this file over restarts");
  app.add_option("--adapter", arguments.adapters,
                 "Stand on this adapter of the machine's bluetoothd (hci1), may be repeated")
      ->excludes(state)
      ->check([](const std::string& name) {
        const bool isName = name.starts_with("hci") && name.size() > 3 &&
                            name.find_first_not_of("0123456789", 3) == std::string::npos;
        return isName ? std::string{} : "must be the name of an adapter, as hci1";
      });
  CLI11_PARSE(app, argc, argv);

  const char* address = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  const bool hasAddress = address != nullptr && *address != '\0';
  if (!hasAddress && arguments.adapters.empty()) {
    return complain(
        "DBUS_SYSTEM_BUS_ADDRESS is not set: start a dbus-daemon of your own and "
        "give its address");
  }
  std::unique_ptr<sdbus::IConnection> bus;
  try {
    bus = sdbus::createSystemBusConnection();
  } catch (const sdbus::Error& error) {
    return complain((hasAddress ? "no bus at DBUS_SYSTEM_BUS_ADDRESS=" + std::string{address}
                                : std::string{"no system bus"}) +
                    ": " + error.getMessage());
  }
  try {
    return serve(arguments, *bus);
  } catch (const sdbus::Error& error) {
    return complain("the bus refused or went away: " + error.getMessage());
  }
}
