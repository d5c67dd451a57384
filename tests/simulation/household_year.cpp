// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/household_year.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "cloud/store/schema.h"
#include "pipelines/sqlite/migrate.h"
#include "tests/simulation/account.h"
#include "tests/simulation/care_node.h"
#include "tests/simulation/devices.h"
#include "tests/simulation/enrolled.h"
#include "tests/simulation/fast_directory.h"
#include "tests/simulation/hub_node.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/network.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {
namespace {

using namespace std::chrono_literals;

/// Clocks in Sweden go forward, and back.
const std::array kSummerTimes = {utc("2026-03-29T01:00:00Z"), utc("2026-10-25T01:00:00Z")};
constexpr std::uint64_t kOneInTen = 10;

/// So that the seed's own of the two changes comes within the first weeks.
UtcTime beginOf(std::uint64_t seed) {
  const auto before = std::chrono::hours{24 * (3 + static_cast<int>(seed / 2 % 40)) + 16};
  return kSummerTimes[seed % kSummerTimes.size()] - before;
}

class Household {
 public:
  explicit Household(const Setting& setting)
      : setting_(setting),
        world_(beginOf(setting.seed), setting.seed),
        end_(world_.now() + setting.length),
        care_(world_, directory_.path + "/care.db", registryOf()),
        network_(world_, {},
                 [this](const std::string& topic, const std::string& payload) {
                   care_.take(topic, payload);
                 }),
        hub_(world_, network_, householdOf(), directory_.path + "/hub"),
        meter_(world_, hub_, kMeter),
        scale_(world_, hub_, kScale) {
    care_.answer(network_);
    hub_.mayFailAtStart = true;
  }

  Outcome live() {
    begun_ = world_.now();
    if (setting_.seed % kOneInTen == 3) stayAwayForMonths();
    if (isUpgraded()) hub_.earlierSchema = someOf(1, kNewestHub);
    hub_.start(true);
    network_.connect();
    planDevices();
    planPower();
    planClocks();
    planNetwork();
    planBackend();
    world_.run(end_);
    mend();
    sum();
    return outcome_;
  }

 private:
  /// The versions before lack what the hub says of its alerts.
  static constexpr std::size_t kOldestHub = 4;
  static constexpr std::size_t kNewestHub = 5;

  bool isUpgraded() const { return setting_.seed % 3 == 0; }
  std::size_t someOf(std::size_t least, std::size_t most) {
    return static_cast<std::size_t>(
        world_.chance.between(static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)));
  }

  /// `what` again and again, `least` to `most` apart.
  void again(Milliseconds least, Milliseconds most, std::function<void()> what) {
    const UtcTime next = world_.now() + world_.chance.between(least, most);
    if (next >= end_) return;
    world_.at(next, [this, least, most, what] {
      what();
      again(least, most, what);
    });
  }

  void planDevices() {
    again(2h, 7h, [this] {
      meter_.measure();
      world_.in(world_.chance.between(5s, 3min), [this] { meter_.show(); });
    });
    again(10 * 24h, 40 * 24h, [this] { meter_.setClock(); });
    // In the morning by Swedish time, or at noon.
    const auto firstDay = std::chrono::floor<std::chrono::days>(world_.now()) + 24h;
    for (auto day = firstDay; day < end_; day += 24h) {
      world_.at(day + world_.chance.between(3h, 12h), [this] { scale_.weigh(); });
    }
  }

  void planPower() {
    again(5h, 5 * 24h, [this] {
      if (world_.chance.happens(600)) {
        hub_.power.operationsLeft = static_cast<int>(world_.chance.between(0, 60));
        return;
      }
      hub_.power.cut =
          world_.chance.happens(500) ? Power::Cut::kBeforeCommit : Power::Cut::kAfterCommit;
      hub_.power.commitsLeft = static_cast<int>(world_.chance.between(0, 5));
    });
    again(24h, 4 * 24h,
          [this] { hub_.power.glitchIn = static_cast<int>(world_.chance.between(0, 3)); });
    again(10 * 24h, 40 * 24h, [this] {
      hub_.power.isDiskFull = true;
      world_.in(world_.chance.between(10min, 12h), [this] {
        hub_.power.isDiskFull = false;
        meter_.show();
      });
    });
    if (!isUpgraded()) return;
    // At the next restart, whenever that is.
    again(5 * 24h, 20 * 24h, [this] { hub_.earlierSchema = someOf(kOldestHub, kNewestHub); });
  }

  /// A clock that is believed goes astray a little, and for once much; then its source sets it
  /// right, as a step.
  void planClocks() {
    again(3 * 24h, 12 * 24h, [this] { step(kMostWrong - 10s, 48h); });
    again(15 * 24h, 50 * 24h, [this] { step(30h, 3h); });
  }

