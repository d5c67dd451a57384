// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/two_judges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "cloud/core/judging.h"
#include "hub/app/compile_household.h"
#include "pipelines/wire/configuration.h"
#include "tests/cloud/registry/signed_rules.h"
#include "tests/simulation/care_node.h"
#include "tests/simulation/devices.h"
#include "tests/simulation/fast_directory.h"
#include "tests/simulation/hub_node.h"
#include "tests/simulation/network.h"
#include "tests/simulation/two_judges_wards.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {
namespace {

using namespace std::chrono_literals;
using cloud::registry::Registry;

const HubId kHub("hub-1");
const UtcTime kBegin = parseRfc3339("2026-01-20T09:00:00Z").value();
const UtcTime kLongAgo = parseRfc3339("2020-01-01T00:00:00Z").value();

PersonId personOf(std::uint64_t n) { return PersonId("p-" + std::to_string(n + 1)); }
DeviceId deviceOf(std::size_t kind, std::uint64_t n) {
  return DeviceId("C0:FF:EE:00:0" + std::to_string(kind) + ":0" + std::to_string(n));
}
/// The templates, with `version` in the documents: another hash, and another program.
cloud::registry::LibrarySet libraryOf(const Ward& ward, const std::string& id, int version) {
  static const cloud::test::Signers by;
  auto set = nlohmann::json::parse(cloud::test::ruleSet(id, version, ward.sets.at(id)));
  for (auto& rule : set["rules"]) rule["version"] = version;
  const auto checked = cloud::registry::checkRuleSet(by.sign(set.dump()), by.trusted());
  EXPECT_TRUE(checked) << checked.error();
  return *checked;
}

Registry registryOf(const Ward& ward) {
  Registry registry;
  registry.careGivers = {
      {cloud::CareGiverId("region"), cloud::CareGiver::Kind::kRegion, "03", "Region Uppsala"}};
  registry.teams = {
      {cloud::TeamId("team"), cloud::CareGiverId("region"), "Team", cloud::Team::Role::kTeam},
      {cloud::TeamId("desk"), {}, "Service desk", cloud::Team::Role::kServiceOwner}};
  cloud::registry::Hub hub{kHub, {}, {}};
  for (std::uint64_t n = 0; n < kPersons; ++n) {
    const PersonId person = personOf(n);
    cloud::registry::Patient patient{person, "Test Testsson", 1948};
    patient.context = contextOf(n, true).dump();
    registry.patients.push_back(patient);
    hub.persons.push_back(person);
    std::vector<std::size_t> kinds;
    if (ward.hasMeter) kinds.push_back(kMeterKind);
    if (ward.hasScale) kinds.push_back(kScaleKind);
    for (const Rhythm& one : ward.monitors) kinds.push_back(static_cast<std::size_t>(one.kind));
    for (const std::size_t kind : kinds) {
      hub.bindings.push_back(
          {deviceOf(kind, n), std::nullopt, std::nullopt, person, kLongAgo, std::nullopt});
    }
    for (const auto& [condition, templates] : ward.sets) {
      cloud::Enrolment enrolment;
      enrolment.id = cloud::EnrolmentId(person.value + "-" + condition);
      enrolment.person = person;
      enrolment.condition = ConditionId(condition);
      enrolment.careGiver = cloud::CareGiverId("region");
      enrolment.team = cloud::TeamId("team");
      enrolment.prescriber = "Dr Test";
      enrolment.consentBasis = "samtycke";
      enrolment.from = kLongAgo;
      registry.enrolments.push_back(enrolment);
    }
  }
  registry.hubs = {hub};
  return registry;
}

/// The first comparison found is with other limits.
bool shiftLimit(rules::Condition& condition) {
  if (auto* compare = std::get_if<rules::Compare>(&condition.is)) {
    for (Quantity& limit : compare->limits) {
      limit.value = limit.unit == Unit::kMilligramPerDecilitre ? Decimal(45, 0) : Decimal(25, -1);
    }
    return true;
  }
  std::vector<rules::Condition>* parts = nullptr;
  if (auto* all = std::get_if<rules::All>(&condition.is)) parts = &all->of;
  if (auto* any = std::get_if<rules::Any>(&condition.is)) parts = &any->of;
  return parts != nullptr && std::ranges::any_of(*parts, shiftLimit);
}

class TwoJudges {
 public:
  explicit TwoJudges(const Judges& judges)
      : judges_(judges),
        ward_(wardOf(judges.seed)),
        world_(kBegin, judges.seed),
        end_(kBegin + judges.length),
        registry_(registryOf(ward_)),
        care_(world_, directory_.path + "/care.db", registry_),
        network_(world_, {},
                 [this](const std::string& topic, const std::string& payload) {
                   care_.take(topic, payload);
                 }),
        hub_(world_, network_, {}, directory_.path + "/hub") {
    care_.answer(network_);
    for (const auto& [set, templates] : ward_.sets) use(set, 1, kBegin - 24h);
    for (std::uint64_t n = 0; n < kPersons; ++n) {
      if (ward_.hasMeter) meters_.emplace_back(world_, hub_, deviceOf(kMeterKind, n));
      if (ward_.hasScale) scales_.emplace_back(world_, hub_, deviceOf(kScaleKind, n));
      for (const Rhythm& one : ward_.monitors) {
        const auto device = deviceOf(static_cast<std::size_t>(one.kind), n);
        monitors_.push_back({{world_, hub_, device, one.kind}, one});
      }
    }
    hub_.idleTick = 4h;
    hub_.power.isWithholding = judges.sabotage == Sabotage::kWithdrawal;
    reconfigure();
  }

