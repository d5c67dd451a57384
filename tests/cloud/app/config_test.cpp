// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/config.h"

#include <gmock/gmock.h>

#include "tests/pipelines/uplink/mosquitto.h"

namespace vardnav::cloud {
namespace {

const std::string kGood = R"(state = "/var/lib/vardnav-care"
[http]
listen = "127.0.0.1"
port = 8081
console = "/usr/share/vardnav/console"
[mqtt]
host = "broker.example"
port = 8884
ca = "/ca.crt"
certificate = "/care.crt"
key = "/care.key"
[log]
level = "debug"
)";

struct CareToml : testing::Test {
  Result<Config> read(const std::string& text) {
    return readConfig(scratch.write("care.toml", text));
  }
  static std::string replaced(const std::string& what, const std::string& with) {
    std::string text = kGood;
    text.replace(text.find(what), what.size(), with);
    return text;
  }
  test::Scratch scratch;
};

TEST_F(CareToml, IsReadAsItStands) {
  const auto config = read(kGood);
  ASSERT_TRUE(config) << config.error().context;
  EXPECT_EQ(config->state, "/var/lib/vardnav-care");
  EXPECT_EQ(config->http.port, 8081);
  EXPECT_EQ(config->http.console, "/usr/share/vardnav/console");
  EXPECT_EQ(config->mqtt.brokers, (std::vector<ServerAddress>{{"broker.example", 8884}}));
  EXPECT_EQ(config->mqtt.listening, Listening::kOnAll);
  EXPECT_EQ(config->mqtt.key, "/care.key");
  EXPECT_EQ(config->logLevel, "debug");
}

TEST_F(CareToml, NamesSeveralBrokersAndWhetherToListenOnAll) {
  const std::string hosts = "host = \"broker.example\"\nport = 8884\n";
  auto config = read(replaced(hosts, "brokers = [\"a:1\", \"b\"]\nlisten = \"one\"\n"));
  ASSERT_TRUE(config) << config.error().context;
  EXPECT_EQ(config->mqtt.brokers, (std::vector<ServerAddress>{{"a", 1}, {"b", 8883}}));
  EXPECT_EQ(config->mqtt.listening, Listening::kOnOne);
  config = read(replaced(hosts, "brokers = [\"a:1\"]\nlisten = \"some\"\n"));
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().context.find("mqtt.listen must be"), std::string::npos);
}

TEST_F(CareToml, HasDefaultsForWhatMayBeLeftOut) {
  std::string text = replaced("listen = \"127.0.0.1\"\nport = 8081\n", "");
  text.erase(text.find("port = 8884\n"), 12);
  text.erase(text.find("[log]"));
  const auto config = read(text);
  ASSERT_TRUE(config) << config.error().context;
  EXPECT_EQ(config->http.listen, "127.0.0.1");
  EXPECT_EQ(config->http.port, 8080);
  EXPECT_EQ(config->mqtt.brokers[0].port, 8883);
  EXPECT_EQ(config->logLevel, "info");
}

struct Fault {
  const char* name;
  const char* what;
  const char* with;
  const char* says;
};
struct CareTomlFault : CareToml, testing::WithParamInterface<Fault> {};

TEST_P(CareTomlFault, IsOneLineThatSaysWhereAndWhat) {
  const auto config = read(replaced(GetParam().what, GetParam().with));
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::kInvalidInput);
  const std::string& line = config.error().context;
  EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  EXPECT_THAT(line, testing::HasSubstr(scratch.path("care.toml")));
  EXPECT_THAT(line, testing::HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Table, CareTomlFault,
    testing::Values(Fault{"Syntax", "port = 8081", "port =", ":4"},
                    Fault{"UnknownSetting", "port = 8081", "prot = 8081", "http.prot"},
                    Fault{"UnknownSection", "[log]", "[logs]", "logs"},
                    Fault{"TextAsPort", "port = 8081", "port = \"8081\"", "http.port"},
                    Fault{"PortTooLarge", "port = 8884", "port = 65536", "mqtt.port"},
                    Fault{"PortZero", "port = 8081", "port = 0", "http.port"},
                    Fault{"NumberAsText", "host = \"broker.example\"", "host = 5", "mqtt.host"},
                    Fault{"EmptyText", "ca = \"/ca.crt\"", "ca = \"\"", "mqtt.ca"},
                    Fault{"MissingState", "state = \"/var/lib/vardnav-care\"\n", "", "state"},
                    Fault{"MissingKey", "key = \"/care.key\"\n", "", "mqtt.key"},
                    Fault{"MissingConsole", "console = \"/usr/share/vardnav/console\"\n", "",
                          "http.console"},
                    Fault{"AllInterfaces", "\"127.0.0.1\"", "\"0.0.0.0\"", "http.listen"},
                    Fault{"UnknownLevel", "\"debug\"", "\"loud\"", "log.level"}),
    [](const auto& row) { return row.param.name; });

TEST_F(CareToml, IsRefusedWhereThereIsNone) {
  const auto config = readConfig(scratch.path("none.toml"));
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().context, testing::HasSubstr("none.toml"));
}

}  // namespace
}  // namespace vardnav::cloud
