// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's own judging: the same engine as the hub's over every reading that is stored, in the
// transaction that stores it. The backend owns the record; its verdicts and the hub's merge by
// their keys into one episode. While readings are on their way the backend's own verdicts wait
// (kHeldAtMost): they may say what the missing readings take back. The hub's own overtake
// everything and never wait. What was told is dated by when the hub had the reading, and the clock
// of a person runs only as far as all that the hub has is here. Core thread only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cloud/core/care_store.h"
#include "cloud/core/judging_book.h"
#include "rules/engine/watch.h"

namespace vardnav::cloud {

struct ReadRules {
  rules::Watch watch;
  /// A line for the context or each rule that this version cannot read. Such a rule is left out;
  /// without its context a person is watched by the floor rules, which need none.
  std::vector<std::string> unreadable;
};
ReadRules readRules(const PersonRules& said, const PersonId& person);
/// nullopt: something of it is unreadable.
std::optional<rules::Watch> watchOf(const PersonRules& said, const PersonId& person);

/// Compiled once for what the registry says, and again when it says something else.
class WatchBook {
 public:
  /// Never nullptr; stays until the next call.
  Result<const rules::Watch*> watchOf(CareTransaction& transaction, const PersonId& person,
                                      UtcTime now);
  /// Of a person whom watchOf() has been asked for.
  const std::vector<std::string>& unreadableOf(const PersonId& person) const {
    return entries_.at(person).rules.unreadable;
  }

  /// To be called when a transaction begins: within one, the registry is asked once of a person.
  void lookAgain() { looked_.clear(); }

  /// Since when both sides have judged by the configuration of this hash: the first time that the
  /// hub said so, and all that it had judged by another one was here.
  UtcTime bothSince(const HubId& hub, const std::string& configuration, UtcTime now);

 private:
  struct Entry {
    std::string signature;
    ReadRules rules;
  };
  std::map<PersonId, Entry> entries_;
  std::set<PersonId> looked_;
  std::map<HubId, std::pair<std::string, UtcTime>> applied_;
};

class Judging {
 public:
  Judging(CareTransaction& transaction, WatchBook& book, UtcTime now)
      : transaction_(transaction), book_(book), kept_(transaction), now_(now) {}

  /// Observations of one reading that have just been stored; `isNew`: nothing else of it was there.
  /// What is for the record.
  Result<std::vector<Verdict>> onStored(std::span<const Observation> reading, bool isNew);
  /// All that was known of this person up to `until` is here.
  Result<std::vector<Verdict>> onClock(const PersonId& person, UtcTime until);
  /// What it has to keep: its items and its end follow the transaction's.
  JudgingBook& kept() { return kept_; }

 private:
  Result<UtcTime> clockOf(const PersonId& person, UtcTime at);
  Result<bool> isOvertaken(std::span<const Observation> reading, bool isNew);

  CareTransaction& transaction_;
  WatchBook& book_;
  JudgingBook kept_;
  UtcTime now_;
};

/// What was stored before is no longer compared with what the hub told, nor told for itself.
constexpr Milliseconds kComparedBack = std::chrono::hours{48};
/// So long may readings be on their way before the backend tells what it has found without them:
/// a backlog of a month takes seconds; a hub that dies in the middle of one must hide nothing.
constexpr Milliseconds kHeldAtMost = std::chrono::minutes{5};

/// In parts of one person and rule; `verdicts` is sorted by them.
std::vector<std::span<const SaidVerdict>> byRule(std::span<const SaidVerdict> verdicts);

// What is alike (rule, transition, priority, event time, newest input) is one thing to the people
// who are called, under whatever key each side has told it: a side that has judged without some
// readings has taken back and told again, and counts that into its keys.

/// What an episode is to be told of a verdict that is stored.
struct Telling {
  bool isTold = false;
  std::optional<EpisodeId> joins;  ///< has been told of what is alike: the verdict belongs to it
};
/// `said`: all of the verdict's person, rule and event time, and it among them.
Telling tellingOf(const Verdict& verdict, Speaker by, std::span<const SaidVerdict> said);

/// Of one person and rule, in the order they were told: what the backend has told, has not taken
/// back, and no episode knows yet; and what takes back something that an episode knows.
std::vector<Verdict> heldOf(std::span<const SaidVerdict> verdicts);

/// Verdicts of one person and rule that only one of the two sides told and did not take back.
/// Empty: the same came of the same inputs.
std::vector<Verdict> differenceOf(std::span<const SaidVerdict> verdicts);
/// Whether both sides stood alike before `verdict`: the same was open, and neither alone had raised
/// anything that a cool-down still counts. Where they did not, because one of them did not know of
/// a pause or a version in time, their states were other inputs. `all`: of its person and rule.
bool stoodAlikeBefore(const Verdict& verdict, std::span<const SaidVerdict> all,
                      Milliseconds coolDown);
/// What is alike to `verdict` stands of one side and not of the other; `all`: of its event time.
bool isDifferent(const Verdict& verdict, std::span<const SaidVerdict> all);

}  // namespace vardnav::cloud