  Judged live() {
    hub_.start(true);
    connect();
    plan();
    world_.run(end_);
    mend();
    look();
    return judged_;
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
    for (Meter& meter : meters_) {
      again(3h, 10h, [this, &meter] {
        meter.measure();
        // Else it is read with a later one.
        if (world_.chance.happens(750))
          world_.in(world_.chance.between(5s, 3min), [&] { meter.show(); });
      });
      again(12 * 24h, 60 * 24h, [&meter] { meter.show(); });
    }
    for (Scale& scale : scales_) again(20h, 28h, [&scale] { scale.weigh(); });
    for (auto& [monitor, rhythm] : monitors_) {
      again(rhythm.least, rhythm.most, [this, one = &monitor] {
        one->measure();
        // Soon again, as a gate asks for.
        if (world_.chance.happens(200)) {
          world_.in(world_.chance.between(4min, 16min), [one] {
            one->measure();
            one->show();
          });
        }
        if (world_.chance.happens(750))
          world_.in(world_.chance.between(5s, 3min), [one] { one->show(); });
      });
    }
    again(4 * 24h, 20 * 24h, [this] {
      hub_.power.cut =
          world_.chance.happens(500) ? Power::Cut::kBeforeCommit : Power::Cut::kAfterCommit;
      hub_.power.commitsLeft = static_cast<int>(world_.chance.between(0, 5));
    });
    again(24h, 8 * 24h, [this] {
      network_.disconnect("the home's network is away");
      const bool isLong = world_.chance.happens(100);
      const Milliseconds outage =
          isLong ? world_.chance.between(10 * 24h, 35 * 24h) : world_.chance.between(5s, 30h);
      world_.in(outage, [this] { connect(); });
    });
    again(3h, 3h, [this] { care_.runDue(); });
    again(12h, 48h, [this] { care_.operate(); });
    again(1h, 30h, [this] { reconfigure(); });
    if (judges_.isReconfigured) again(20 * 24h, 70 * 24h, [this] { change(); });
  }

  void connect() {
    hub_.judgeByClock();
    network_.connect();
  }

  /// The hub has the newest configuration, if it can be reached.
  void reconfigure() {
    const auto issued = care_.configurationOf(kHub);
    const bool isReached = hub_.configuration().empty() || network_.isConnected();
    if (!isReached || issued.hash == hub_.configuration()) return;
    const auto envelope = wire::decodeEnvelope(issued.envelope);
    ASSERT_TRUE(envelope);
    const auto configuration = wire::decodeConfiguration(envelope->payload);
    ASSERT_TRUE(configuration);
    auto household = hub::compileHousehold(*configuration);
    ASSERT_TRUE(household) << household.error().context;
    if (judges_.sabotage == Sabotage::kLimit) sabotage(*household);
    hub_.configure(*std::move(household), issued.hash);
  }

  static void sabotage(hub::Household& household) {
    for (hub::Patient& patient : household.patients) {
      for (rules::Rule& rule : patient.rules) {
        if (rule.id.value != "glucose-low") continue;
        EXPECT_TRUE(shiftLimit(rule.levels.front().when));
      }
    }
  }

  void use(const std::string& set, int version, UtcTime from) {
    care_.import(libraryOf(ward_, set, version));
    for (std::uint64_t n = 0; n < kPersons; ++n) {
      registry_.rules.push_back({cloud::EnrolmentId(personOf(n).value + "-" + set), set,
                                 static_cast<std::uint32_t>(version), from});
    }
    care_.update(registry_);
  }

