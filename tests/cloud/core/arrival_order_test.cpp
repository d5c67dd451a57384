// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whatever a network does to messages (loss, duplicates, any order, lost receipts), what the
// backend ends up with is the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;
using wire::Stream;

using Outbox = std::map<std::pair<Stream, std::uint64_t>, wire::UpItem>;

/// A patient's day: glucose up and down, alerts raised, worsened and cleared; some items that the
/// backend cannot use.
Outbox dayOf(std::uint32_t seed) {
  std::mt19937 random(seed);
  Outbox outbox;
  std::uint64_t readings = 0;
  std::uint64_t alerts = 0;
  bool isOpen = false;
  Priority holds = Priority::kP3;
  for (int number = 1; number <= 24; ++number) {
    Observation one = glucose(number, number * 10, 20 + static_cast<int>(random() % 60));
    if (random() % 12 == 0) one.person = PersonId("p-2");
    ++readings;
    outbox[{Stream::kReading, readings}] = readingItem(readings, {one});
    if (one.person != PersonId("p-1")) continue;
    const bool isLow = one.value.number < Decimal(39, -1);
    if (!isLow && !isOpen) continue;
    const Priority priority = one.value.number < Decimal(30, -1) ? Priority::kP1 : Priority::kP3;
    if (isLow && isOpen && priority == holds && priority != Priority::kP1) continue;
    const Transition transition = !isLow                       ? Transition::kCleared
                                  : isOpen && priority < holds ? Transition::kWorsened
                                                               : Transition::kRaised;
    if (isLow) holds = isOpen ? std::min(holds, priority) : priority;
    isOpen = isLow;
    ++alerts;
    outbox[{Stream::kAlert, alerts}] =
        alertItem(alerts, verdictOn(one, transition, isLow ? priority : holds), {one});
  }
  return outbox;
}

bool isReceipted(const wire::Receipt& receipt, std::uint64_t sequence) {
  return sequence <= receipt.through &&
         std::ranges::none_of(receipt.gaps, [&](const wire::SequenceRange& gap) {
           return gap.first <= sequence && sequence <= gap.last;
         });
}

void forget(Outbox& outbox, const Ingested& ingested) {
  for (const wire::Receipt& receipt : ingested.receipts) {
    std::erase_if(outbox, [&](const auto& entry) {
      return entry.first.first == receipt.stream && isReceipted(receipt, entry.first.second);
    });
  }
}

/// What must be the same: no times of arrival, no event lists.
std::string stateOf(Care& care) {
  std::string state;
  for (const auto* sql :
       {"SELECT person||has_item, key FROM reading_key ORDER BY 1, 2",
        "SELECT body, '' FROM observation ORDER BY person, reading_key, code, revision",
        "SELECT person||(episode IS NOT NULL), key FROM verdict ORDER BY 1, 2",
        "SELECT person||rule||priority||is_cleared||is_late||raised_utc_ms||told_utc_ms||why_sv"
        "||hub||team, verdict_key FROM episode ORDER BY 1, 2",
        "SELECT hub||epoch||stream||first||'-'||last, '' FROM received_range ORDER BY 1",
        "SELECT stream||sequence||reason, '' FROM set_aside ORDER BY 1",
        "SELECT name||value, '' FROM counter WHERE name<>'duplicates-refused' ORDER BY 1"}) {
    auto rows = care.database->prepare(sql);
    for (;;) {
      const auto row = rows.step();
      EXPECT_TRUE(row) << row.error().context;
      if (!row || !*row) break;
      state += std::string(rows.text(0)) + toHex(rows.blob(1)) + "\n";
    }
    state += "--\n";
  }
  return state;
}

std::string inOrder(const Outbox& outbox) {
  Care care;
  for (const auto& [place, item] : outbox) {
    care.send(place.first, message(place.first, {item}), at(1000));
  }
  return stateOf(care);
}

std::string throughAStorm(Outbox outbox, std::uint32_t seed) {
  std::mt19937 random(seed);
  Care care;
  for (int round = 0; !outbox.empty() && round < 1000; ++round) {
    std::vector<std::pair<Outbox::key_type, wire::UpItem>> waiting(outbox.begin(), outbox.end());
    std::ranges::shuffle(waiting, random);
    const Stream stream = waiting.front().first.first;
    std::vector<wire::UpItem> items;
    for (const auto& [place, item] : waiting) {
      if (place.first == stream && items.size() < 1 + random() % 5) items.push_back(item);
    }
    if (random() % 5 == 0) continue;  // lost on its way up
    const std::string payload = message(stream, items);
    const Ingested first = care.send(stream, payload, at(1000 + round));
    if (random() % 5 == 0) care.send(stream, payload, at(1000 + round));  // delivered twice
    if (random() % 4 != 0) forget(outbox, first);  // else the receipt is lost
    if (random() % 40 == 0) care.open();           // the backend restarts
  }
  EXPECT_TRUE(outbox.empty());
  return stateOf(care);
}

class ArrivalOrder : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(ArrivalOrder, DoesNotChangeTheOutcome) {
  const Outbox outbox = dayOf(GetParam());
  EXPECT_EQ(throughAStorm(outbox, GetParam() * 7919 + 1), inOrder(outbox));
}

INSTANTIATE_TEST_SUITE_P(Seeds, ArrivalOrder, ::testing::Range(1U, 25U));

}  // namespace
}  // namespace vardnav::cloud
