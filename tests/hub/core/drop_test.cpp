// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/drop.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vardnav::hub {
namespace {

TEST(Drop, HasANameAndAMeaningOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kDrops; ++i) {
    const auto drop = static_cast<Drop>(i);
    EXPECT_FALSE(nameOf(drop).empty()) << i;
    EXPECT_FALSE(meaningOf(drop).empty()) << nameOf(drop);
    EXPECT_TRUE(names.insert(nameOf(drop)).second) << nameOf(drop);
  }
}

TEST(Drop, OfARecordIsNamedAsItsReason) {
  for (int i = 1;; ++i) {
    const auto reason = static_cast<intake::Reason>(i);
    if (!intake::reasonFromName(intake::nameOf(reason))) {
      EXPECT_EQ(i, 11) << "one reason more: give it a Drop, and count it here";
      break;
    }
    EXPECT_EQ(nameOf(dropOf(reason)), intake::nameOf(reason));
  }
}

TEST(DropBook, TellsWhatIsNotNoneInTheOrderOfTheList) {
  DropBook book;
  book.count(Drop::kFaultUntold);
  book.count(Drop::kMalformed);
  book.count(Drop::kMalformed, 2);
  book.count(Drop::kDuplicate, 0);
  book.set(Drop::kSetAside, 7);
  book.set(Drop::kSetAside, 9);
  const std::vector<std::pair<Drop, std::uint64_t>> expected = {
      {Drop::kMalformed, 3}, {Drop::kSetAside, 9}, {Drop::kFaultUntold, 1}};
  EXPECT_EQ(book.counted(), expected);
}

}  // namespace
}  // namespace vardnav::hub
