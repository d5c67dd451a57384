// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A process that dies without closing anything: what was receipted is there, and nothing twice.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;
using wire::Stream;

/// Runs `work` in a child that then dies with _exit, and says whether it came that far.
template <class Work>
bool diesAfter(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  int status = -1;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string readings(std::uint64_t first, std::uint64_t last) {
  std::vector<wire::UpItem> items;
  for (auto sequence = first; sequence <= last; ++sequence) {
    const auto number = static_cast<int>(sequence);
    items.push_back(readingItem(sequence, {glucose(number, number, 55)}));
  }
  return message(Stream::kReading, std::move(items));
}

TEST(Durability, KeepsWhatWasCommittedWhenTheProcessDies) {
  Care care;
  care.database.reset();  // a connection does not survive a fork
  ASSERT_TRUE(diesAfter([&] {
    care.open();
    care.send(Stream::kReading, readings(1, 3));
    care.alertOn(1, glucose(4, 4, 28), Transition::kRaised, Priority::kP1, at(4));
  }));
  care.open();
  EXPECT_EQ(care.counts().readingsStored, 4U);
  ASSERT_EQ(care.worklist("home").size(), 1U);
  EXPECT_EQ(care.worklist("home").front().nextAction.at, at(14));
  const auto again = care.send(Stream::kReading, readings(1, 5));
  EXPECT_EQ(again.receipts.front().through, 5U);
  EXPECT_EQ(care.counts().readingsStored, 5U);
  EXPECT_EQ(care.counts().duplicatesRefused, 3U);
}

TEST(Durability, KeepsNothingOfAMessageThatWasNotCommitted) {
  Care care;
  care.database.reset();
  ASSERT_TRUE(diesAfter([&] {
    care.open();
    care.send(Stream::kReading, readings(1, 2));
    auto transaction = *care.careStore->begin();
    const Observation three = glucose(3, 3, 55);
    static_cast<void>(transaction->insertReading(three.reading, three.person, HubId("hub-1"),
                                                 Bringer::kReadingItem, at(0)));
    static_cast<void>(transaction->insertObservation(three));
    ::_exit(0);
  }));
  care.open();
  EXPECT_EQ(care.counts().readingsStored, 2U);
  EXPECT_EQ(care.number("SELECT count(*) FROM observation"), 2);
  EXPECT_EQ(care.send(Stream::kReading, readings(3, 3)).receipts.front().through, 3U);
}

}  // namespace
}  // namespace vardnav::cloud
