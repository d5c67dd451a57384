// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/account.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "pipelines/intake/intake.h"
#include "tests/simulation/enrolled.h"

namespace vardnav::simulation {

using namespace std::chrono_literals;

Account::Account(CareNode& care, HubNode& hub, const Meter& meter, const Scale& scale)
    : care_(care), hub_(hub), meter_(meter), scale_(scale) {}

std::vector<std::string> Account::hold(const Lived& lived) {
  faults_.clear();
  readStored();
  for (const Truth& truth : meter_.memory()) hold(truth);
  for (const Weighing& weighing : scale_.weighings()) hold(weighing);
  holdUnconfirmed();
  holdAccepted();
  if (care_.number("SELECT count(*) FROM set_aside") != 0) fault("something was set aside");
  // Only what was measured is left, and each is at its time: the oracle may go by it.
  std::vector<Observation> readings;
  for (const auto& [key, observation] : stored_) readings.push_back(observation);
  const hub::Patient patient = householdOf().patients.front();
  for (std::string& line :
       differenceFromOracle(patient, std::move(readings), lived, care_.verdictsOf(kHub))) {
    fault(line);
  }
  return faults_;
}

void Account::readStored() {
  stored_.clear();
  for (const Code code : {Code::kGlucose, Code::kWeight}) {
    for (Observation& one : care_.observationsOf(kPerson, code)) {
      const ReadingKey key = one.reading;
      if (!stored_.emplace(key, std::move(one)).second) {
        fault("reading " + key.toHex() + " is told twice");
      }
    }
  }
}

ReadingKey Account::keyOf(const Truth& truth) const {
  RawRecord record;
  record.device = kMeter;
  record.characteristic = "2A18";
  record.bytes = meter_.octetsOf(truth);
  record.recordNumber = truth.number;
  return intake::readingKey(record, intake::interpret(record, {}), std::nullopt);
}

void Account::hold(const Truth& truth) {
  const std::string name = "reading " + std::to_string(truth.number);
  const ReadingKey key = keyOf(truth);
  const auto times = care_.number("SELECT count(*) FROM reading_key WHERE key = ?", key.octets);
  if (truth.isControl) {
    if (times != 0) fault(name + " is control solution and was forwarded");
    return;
  }
  const auto stored = stored_.find(key);
  if (times != 1 || stored == stored_.end()) {
    return fault(name + " is stored " + std::to_string(times) + " times");
  }
  if (stored->second.value != Value::of(Decimal(truth.milligramPerDecilitre, 0))) {
    fault(name + " is stored as " + toString(stored->second.value));
  }
  if (!truth.isTimeLost) holdTime(name, stored->second, truth.at);
}

void Account::hold(const Weighing& weighing) {
  if (!weighing.key) return;
  const std::string name = "weight " + weighing.key->toHex();
  const auto stored = stored_.find(*weighing.key);
  if (stored == stored_.end()) return;  // holdAccepted() tells it
  if (stored->second.value != Value::of(Decimal(weighing.gram, -3))) {
    fault(name + " is stored as " + toString(stored->second.value));
  }
  if (!weighing.isTimeLost) holdTime(name, stored->second, weighing.at);
}

void Account::holdTime(const std::string& name, const Observation& stored, UtcTime at) {
  if (stored.flags.has(Flag::kClockFault)) return;
  const auto off = std::chrono::abs(stored.at - at);
  if (off > 2min) {
    fault(name + " is " + std::to_string(off.count()) + " ms from its true time, unmarked");
  }
}

/// A weight that the power took from its confirmation may be stored all the same; it is one that
/// somebody weighed.
void Account::holdUnconfirmed() {
  std::set<ReadingKey> confirmed;
  std::multiset<std::int64_t> others;
  for (const Weighing& weighing : scale_.weighings()) {
    if (weighing.key) confirmed.insert(*weighing.key);
    if (!weighing.key) others.insert(weighing.gram);
  }
  for (const auto& [key, one] : stored_) {
    if (one.code != Code::kWeight || confirmed.contains(key)) continue;
    const auto weighed = std::ranges::find_if(
        others, [&](std::int64_t gram) { return one.value == Value::of(Decimal(gram, -3)); });
    if (weighed == others.end()) {
      fault("weight " + key.toHex() + " was never weighed");
    } else {
      others.erase(weighed);
    }
  }
}

/// What the hub accepted and what the backend has are the same.
void Account::holdAccepted() {
  for (const ReadingKey& key : hub_.accepted()) {
    const auto times = care_.number("SELECT count(*) FROM reading_key WHERE key = ?", key.octets);
    if (times != 1) {
      fault("reading " + key.toHex() + " was told to be accepted and is stored " +
            std::to_string(times) + " times");
    }
  }
  if (!hub_.isRunning()) return fault("the hub does not run");
  for (const ReadingKey& key : hub_.acceptedInJournal()) {
    if (care_.number("SELECT count(*) FROM reading_key WHERE key = ?", key.octets) != 1) {
      fault("capture " + key.toHex() + " was accepted and is not stored once");
    }
  }
  if (hub_.number("SELECT count(*) FROM capture WHERE disposition = 'accepted'") !=
      care_.number("SELECT count(*) FROM reading_key")) {
    fault("the backend has readings that the hub did not accept");
  }
}

}  // namespace vardnav::simulation