  void change() {
    ++judged_.changes;
    const auto n = static_cast<std::size_t>(world_.chance.between(0, kPersons - 1));
    switch (world_.chance.between(0, 2)) {
      case 0: {
        const auto place = world_.chance.between(0, std::ssize(ward_.sets) - 1);
        const std::string set = std::next(ward_.sets.begin(), place)->first;
        for (const std::string& rule : ward_.sets.at(set)) {
          for (std::uint64_t each = 0; each < kPersons; ++each) touched_.insert({each, rule});
        }
        use(set, ++versions_[set] + 1, world_.now() + world_.chance.between(0s, 48h));
        break;
      }
      case 1: {
        touched_.insert({n, ""});
        auto context = contextOf(n, world_.chance.happens(500));
        context["facts"]["unaware-of-hypoglycaemia"] = {
            {{"value", world_.chance.happens(500)}, {"from", toRfc3339(world_.now())}}};
        registry_.patients[n].context = context.dump();
        care_.update(registry_);
        break;
      }
      default: {
        cloud::Pause pause;
        pause.id = "pause-" + std::to_string(judged_.changes);
        pause.person = personOf(n);
        pause.rule = RuleId(ward_.paused);
        pause.from = world_.now();
        pause.until = world_.now() + world_.chance.between(1h, 10 * 24h);
        pause.reason = "travels";
        pause.by = {"nurse", "Nurse Test"};
        touched_.insert({n, ward_.paused});
        care_.pause(pause);
      }
    }
    reconfigure();
  }

  /// Everything works from here on; then there is time enough to drain.
  void mend() {
    network_.heal();
    care_.mayDie = false;
    hub_.power.commitsLeft = -1;
    world_.run(world_.now() + 31h);  // the longest outage of the power ends
    hub_.synchronise();
    for (int i = 0; i < 20 || (i < 60 && isBackendBehind()); ++i) {
      connect();
      for (Meter& meter : meters_) meter.show();
      for (auto& [monitor, rhythm] : monitors_) monitor.show();
      world_.run(world_.now() + 1h);
    }
    if (!hub_.isIdle()) judged_.differences.push_back("the hub still waits for receipts");
  }

  /// The hub has told what the backend's clock has not come to: it goes on with heartbeats only
  /// that nothing is on its way behind.
  bool isBackendBehind() {
    return care_.number(
               "SELECT count(*) FROM judging j WHERE until_utc_ms < (SELECT max(at_utc_ms)"
               " FROM verdict v WHERE v.person = j.person AND v.said_by_hub = 1)") > 0;
  }

  void look() {
    const auto count = [&](const char* sql) {
      return static_cast<std::uint64_t>(care_.number(sql));
    };
    judged_.readings = count("SELECT count(*) FROM reading_key");
    judged_.placedAnew = count("SELECT count(*) FROM observation WHERE revision > 1");
    judged_.agreed = count("SELECT count(*) FROM verdict WHERE said_by_hub AND said_by_backend");
    judged_.alerts = count("SELECT count(*) FROM technical_alert WHERE kind = 'divergence'");
    judged_.restarts = hub_.restarts;
    const auto all = care_.verdictsOf(kHub);
    judged_.withdrawn = static_cast<std::uint64_t>(std::ranges::count_if(
        all, [](const auto& said) { return said.verdict.transition == Transition::kWithdrawn; }));
    for (const auto part : cloud::byRule(all)) {
      if (isTouched(part.front().verdict)) continue;
      for (const Verdict& verdict : cloud::differenceOf(part)) {
        judged_.differences.push_back(verdict.person.value + " " + verdict.rule.value + " " +
                                      std::string(nameOf(verdict.transition)) + " " +
                                      std::string(nameOf(verdict.priority)) + " at " +
                                      toRfc3339(verdict.at) + " told " + toRfc3339(verdict.told));
      }
    }
  }

  /// Its rules, context or pauses changed, and did so at another moment at each side.
  bool isTouched(const Verdict& verdict) const {
    std::uint64_t n = 0;
    while (personOf(n) != verdict.person) ++n;
    return touched_.contains({n, ""}) || touched_.contains({n, verdict.rule.value});
  }

  const Judges judges_;
  const Ward& ward_;
  FastDirectory directory_;
  World world_;
  const UtcTime end_;
  Registry registry_;
  std::map<std::string, int> versions_;  ///< made after the first
  CareNode care_;
  Network network_;
  HubNode hub_;
  std::deque<Meter> meters_;
  std::deque<Scale> scales_;
  std::deque<std::pair<Monitor, Rhythm>> monitors_;
  std::set<std::pair<std::uint64_t, std::string>> touched_;  ///< person and rule; "": every rule
  Judged judged_;
};

}  // namespace

Judged run(const Judges& judges) { return TwoJudges(judges).live(); }

}  // namespace vardnav::simulation
