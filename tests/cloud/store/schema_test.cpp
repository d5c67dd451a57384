// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/schema.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

TEST(CareDatabase, OpensAgainWhatItMade) {
  TemporaryDirectory directory;
  ASSERT_TRUE(store::openCareDatabase(directory.file("care.db")));
  EXPECT_TRUE(store::openCareDatabase(directory.file("care.db")));
}

TEST(CareDatabase, RefusesWhatIsNoDatabase) {
  TemporaryDirectory directory;
  std::ofstream(directory.file("care.db")) << std::string(5000, 'x');
  const auto refused = store::openCareDatabase(directory.file("care.db"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kStorage);
  EXPECT_NE(refused.error().context.find("not a database"), std::string::npos);
  EXPECT_EQ(refused.error().context.find('\n'), std::string::npos);
}

TEST(CareDatabase, RefusesOneOfANewerProgram) {
  TemporaryDirectory directory;
  {
    auto database = store::openCareDatabase(directory.file("care.db"));
    ASSERT_TRUE((*database)->execute("PRAGMA user_version=1000"));
  }
  const auto refused = store::openCareDatabase(directory.file("care.db"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().context.find("newer Vardnav"), std::string::npos);
}

TEST(CareDatabase, RefusesADirectoryThatIsNotThere) {
  TemporaryDirectory directory;
  const auto refused = store::openCareDatabase(directory.file("none/care.db"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().context.find("directory must exist"), std::string::npos);
}

TEST(CareDatabase, IsDurableByItsSettings) {
  Care care;
  if (test::isOnPostgres()) {
    EXPECT_EQ(care.number("SELECT count(*) FROM pg_settings WHERE name='synchronous_commit'"
                          " AND setting='on'"),
              1);
    return;
  }
  EXPECT_EQ(care.number("PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(care.number("PRAGMA foreign_keys"), 1);
}

TEST(CareDatabase, RefusesToChangeTheEventsOfAnEpisode) {
  Care care;
  care.alertOn(1, glucose(1, 0, 28), Transition::kRaised, Priority::kP1, at(0));
  EXPECT_FALSE(care.database->execute("UPDATE episode_event SET note='x'").has_value());
  EXPECT_FALSE(care.database->execute("DELETE FROM episode_event").has_value());
}

TEST(CareDatabase, RefusesAnOpenEpisodeWithoutANextAction) {
  Care care;
  care.alertOn(1, glucose(1, 0, 28), Transition::kRaised, Priority::kP1, at(0));
  EXPECT_FALSE(care.database->execute("UPDATE episode SET next_what='none'").has_value());
}

}  // namespace
}  // namespace vardnav::cloud
