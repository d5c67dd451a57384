// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bonds/bond_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace vardnav::bonds {
namespace {

namespace fs = std::filesystem;

const std::string kAdapter = "00:AA:01:00:00:42";
const std::string kMeter = "C0:FF:EE:00:00:01";
const std::string kScale = "C0:FF:EE:00:00:02";
const std::string kBond = "[General]\nName=Meter\n\n[LongTermKey]\nKey=00112233445566778899\n";

class BondDirectoryTest : public ::testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(store / path).parent_path());
    std::ofstream(store / path) << text;
  }
  std::string get(const std::string& path) {
    std::ifstream file(store / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TemporaryDirectory store;
  BondDirectory directory{store.path().string()};
};

TEST_F(BondDirectoryTest, ReadsBondsAndLeavesOutWhatIsOnlyRemembered) {
  put(kAdapter + "/" + kMeter + "/info", kBond);
  put(kAdapter + "/" + kScale + "/info", "[General]\nName=Seen once\n");
  put(kAdapter + "/cache/" + kMeter, "[General]\nName=Meter\n");
  put(kAdapter + "/settings", "[General]\n");
  fs::create_directories(store / (kAdapter + "/C0:FF:EE:00:00:03"));
  EXPECT_EQ(*directory.adapters(), std::vector<std::string>{kAdapter});
  EXPECT_EQ(*directory.read(kAdapter), (std::vector<Bond>{{kMeter, kBond}}));
}

TEST_F(BondDirectoryTest, FollowsNoSymbolicLink) {
  test::TemporaryDirectory elsewhere;
  std::ofstream(elsewhere / "secret") << kBond;
  fs::create_directories(store / (kAdapter + "/" + kMeter));
  fs::create_symlink(elsewhere / "secret", store / (kAdapter + "/" + kMeter + "/info"));
  EXPECT_FALSE(directory.read(kAdapter));
  // Written over as a file of its own, never through the link.
  ASSERT_TRUE(directory.write(kAdapter, {{kMeter, "[LinkKey]\n"}}, Existing::kReplace));
  EXPECT_EQ(get(kAdapter + "/" + kMeter + "/info"), "[LinkKey]\n");
  std::ifstream secret(elsewhere / "secret");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(secret), {}), kBond);
  // A directory that is a link is no device.
  fs::create_directory_symlink(elsewhere.path(), store / (kAdapter + "/" + kScale));
  EXPECT_FALSE(directory.write(kAdapter, {{kScale, kBond}}, Existing::kReplace));
  EXPECT_FALSE(fs::exists(elsewhere / "info"));
}

TEST_F(BondDirectoryTest, ReadsNoFifoAndNothingTooLarge) {
  fs::create_directories(store / (kAdapter + "/" + kMeter));
  ASSERT_EQ(::mkfifo((store / (kAdapter + "/" + kMeter + "/info")).c_str(), 0600), 0);
  EXPECT_FALSE(directory.read(kAdapter));
  put(kAdapter + "/" + kScale + "/info", std::string(kLargestInfo + 1, 'x'));
  fs::remove(store / (kAdapter + "/" + kMeter + "/info"));
  EXPECT_FALSE(directory.read(kAdapter));
}

TEST_F(BondDirectoryTest, WritesForItsOwnerOnlyAndLeavesNothingElse) {
  ASSERT_TRUE(directory.write(kAdapter, {{kMeter, kBond}}, Existing::kKeep));
  const std::string device = store / (kAdapter + "/" + kMeter);
  EXPECT_EQ(get(kAdapter + "/" + kMeter + "/info"), kBond);
  EXPECT_EQ(fs::status(device + "/info").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(device).permissions(), fs::perms::owner_all);
  EXPECT_EQ(std::distance(fs::directory_iterator(device), fs::directory_iterator{}), 1);
}

TEST_F(BondDirectoryTest, KeepsABondThatMayBeNewer) {
  const std::string newer = "[LongTermKey]\nKey=FF\n";
  put(kAdapter + "/" + kMeter + "/info", newer);
  put(kAdapter + "/" + kScale + "/info", kBond);
  const std::vector<Bond> bonds{{kMeter, kBond}, {kScale, kBond}};
  auto restored = *directory.write(kAdapter, bonds, Existing::kKeep);
  EXPECT_EQ(restored.kept, std::vector<std::string>{kMeter});
  EXPECT_EQ(restored.same, std::vector<std::string>{kScale});
  EXPECT_EQ(get(kAdapter + "/" + kMeter + "/info"), newer);
  restored = *directory.write(kAdapter, bonds, Existing::kReplace);
  EXPECT_EQ(restored.written, std::vector<std::string>{kMeter});
  EXPECT_EQ(get(kAdapter + "/" + kMeter + "/info"), kBond);
}

TEST_F(BondDirectoryTest, WritesNoWhereButBelowAddresses) {
  for (const char* name : {"..", "../x", "", "C0:FF:EE:00:00:01/../../x"}) {
    EXPECT_FALSE(directory.write(name, {{kMeter, kBond}}, Existing::kReplace));
    EXPECT_FALSE(directory.write(kAdapter, {{name, kBond}}, Existing::kReplace));
  }
  EXPECT_FALSE(BondDirectory(store / "nowhere").write(kAdapter, {}, Existing::kKeep));
}

TEST_F(BondDirectoryTest, RemovesWhatAnInterruptedRunLeft) {
  put(kAdapter + "/" + kMeter + "/info.new", "half of a bo");
  ASSERT_TRUE(directory.write(kAdapter, {{kMeter, kBond}}, Existing::kKeep));
  EXPECT_FALSE(fs::exists(store / (kAdapter + "/" + kMeter + "/info.new")));
}

}  // namespace
}  // namespace vardnav::bonds
