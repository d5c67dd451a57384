// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/household_year.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "pipelines/intake/intake.h"
#include "rules/document/document.h"
#include "tests/simulation/care_node.h"
#include "tests/simulation/devices.h"
#include "tests/simulation/fast_directory.h"
#include "tests/simulation/hub_node.h"
#include "tests/simulation/network.h"
#include "tests/simulation/world.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::simulation {
namespace {

using namespace std::chrono_literals;

const PersonId kPerson("p-1");
const DeviceId kMeter("C0:FF:EE:00:00:01");
const DeviceId kScale("C0:FF:EE:00:00:02");
constexpr std::int64_t kSeriouslyLow = 54;  ///< mg/dL; strictly below is P1

UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

rules::Rule shipped(const std::string& name) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/rules/templates/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return rules::compile(text.str()).value();
}

hub::Household householdOf() {
  hub::Household household;
  household.hub = HubId("hub-1");
  for (const DeviceId& device : {kMeter, kScale}) {
    household.bindings.push_back(
        {device, std::nullopt, kPerson, utc("2020-01-01T00:00:00Z"), std::nullopt});
  }
  hub::Patient patient;
  patient.context.person = kPerson;
  for (const char* name : {"glucose-low", "weight-gain"}) patient.rules.push_back(shipped(name));
  household.patients = {patient};
  return household;
}

cloud::registry::Registry registryOf() {
  cloud::registry::Registry registry;
  registry.careGivers = {
      {cloud::CareGiverId("region"), cloud::CareGiver::Kind::kRegion, "03", "Region Uppsala"}};
  registry.teams = {{cloud::TeamId("team"), cloud::CareGiverId("region"), "Mottagningen",
                     cloud::Team::Role::kTeam},
                    {cloud::TeamId("desk"), {}, "Service desk", cloud::Team::Role::kServiceOwner}};
  registry.patients = {{kPerson, "Test Testsson", 1948}};
  registry.hubs = {{HubId("hub-1"), {kPerson}}};
  for (const char* condition : {"diabetes", "heart-failure"}) {
    cloud::Enrolment enrolment;
    enrolment.id = cloud::EnrolmentId(std::string("e-") + condition);
    enrolment.person = kPerson;
    enrolment.condition = ConditionId(condition);
    enrolment.careGiver = cloud::CareGiverId("region");
    enrolment.team = cloud::TeamId("team");
    enrolment.prescriber = "Dr Test";
    enrolment.consentBasis = "samtycke";
    enrolment.from = utc("2020-01-01T00:00:00Z");
    registry.enrolments.push_back(enrolment);
  }
  return registry;
}