  void step(Milliseconds most, Milliseconds longest) {
    if (!hub_.isTimeSettled()) return;
    ++outcome_.clockSteps;
    hub_.machine().wrongBy = world_.chance.between(-most, most);
    world_.in(world_.chance.between(1min, longest), [this] {
      if (!hub_.isTimeSettled()) return;
      hub_.machine().wrongBy = 0ms;
    });
  }

  void planNetwork() {
    again(10h, 4 * 24h, [this] {
      network_.goAway(world_.chance.happens(50) ? world_.chance.between(20 * 24h, 40 * 24h)
                                                : world_.chance.between(5s, 12h));
    });
    again(24h, 48h, [this] { network_.takeOver(world_.chance.between(0s, 90s)); });
    again(10 * 24h, 30 * 24h, [this] {  // two who take it from each other
      for (int turn = 0; turn < 10; ++turn) {
        world_.in(turn * 20s, [this] { network_.takeOver(world_.chance.between(0s, 15s)); });
      }
    });
  }

  void stayAwayForMonths() {
    const Milliseconds outage = world_.chance.between(61 * 24h, 75 * 24h);
    end_ += std::chrono::ceil<std::chrono::days>(outage);
    world_.in(world_.chance.between(24h, 10 * 24h), [this, outage] { network_.goAway(outage); });
  }

  void planBackend() {
    again(1h, 1h, [this] {
      care_.runDue();
      look(brokenThisHour(care_, hub_, world_.now()));
    });
    again(24h, 24h, [this] { look(brokenThisDay(care_, hub_)); });
    again(10min, 16h, [this] { care_.operate(); });
    if (!isUpgraded()) return;
    const std::size_t newest = cloud::store::careSchema().migrations.size();
    again(5 * 24h, 20 * 24h, [this, newest] { care_.earlierSchema = someOf(1, newest - 1); });
  }

  /// Everything works from here on; then there is time enough to drain.
  void mend() {
    network_.heal();
    care_.mayDie = false;
    hub_.mayFailAtStart = false;
    hub_.power.isDiskFull = false;
    hub_.power.commitsLeft = hub_.power.operationsLeft = hub_.power.glitchIn = -1;
    world_.run(world_.now() + 31h);  // the longest outage of the power ends
    hub_.synchronise();
    network_.connect();
    for (int i = 0; i < 50; ++i) {
      network_.connect();
      meter_.show();
      world_.run(world_.now() + 10min);
      hub_.judgeByClock();
    }
    world_.run(world_.now() + 10min);
    if (!hub_.isIdle()) fault("the hub still waits for receipts after eight hours of peace");
    care_.runDue();
    look(brokenThisHour(care_, hub_, world_.now()));
    look(brokenThisDay(care_, hub_));
    look(hub_.faults);
    look(Account(care_, hub_, meter_, scale_).hold({begun_, world_.now() - 10min}));
  }

  /// Each once, with when it was seen first.
  void fault(const std::string& what) {
    if (seen_.insert(what).second) outcome_.faults.push_back(what);
  }
  void look(const std::vector<std::string>& broken) {
    for (const std::string& what : broken) fault(what);
  }

  void sum() {
    const auto count = [&](const char* sql) {
      return static_cast<std::uint64_t>(care_.number(sql));
    };
    outcome_.measured = static_cast<std::uint64_t>(
        std::ranges::count_if(meter_.memory(), [](const Truth& one) { return !one.isControl; }));
    outcome_.weighed = static_cast<std::uint64_t>(std::ranges::count_if(
        scale_.weighings(), [](const Weighing& one) { return one.key.has_value(); }));
    outcome_.notTaken = scale_.weighings().size() - outcome_.weighed;
    outcome_.takenBack = hub_.takenBack();
    outcome_.restarts = hub_.restarts;
    outcome_.kills = care_.kills;
    outcome_.upgrades = hub_.upgrades + care_.upgrades;
    outcome_.recoveries = hub_.recoveries;
    outcome_.takeOvers = network_.takeOvers;
    outcome_.longestOutage = network_.longestOutage;
    outcome_.summerTimes = static_cast<std::uint64_t>(std::ranges::count_if(
        kSummerTimes, [&](UtcTime change) { return begun_ < change && change < end_; }));
    outcome_.stored = count("SELECT count(*) FROM reading_key");
    outcome_.alerts = count("SELECT count(*) FROM verdict");
    outcome_.placedAnew = count("SELECT count(*) FROM observation WHERE revision > 1");
  }

  const Setting setting_;
  FastDirectory directory_;
  World world_;
  UtcTime begun_{};
  UtcTime end_;
  CareNode care_;
  Network network_;
  HubNode hub_;
  Meter meter_;
  Scale scale_;
  Outcome outcome_;
  std::set<std::string> seen_;
};

}  // namespace

Outcome run(const Setting& setting) { return Household(setting).live(); }

}  // namespace vardnav::simulation
