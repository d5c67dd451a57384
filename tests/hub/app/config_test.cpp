// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace vardnav::hub {
namespace {

constexpr const char* kGood = R"(hub = "hub-1"
state = "/var/lib/vardnav"
household = "/etc/vardnav/household.json"
[mqtt]
host = "broker.example"
ca = "ca.crt"
certificate = "hub.crt"
key = "hub.key"
)";

class HubConfig : public ::testing::Test {
 protected:
  Result<Config> reading(const std::string& text) {
    path_ =
        std::filesystem::path(::testing::TempDir()) /
        (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".toml");
    std::ofstream(path_) << text;
    return readConfig(path_.string());
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST_F(HubConfig, ReadsWhatIsWrittenAndKeepsTheDefaults) {
  const auto config = reading(kGood);
  ASSERT_TRUE(config.has_value()) << config.error().context;
  EXPECT_EQ(config->hub.value, "hub-1");
  EXPECT_EQ(config->mqtt.brokers, (std::vector<ServerAddress>{{"broker.example", 8883}}));
  EXPECT_EQ(config->adapter, "");
  EXPECT_EQ(config->logLevel, "info");
}

TEST_F(HubConfig, EnablesDriversByName) {
  EXPECT_TRUE(reading(kGood)->enabledDrivers.empty());
  const auto config = reading(std::string(kGood) + "[devices]\nenable = [\"vitalograph\"]\n");
  ASSERT_TRUE(config) << config.error().context;
  EXPECT_EQ(config->enabledDrivers, std::set<std::string>{"vitalograph"});
  for (const char* bad : {"enable = \"vitalograph\"", "enable = [1]", "enable = [\"\"]"}) {
    const auto refused = reading(std::string(kGood) + "[devices]\n" + bad + "\n");
    ASSERT_FALSE(refused) << bad;
    EXPECT_NE(refused.error().context.find("devices.enable"), std::string::npos);
  }
}

TEST_F(HubConfig, SignalsInTheHomeAfterAMinuteOrSoonerAndNeverLater) {
  const auto plain = reading(kGood);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->signal.light, "");
  EXPECT_TRUE(plain->signal.sound.empty());
  EXPECT_EQ(plain->signal.after, std::chrono::seconds{60});
  const auto with = [&](const std::string& line) {
    return reading(std::string(kGood) + "[signal]\n" + line + "\n");
  };
  const auto full =
      with("light = \"vardnav:red\"\nsound = [\"/usr/bin/aplay\", \"a.wav\"]\nafter_s = 1");
  ASSERT_TRUE(full) << full.error().context;
  EXPECT_EQ(full->signal.light, "vardnav:red");
  EXPECT_EQ(full->signal.sound, (std::vector<std::string>{"/usr/bin/aplay", "a.wav"}));
  EXPECT_EQ(full->signal.after, std::chrono::seconds{1});
  EXPECT_TRUE(with("light = \"/tmp/led\""));
  const std::pair<std::string, std::string> rows[] = {
      {"after_s = 61", "signal.after_s must be a whole number from 1 to 60"},
      {"after_s = 0", "signal.after_s must be a whole number from 1 to 60"},
      {"after_s = 1.5", "signal.after_s must be a whole number from 1 to 60"},
      {"light = \"../x\"", "signal.light must be the name of a folder in /sys/class/leds"},
      {"light = \"..\"", "signal.light must be the name of a folder in /sys/class/leds"},
      {"sound = \"beep\"", "signal.sound must be a list of texts"},
      {"sound = [\"beep\"]", "signal.sound must begin with the absolute path of a program"},
      {"tune = 1", "unknown setting 'signal.tune'"},
  };
  for (const auto& [line, says] : rows) {
    const auto config = with(line);
    ASSERT_FALSE(config) << line;
    EXPECT_NE(config.error().context.find(says), std::string::npos) << config.error().context;
  }
}

TEST_F(HubConfig, SaysInOneLineWhatToChange) {
  struct Row {
    std::string text;
    std::string says;
  };
  const Row rows[] = {
      {replaced(kGood, "hub = \"hub-1\"\n", ""), "'hub' is missing"},
      {replaced(kGood, "hub-1", "Hub 1"), ":1: hub must be 1 to 64"},
      {replaced(kGood, "ca = \"ca.crt\"\n", ""), "'mqtt.ca' is missing"},
      {replaced(kGood, "\"/var/lib/vardnav\"", "7"), ":2: state must be a non-empty text"},
      {replaced(kGood, "host =", "hots ="), ":5: unknown setting 'mqtt.hots'"},
      {replaced(kGood, "key =", "port = 70000\nkey ="), "mqtt.port must be a whole number"},
      {replaced(kGood, "[mqtt]", "[mqtt"), ":4: "},
      {std::string(kGood) + "[storage]\nbound_mb = 63\n",
       "storage.bound_mb must be a whole number"},
      {std::string(kGood) + "[storage]\nkeep_days = 89\n", "storage.keep_days must be a whole"},
      {std::string(kGood) + "[storage]\nkeep = 1\n", "unknown setting 'storage.keep'"},
      {std::string(kGood) + "[log]\nlevel = \"loud\"\n", "log.level must be one of"},
      {"hub = \"h\"\nstate = \"s\"\nhousehold = \"x\"\nmqtt = 1\n", ":4: 'mqtt' must be a section"},
  };
  for (const Row& row : rows) {
    const auto config = reading(row.text);
    ASSERT_FALSE(config.has_value()) << row.text;
    EXPECT_NE(config.error().context.find(row.says), std::string::npos) << config.error().context;
    EXPECT_EQ(config.error().context.find('\n'), std::string::npos) << config.error().context;
  }
}

// Every setting of it is known, also those that are commented out.
TEST_F(HubConfig, TheExampleIsTrue) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/image/etc/hub.toml");
  std::string all;
  std::string line;
  std::size_t settings = 0;
  for (; std::getline(file, line); all += line + "\n") {
    const bool isSetting = line.starts_with('#') && line.size() > 1 && line[1] != ' ';
    if (isSetting) line.erase(0, 1);
    settings += isSetting || line.find(" = ") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(settings, 15U);
  const auto plain = readConfig(VARDNAV_SOURCE_DIR "/image/etc/hub.toml");
  ASSERT_TRUE(plain) << plain.error().context;
  EXPECT_EQ(plain->mqtt.brokers.size(), 2U);
  EXPECT_EQ(plain->signal.light, "");
  const auto config = reading(all);
  ASSERT_TRUE(config) << config.error().context;
  EXPECT_EQ(config->signal.light, "vardnav:red");
  EXPECT_EQ(config->spareAdapter, "any");
}

TEST_F(HubConfig, TakesSeveralBrokersInTheirOrder) {
  const auto with = [&](const std::string& line) {
    return reading(replaced(kGood, "host = \"broker.example\"", line));
  };
  const auto config = with(R"(brokers = ["b.example", "a.example:1", "[2001:db8::1]:8884"])");
  ASSERT_TRUE(config) << config.error().context;
  EXPECT_EQ(
      config->mqtt.brokers,
      (std::vector<ServerAddress>{{"b.example", 8883}, {"a.example", 1}, {"2001:db8::1", 8884}}));
  const std::pair<std::string, std::string> rows[] = {
      {"brokers = []", "mqtt.brokers must name at least one broker"},
      {"brokers = \"a\"", "mqtt.brokers must be a list of texts"},
      {"brokers = [\"a:0\"]", "mqtt.brokers must be like"},
      {"brokers = [\"2001:db8::1\"]", "not '2001:db8::1'"},
      {"brokers = [\"a\", \"a:8883\"]", "mqtt.brokers names a:8883 twice"},
      {"brokers = [\"a\"]\nhost = \"b\"", "mqtt.brokers stands in place of host and port"},
      {"brokers = [\"a\"]\nport = 1", "mqtt.brokers stands in place of host and port"},
  };
  for (const auto& [line, says] : rows) {
    const auto refused = with(line);
    ASSERT_FALSE(refused) << line;
    EXPECT_NE(refused.error().context.find(says), std::string::npos) << refused.error().context;
  }
}

constexpr const char* kKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

TEST_F(HubConfig, PinsTheCurrentAndTheNextKeyInPlaceOfAHouseholdFile) {
  const std::string pinned = replaced(kGood, "household = \"/etc/vardnav/household.json\"\n",
                                      "[configuration]\nkey = \"" + std::string(kKey) +
                                          "\"\nnext_key = \"" + std::string(64, 'a') + "\"\n");
  const auto config = reading(pinned);
  ASSERT_TRUE(config) << config.error().context;
  ASSERT_EQ(config->configurationKeys.size(), 2U);
  EXPECT_EQ(config->configurationKeys[0].toHex(), kKey);
  EXPECT_EQ(config->household, "");

  const auto broken = reading(replaced(pinned, "3d40", "3d4"));
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().context.find("configuration.key must be a public key"),
            std::string::npos);
}

TEST_F(HubConfig, NeedsAPinnedKeyOrAHouseholdFile) {
  const auto config = reading(replaced(kGood, "household = \"/etc/vardnav/household.json\"\n", ""));
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().context.find("configuration.key is missing"), std::string::npos);
}

TEST_F(HubConfig, NamesAFileThatIsNotThereOrIsNoFile) {
  for (const char* path : {"/nonexistent/hub.toml", "/"}) {
    const auto config = readConfig(path);
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().context.find(path), 0U) << config.error().context;
    EXPECT_NE(config.error().context.find("cannot be read"), std::string::npos);
  }
}

}  // namespace
}  // namespace vardnav::hub