class Household {
 public:
  explicit Household(const Setting& setting)
      : setting_(setting),
        world_(utc("2026-01-20T09:00:00Z"), setting.seed),
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
  }

  Outcome live() {
    hub_.start(true);
    network_.connect();
    plan();
    world_.run(end_);
    mend();
    judge();
    return outcome_;
  }

 private:
  /// `what` again and again, `least` to `most` apart.
  void again(Milliseconds least, Milliseconds most, std::function<void()> what) {
    const UtcTime next = world_.now() + world_.chance.between(least, most);
    if (next >= end_) return;
    world_.at(next, [this, least, most, what] {
      what();
      again(least, most, what);
    });
  }

  void plan() {
    again(2h, 7h, [this] {
      meter_.measure();
      world_.in(world_.chance.between(5s, 3min), [this] { meter_.show(); });
    });
    again(20h, 28h, [this] { scale_.weigh(); });
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
    again(10h, 4 * 24h, [this] {
      network_.disconnect("the home's network is away");
      const Milliseconds outage = world_.chance.happens(50)
                                      ? Milliseconds{world_.chance.between(20, 40) * 24h}
                                      : world_.chance.between(5s, 12h);
      world_.in(outage, [this] { network_.connect(); });
    });
    again(24h, 48h, [this] {  // another session takes over
      if (!network_.isConnected()) return;
      network_.disconnect("taken over");
      network_.connect();
    });
    again(1h, 1h, [this] { care_.runDue(); });
    again(10min, 16h, [this] { care_.operate(); });
  }

  /// Everything works from here on; then there is time enough to drain.
  void mend() {
    network_.heal();
    care_.mayDie = false;
    hub_.power.isDiskFull = false;
    hub_.power.commitsLeft = hub_.power.operationsLeft = -1;
    world_.run(world_.now() + 31h);  // the longest outage of the power ends
    hub_.synchronise();
    network_.connect();
    for (int i = 0; i < 50; ++i) {
      network_.connect();
      meter_.show();
      world_.run(world_.now() + 10min);
    }
    if (!hub_.isIdle()) fault("the hub still waits for receipts after eight hours of peace");
    care_.runDue();
  }

  void fault(const std::string& what) { outcome_.faults.push_back(what); }

  ReadingKey keyOf(const Truth& truth) const {
    RawRecord record;
    record.device = kMeter;
    record.characteristic = "2A18";
    record.bytes = meter_.octetsOf(truth);
    record.recordNumber = truth.number;
    return intake::readingKey(record, intake::interpret(record, {}), std::nullopt);
  }

  void judge() {
    for (const Truth& truth : meter_.memory()) judge(truth);
    for (const ReadingKey& key : scale_.taken) {
      if (care_.number("SELECT count(*) FROM reading_key WHERE key = ?", key.octets) != 1) {
        fault("a weight was accepted as " + key.toHex() + " and is not stored once");
      }
    }
    judgeHub();
    outcome_.weighed = scale_.taken.size();
    outcome_.takenBack = hub_.takenBack();
    outcome_.notTaken = scale_.lost;
    outcome_.restarts = hub_.restarts;
    outcome_.kills = care_.kills;
    outcome_.stored = static_cast<std::uint64_t>(care_.number("SELECT count(*) FROM reading_key"));
    outcome_.alerts = static_cast<std::uint64_t>(care_.number("SELECT count(*) FROM verdict"));
    outcome_.placedAnew = static_cast<std::uint64_t>(
        care_.number("SELECT count(*) FROM observation WHERE revision > 1"));
    if (care_.number("SELECT count(*) FROM set_aside") != 0) fault("something was set aside");
    if (care_.number("SELECT count(*) FROM episode WHERE state <> 'closed' AND (next_what = 'none'"
                     " OR next_utc_ms <= " +
                     std::to_string(world_.now().time_since_epoch().count()) + ")") != 0) {
      fault("an open episode has no next action, or an overdue one");
    }
  }

  /// One reading of the meter: in the backend once, at its time, and with its alert.
  void judge(const Truth& truth) {
    const std::string name = "reading " + std::to_string(truth.number);
    const ReadingKey key = keyOf(truth);
    const auto has = [&](const char* sql) { return care_.number(sql, key.octets); };
    const auto stored = has("SELECT count(*) FROM reading_key WHERE key = ?");
    if (truth.isControl) {
      if (stored != 0) fault(name + " is control solution and was forwarded");
      return;
    }
    ++outcome_.measured;
    if (stored != 1) return fault(name + " is stored " + std::to_string(stored) + " times");
    const auto at =
        has("SELECT at_utc_ms FROM observation WHERE reading_key = ?"
            " ORDER BY revision DESC LIMIT 1");
    const bool isFault = has("SELECT instr(body, 'clock-fault') FROM observation"
                             " WHERE reading_key = ? ORDER BY revision DESC LIMIT 1") != 0;
    const auto off = std::chrono::abs(UtcTime{Milliseconds{at}} - truth.at);
    if (!isFault && off > 2min) {
      fault(name + " is " + std::to_string(off.count()) + " ms from its true time, unmarked");
    }
    if (truth.milligramPerDecilitre >= kSeriouslyLow) return;
    if (has("SELECT count(*) FROM verdict_observation WHERE reading_key = ?") == 0) {
      fault(name + " is seriously low and no alert names it");
    }
  }

  /// What the hub accepted and what the backend has are the same.
  void judgeHub() {
    auto journal = sqlite::Database::openAgain(directory_.path + "/hub/journal.db");
    ASSERT_TRUE(journal);
    auto rows = journal->prepare("SELECT key FROM capture WHERE disposition = 'accepted'");
    std::uint64_t accepted = 0;
    while (rows.step().value()) {
      ++accepted;
      if (care_.number("SELECT count(*) FROM reading_key WHERE key = ?", rows.blob(0)) != 1) {
        fault("capture " + toHex(rows.blob(0)) + " was accepted and is not stored once");
      }
    }
    if (static_cast<std::int64_t>(accepted) != care_.number("SELECT count(*) FROM reading_key")) {
      fault("the backend has readings that the hub did not accept");
    }
  }

  const Setting setting_;
  FastDirectory directory_;
  World world_;
  const UtcTime end_;
  CareNode care_;
  Network network_;
  HubNode hub_;
  Meter meter_;
  Scale scale_;
  Outcome outcome_;
};

}  // namespace

Outcome run(const Setting& setting) { return Household(setting).live(); }

}  // namespace vardnav::simulation
