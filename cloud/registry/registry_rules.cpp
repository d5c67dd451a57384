// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/registry_rules.h"

#include <algorithm>
#include <array>
#include <set>

namespace vardnav::cloud::registry {
namespace {

constexpr std::array<std::string_view, 3> kConditions = {"copd", "diabetes", "heart-failure"};

class Checker {
 public:
  Checker(const Registry& registry, std::vector<Fault>& faults)
      : registry_(registry), faults_(faults) {}

  template <class List, class IdOf>
  void once(const char* list, const char* key, const List& items, IdOf idOf) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string& id = idOf(items[i]);
      if (!id.empty() && !seen.insert(id).second) {
        note(list, i, key, "'" + id + "' stands here twice: keep one");
      }
    }
  }

  void desk() {
    const auto desks = std::ranges::count(registry_.teams, Team::Role::kServiceOwner, &Team::role);
    if (desks != 1) {
      faults_.push_back({"/teams", "there are " + std::to_string(desks) +
                                       " teams with role service_owner: there must be one, which "
                                       "takes what no other team takes"});
    }
  }

  void teams() {
    for (std::size_t i = 0; i < registry_.teams.size(); ++i) {
      const CareGiverId& careGiver = registry_.teams[i].careGiver;
      if (!careGiver.isEmpty() && !hasCareGiver(careGiver)) {
        note("teams", i, "care_giver", "no care giver '" + careGiver.value + "' in this file");
      }
    }
  }

  void hubs() {
    for (std::size_t i = 0; i < registry_.hubs.size(); ++i) {
      const auto& persons = registry_.hubs[i].persons;
      for (std::size_t j = 0; j < persons.size(); ++j) {
        const auto place = "persons/" + std::to_string(j);
        if (!hasPerson(persons[j])) {
          note("hubs", i, place, "no patient '" + persons[j].value + "' in this file");
        }
        if (std::ranges::find(persons, persons[j]) != persons.begin() + std::ptrdiff_t(j)) {
          note("hubs", i, place, "'" + persons[j].value + "' stands here twice: keep one");
        }
      }
      bindings(i);
    }
  }

  void messages() {
    for (std::size_t i = 0; i < registry_.messages.size(); ++i) {
      const PersonId& person = registry_.messages[i].person;
      if (!person.isEmpty() && !hasPerson(person)) {
        note("messages", i, "person", "no patient '" + person.value + "' in this file");
      }
    }
  }

  void enrolments() {
    for (std::size_t i = 0; i < registry_.enrolments.size(); ++i) {
      const Enrolment& one = registry_.enrolments[i];
      if (!one.person.isEmpty() && !hasPerson(one.person)) {
        note("enrolments", i, "person", "no patient '" + one.person.value + "' in this file");
      }
      if (!one.condition.isEmpty() &&
          std::ranges::find(kConditions, one.condition.value) == kConditions.end()) {
        note("enrolments", i, "condition", "must be copd, diabetes or heart-failure");
      }
      if (!one.careGiver.isEmpty() && !hasCareGiver(one.careGiver)) {
        note("enrolments", i, "care_giver",
             "no care giver '" + one.careGiver.value + "' in this file");
      }
      team(i, "team", one.team);
      if (one.backup) team(i, "backup", *one.backup);
      if (one.backup && *one.backup == one.team) {
        note("enrolments", i, "backup", "is the team itself: name another team or null");
      }
      if (one.until && *one.until <= one.from) {
        note("enrolments", i, "until", "must be after from");
      }
      overlaps(i);
    }
  }

 private:
  void team(std::size_t i, const char* key, const TeamId& id) {
    if (id.isEmpty()) return;
    const auto found = std::ranges::find(registry_.teams, id, &Team::id);
    if (found == registry_.teams.end()) {
      note("enrolments", i, key, "no team '" + id.value + "' in this file");
    } else if (found->role != Team::Role::kTeam) {
      note("enrolments", i, key,
           "'" + id.value + "' has another role than team: duty and desk are reached by routing");
    } else if (found->careGiver != registry_.enrolments[i].careGiver) {
      note("enrolments", i, key,
           "'" + id.value + "' belongs to another care giver than the enrolment's");
    }
  }

  void overlaps(std::size_t i) {
    const Enrolment& one = registry_.enrolments[i];
    for (std::size_t j = 0; j < i; ++j) {
      const Enrolment& other = registry_.enrolments[j];
      const bool isSame = one.person == other.person && one.condition == other.condition;
      if (!isSame || one.person.isEmpty()) continue;
      const bool isApart =
          (one.until && *one.until <= other.from) || (other.until && *other.until <= one.from);
      if (!isApart) {
        note("enrolments", i, "from",
             "overlaps enrolment '" + other.id.value +
                 "' of the same person and condition: end one before the other begins");
      }
    }
  }

  void bindings(std::size_t hub) {
    const auto& list = registry_.hubs[hub].bindings;
    const auto& persons = registry_.hubs[hub].persons;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto place = "bindings/" + std::to_string(i);
      if (std::ranges::find(persons, list[i].person) == persons.end()) {
        note("hubs", hub, place + "/person", "is none of this hub's persons");
      }
      for (std::size_t j = 0; j < i; ++j) {
        const bool isSame = list[i].device == list[j].device && list[i].slot == list[j].slot;
        const bool isApart = (list[i].until && *list[i].until <= list[j].from) ||
                             (list[j].until && *list[j].until <= list[i].from);
        if (isSame && !isApart) {
          note("hubs", hub, place,
               "overlaps bindings/" + std::to_string(j) + ": one slot has one person at a time");
        }
      }
    }
  }

  bool hasCareGiver(const CareGiverId& id) const {
    return std::ranges::find(registry_.careGivers, id, &CareGiver::id) !=
           registry_.careGivers.end();
  }
  bool hasPerson(const PersonId& id) const {
    return std::ranges::find(registry_.patients, id, &Patient::person) != registry_.patients.end();
  }
  void note(const std::string& list, std::size_t i, const std::string& key, std::string reason) {
    faults_.push_back({"/" + list + "/" + std::to_string(i) + "/" + key, std::move(reason)});
  }

  const Registry& registry_;
  std::vector<Fault>& faults_;
};

}  // namespace

void checkReferences(const Registry& registry, std::vector<Fault>& faults) {
  Checker checker(registry, faults);
  const auto idOf = [](const auto& item) -> const std::string& { return item.id.value; };
  checker.once("care_givers", "id", registry.careGivers, idOf);
  checker.once("teams", "id", registry.teams, idOf);
  checker.once("patients", "person", registry.patients,
               [](const Patient& one) -> const std::string& { return one.person.value; });
  checker.once("hubs", "hub", registry.hubs,
               [](const Hub& one) -> const std::string& { return one.hub.value; });
  checker.once("enrolments", "id", registry.enrolments, idOf);
  checker.once("messages", "id", registry.messages,
               [](const wire::HomeMessage& one) -> const std::string& { return one.id; });
  checker.messages();
  checker.desk();
  checker.teams();
  checker.hubs();
  checker.enrolments();
}

}  // namespace vardnav::cloud::registry
