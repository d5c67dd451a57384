// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/state_directory.h"

#include <gmock/gmock.h>

#include <optional>

#include "tests/support/temporary_directory.h"

namespace vardnav::hub {
namespace {

using testing::HasSubstr;

TEST(StateDirectory, IsMadeAndHeldByOneAtATime) {
  const test::TemporaryDirectory scratch;
  const std::string path = scratch / "a/b";
  {
    const auto first = StateDirectory::hold(path);
    ASSERT_TRUE(first) << first.error().context;
    const auto second = StateDirectory::hold(path);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().context, testing::AllOf(HasSubstr(path), HasSubstr("in use")));
  }
  EXPECT_TRUE(StateDirectory::hold(path));
}

TEST(StateDirectory, NamesAPathThatIsNone) {
  const auto held = StateDirectory::hold("/dev/null/hub");
  ASSERT_FALSE(held);
  EXPECT_THAT(held.error().context,
              testing::AllOf(HasSubstr("/dev/null/hub"), HasSubstr("`state`")));
}

}  // namespace
}  // namespace vardnav::hub
