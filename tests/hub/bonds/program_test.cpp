// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-bonds as a technician runs it, on directories of the test's own.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/temporary_directory.h"

namespace vardnav::test {
namespace {

namespace fs = std::filesystem;

const std::string kAdapter = "00:AA:01:00:00:42";
const std::string kInfo = kAdapter + "/C0:FF:EE:00:00:01/info";
const std::string kBond = "[LongTermKey]\nKey=00112233445566778899\n";

class BondsProgramTest : public ::testing::Test {
 protected:
  BondsProgramTest() {
    fs::create_directories(fs::path(root / ("old/" + kInfo)).parent_path());
    std::ofstream(root / ("old/" + kInfo)) << kBond;
    fs::create_directories(root / "new");
    fs::create_directories(root / "bin");
    EXPECT_EQ(run("key --key " + (root / "key")), 0) << said;
  }

  int run(const std::string& arguments) {
    said.clear();
    const std::string command =
        "PATH=" + (root / "bin") + ":$PATH " VARDNAV_BONDS " " + arguments + " 2>&1";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 256> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) said += buffer.data();
    return WEXITSTATUS(::pclose(pipe));
  }
  std::string arguments(const std::string& store) {
    return root / "archive" + " --key " + (root / "key") + " --directory " + (root / store);
  }
  std::string read(const std::string& name) {
    std::ifstream file(root / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryDirectory root;
  std::string said;
};

TEST_F(BondsProgramTest, BringsBondsToANewCard) {
  ASSERT_EQ(run("backup " + arguments("old")), 0) << said;
  EXPECT_EQ(fs::status(root / "archive").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_EQ(run("list " + arguments("old")), 0);
  EXPECT_NE(said.find("C0:FF:EE:00:00:01\n"), std::string::npos) << said;
  ASSERT_EQ(run("restore " + arguments("new")), 0) << said;
  EXPECT_EQ(read("new/" + kInfo), kBond);
}

TEST_F(BondsProgramTest, RefusesAnotherAdapterUnlessTold) {
  ASSERT_EQ(run("backup " + arguments("old")), 0);
  fs::create_directories(root / "new/00:AA:01:00:00:99");
  EXPECT_EQ(run("restore " + arguments("new")), 1);
  EXPECT_NE(said.find("this machine has 00:AA:01:00:00:99"), std::string::npos) << said;
  EXPECT_EQ(run("restore --adapter 00:AA:01:00:00:99 " + arguments("new")), 1);
  EXPECT_FALSE(fs::exists(root / ("new/" + kAdapter)));
  EXPECT_EQ(run("restore --other-adapter --adapter 00:AA:01:00:00:99 " + arguments("new")), 0);
  EXPECT_EQ(read("new/00:AA:01:00:00:99/C0:FF:EE:00:00:01/info"), kBond);
}

TEST_F(BondsProgramTest, StopsBluetoothdWhileItWrites) {
  ASSERT_EQ(run("backup " + arguments("old")), 0);
  std::ofstream(root / "bin/systemctl") << "#!/bin/sh\necho \"$* $(ls " << (root / "new")
                                        << " | wc -l)\" >> " << (root / "log") << "\n";
  fs::permissions(root / "bin/systemctl", fs::perms::owner_all);
  ASSERT_EQ(run("restore --restart " + arguments("new")), 0) << said;
  EXPECT_EQ(read("log"), "stop bluetooth.service 0\nstart bluetooth.service 1\n");
  std::ofstream(root / "bin/systemctl") << "#!/bin/sh\nexit 1\n";
  fs::remove_all(root / "new");
  fs::create_directories(root / "new");
  EXPECT_EQ(run("restore --restart " + arguments("new")), 1);
  EXPECT_TRUE(fs::is_empty(root / "new")) << "bluetoothd still runs";
}

TEST_F(BondsProgramTest, DoesNotReplaceABackupByNothing) {
  ASSERT_EQ(run("backup " + arguments("old")), 0);
  const std::string before = read("archive");
  fs::remove(root / ("old/" + kInfo));
  EXPECT_EQ(run("backup " + arguments("old")), 1);
  EXPECT_EQ(read("archive"), before);
}

TEST_F(BondsProgramTest, TakesNoKeyThatOthersCanReadAndReplacesNone) {
  EXPECT_EQ(run("key --key " + (root / "key")), 1);
  fs::permissions(root / "key", fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(run("backup " + arguments("old")), 1);
  EXPECT_NE(said.find("chmod 600"), std::string::npos) << said;
}

TEST_F(BondsProgramTest, TakesARequestOfTheHubAndNothingElse) {
  const std::string request = root / "adopt-address";
  for (const char* text :
       {"", "hci1", "hci1 \n", "hci 00:AA:01:00:00:42\n", "1 00:AA:01:00:00:42\n",
        "hci1 00:AA:01:00:00:42", "hci1 00:aa:01:00:00:42\n", "hci99999 00:AA:01:00:00:42\n",
        "hci1 00:AA:01:00:00:42\n\n"}) {
    std::ofstream(request) << text;
    EXPECT_EQ(run("adopt --request " + request), 1);
    EXPECT_NE(said.find("is no request"), std::string::npos) << text << said;
    EXPECT_FALSE(fs::exists(request)) << "not asked for ever";
  }
  fs::create_symlink(root / "key", request);
  EXPECT_EQ(run("adopt --request " + request), 1);
  EXPECT_TRUE(fs::exists(root / "key"));
  EXPECT_EQ(run("adopt --controller 1"), 1);
}

TEST_F(BondsProgramTest, NeverRunsWithoutAFullArchive) {
  std::ofstream(root / "archive") << "VNBONDS";
  EXPECT_EQ(run("restore " + arguments("new")), 1);
  EXPECT_EQ(run("list " + arguments("new")), 1);
  EXPECT_TRUE(fs::is_empty(root / "new"));
}

}  // namespace
}  // namespace vardnav::test
