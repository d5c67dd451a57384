// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-care as a program: what it says when it cannot start, its commands, and its end.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "tests/cloud/api/http_client.h"
#include "tests/pipelines/uplink/mosquitto.h"
#include "tests/support/postgres_cluster.h"

namespace vardnav::cloud {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string textOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool becomesTrue(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

// A child with its standard error in a file.
class Program {
 public:
  Program(std::vector<std::string> arguments, const std::string& input, std::string errors)
      : errors_(std::move(errors)) {
    arguments.insert(arguments.begin(), VARDNAV_CARE);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    pid_ = fork();
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(open(input.c_str(), O_RDONLY), STDIN_FILENO);
    dup2(open(errors_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execv(words[0], words.data());
    _exit(127);
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void signal(int number) const { ::kill(pid_, number); }
  /// -1: it did not end in 20 s, or by a signal.
  int exitStatus() {
    int status = 0;
    if (!becomesTrue([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return -1;
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string said() const { return textOf(errors_); }

 private:
  pid_t pid_;
  std::string errors_;
};

struct CareProgram : testing::Test {
  void SetUp() override {
    std::filesystem::create_directories(scratch.path("console"));
    scratch.write("console/index.html", "<!doctype html>");
    scratch.write("nothing", "");
  }
  std::string config(const std::string& what = {}, const std::string& with = {}) {
    std::string text =
        "state = \"" + scratch.path("state") + "\"\n[http]\nport = " + std::to_string(httpPort) +
        "\nconsole = \"" + scratch.path("console") +
        "\"\n[mqtt]\nhost = \"127.0.0.1\"\nport = " + std::to_string(brokerPort) + "\nca = \"" +
        tls.ca + "\"\ncertificate = \"" + tls.certificate + "\"\nkey = \"" + tls.key + "\"\n";
    if (!what.empty()) text.replace(text.find(what), what.size(), with);
    return scratch.write("care.toml", text);
  }
  std::unique_ptr<Program> start(const std::string& file, std::vector<std::string> arguments = {},
                                 const std::string& input = {}) {
    arguments.insert(arguments.begin(), {"--config", file});
    return std::make_unique<Program>(
        std::move(arguments),
        input.empty() ? scratch.path("nothing") : scratch.write("input", input),
        scratch.path("said" + std::to_string(++programs)));
  }
  // What it says when it does not start: one line, exit status 1.
  std::string complaint(const std::string& file, std::vector<std::string> arguments = {},
                        const std::string& input = {}) {
    const auto program = start(file, std::move(arguments), input);
    EXPECT_EQ(program->exitStatus(), 1);
    const std::string said = program->said();
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
    EXPECT_THAT(said, testing::StartsWith("vardnav-care: "));
    return said;
  }
  bool serves() {
    return becomesTrue([&] {
      try {
        return test::ask(httpPort, "GET", "/api/v1/healthz").status == 200;
      } catch (const std::runtime_error&) {
        return false;
      }
    });
  }

  test::Scratch scratch;
  test::Authority authority{scratch, "ca"};
  uplink::TlsFiles tls = authority.issue("vardnav-care");
  std::uint16_t httpPort = test::freePort();
  std::uint16_t brokerPort = test::freePort();
  int programs = 0;
};

TEST_F(CareProgram, SaysWhichFileItMisses) {
  EXPECT_THAT(complaint(scratch.path("none.toml")), HasSubstr("none.toml"));
  EXPECT_THAT(complaint(config(tls.certificate, scratch.path("none.crt"))),
              AllOf(HasSubstr("mqtt.certificate"), HasSubstr("none.crt")));
  EXPECT_THAT(complaint(config(tls.key, authority.issue("another").key)), HasSubstr("mqtt.key"));
  EXPECT_THAT(complaint(config(scratch.path("console"), scratch.path("state"))),
              AllOf(HasSubstr("index.html"), HasSubstr("http.console")));
}

TEST_F(CareProgram, SaysThatItsPortIsInUse) {
  const auto first = start(config());
  ASSERT_TRUE(serves()) << first->said();
  const std::string second = config(scratch.path("state"), scratch.path("other-state"));
  EXPECT_THAT(complaint(second), AllOf(HasSubstr("http.port"), HasSubstr(std::to_string(httpPort)),
                                       HasSubstr("in use")));
}

TEST_F(CareProgram, LeavesAStateAloneThatAnotherServes) {
  const auto first = start(config());
  ASSERT_TRUE(serves()) << first->said();
  const std::string port = std::to_string(httpPort);
  const std::string second = config("port = " + port, "port = " + std::to_string(test::freePort()));
  EXPECT_THAT(complaint(second), AllOf(HasSubstr(scratch.path("state")), HasSubstr("another")));
  first->signal(SIGKILL);
  (void)first->exitStatus();
  const auto next = start(config());
  EXPECT_TRUE(serves()) << next->said();
}

TEST_F(CareProgram, SaysThatItCannotWriteItsState) {
  // Below a file, and where not even root may write: a read-only disk looks the same.
  EXPECT_THAT(complaint(config(scratch.path("state"), scratch.path("nothing") + "/state")),
              HasSubstr(scratch.path("nothing") + "/state"));
  EXPECT_THAT(complaint(config(scratch.path("state"), "/sys/kernel")), HasSubstr("/sys/kernel"));
  EXPECT_THAT(complaint(config(scratch.path("state"), "/proc/none")), HasSubstr("/proc/none"));
}

TEST_F(CareProgram, SaysThatItsDatabaseIsNone) {
  std::filesystem::create_directories(scratch.path("state"));
  scratch.write("state/care.db", "this is no database, and it is long enough to be seen as none");
  EXPECT_THAT(complaint(config()), HasSubstr("care.db"));
  EXPECT_THAT(textOf(scratch.path("state/care.db")), testing::StartsWith("this is no database"));
}

TEST_F(CareProgram, ServesWithoutABrokerAndEndsWhenAskedTo) {
  for (const int number : {SIGTERM, SIGINT}) {
    const auto care = start(config());
    ASSERT_TRUE(serves()) << care->said();
    EXPECT_THAT(test::ask(httpPort, "GET", "/api/v1/healthz").body,
                HasSubstr("\"mqtt\":\"disconnected\""));
    EXPECT_EQ(test::ask(httpPort, "GET", "/").body, "<!doctype html>");
    ASSERT_TRUE(becomesTrue([&] { return care->said().contains("no broker at"); }));
    care->signal(number);
    EXPECT_EQ(care->exitStatus(), 0) << care->said();
  }
}

TEST_F(CareProgram, FindsItsBroker) {
  test::Mosquitto broker(scratch, authority);
  brokerPort = broker.port();
  broker.start();
  const auto care = start(config());
  ASSERT_TRUE(serves()) << care->said();
  EXPECT_TRUE(becomesTrue([&] {
    return test::ask(httpPort, "GET", "/api/v1/healthz").body.contains("\"mqtt\":\"connected\"");
  })) << care->said();
}

const std::string kRegistry = R"({"version":1,
 "care_givers":[{"id":"kommun","kind":"municipality","code":"0380","name":"Uppsala kommun"}],
 "teams":[{"id":"home","care_giver":"kommun","name":"Hemsjukvården","role":"team"},
          {"id":"desk","care_giver":null,"name":"Desk","role":"service_owner"}],
 "patients":[{"person":"p-1","name":"Test Testsson","birth_year":1948}],
 "hubs":[{"hub":"hub-1","persons":["p-1"]}],
 "enrolments":[]})";

TEST_F(CareProgram, ImportsARegistryAnyNumberOfTimesAndAddsUsersThatCanLogIn) {
  const std::string file = config();
  const std::string registry = scratch.write("registry.json", kRegistry);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(start(file, {"registry", "import", registry})->exitStatus(), 0);
  }
  EXPECT_EQ(
      start(file, {"user", "add", "anna", "--display", "Anna Berg", "--team", "home"}, "secret\n")
          ->exitStatus(),
      0);
  const auto care = start(file);
  ASSERT_TRUE(serves()) << care->said();
  const auto login = test::ask(httpPort, "POST", "/api/v1/session", "X-Vardnav-Request: 1\r\n",
                               R"({"username":"anna","password":"secret"})");
  EXPECT_EQ(login.status, 200);
  EXPECT_THAT(login.body, HasSubstr("Hemsjukvården"));
  // Also while it runs: the new password counts at once.
  EXPECT_EQ(
      start(file, {"user", "add", "anna", "--display", "Anna Berg", "--team", "home"}, "newer\n")
          ->exitStatus(),
      0);
  EXPECT_EQ(test::ask(httpPort, "POST", "/api/v1/session", "X-Vardnav-Request: 1\r\n",
                      R"({"username":"anna","password":"newer"})")
                .status,
            200);
}

TEST_F(CareProgram, NamesEveryFaultOfARegistry) {
  std::string faulty = kRegistry;
  faulty.replace(faulty.find("[\"p-1\"]"), 7, "[\"p-9\"]");
  faulty.replace(faulty.find("\"municipality\""), 14, "\"village\"");
  const auto import = start(config(), {"registry", "import", scratch.write("r.json", faulty)});
  EXPECT_EQ(import->exitStatus(), 1);
  EXPECT_THAT(import->said(), AllOf(HasSubstr("r.json: /care_givers/0/kind"),
                                    HasSubstr("r.json: /hubs/0/persons/0")));
  EXPECT_THAT(complaint(config(), {"registry", "import", scratch.path("none.json")}),
              HasSubstr("none.json"));
}

TEST_F(CareProgram, RefusesUsersThatCannotBe) {
  const std::string file = config();
  ASSERT_EQ(start(file, {"registry", "import", scratch.write("r.json", kRegistry)})->exitStatus(),
            0);
  EXPECT_THAT(complaint(file, {"user", "add", "Anna B", "--display", "A", "--team", "home"}, "x\n"),
              HasSubstr("Anna B"));
  EXPECT_THAT(complaint(file, {"user", "add", "anna", "--display", "A", "--team", "none"}, "x\n"),
              HasSubstr("none"));
  EXPECT_THAT(complaint(file, {"user", "add", "anna", "--display", "A", "--team", "home"}),
              HasSubstr("password"));
}

struct CareOnPostgres : CareProgram {
  std::string on(const std::string& uri, const std::string& state = "state") {
    return config("state = \"" + scratch.path("state") + "\"",
                  "database = \"" + uri + "\"\nstate = \"" + scratch.path(state) + "\"");
  }
  unsigned health() { return test::ask(httpPort, "GET", "/api/v1/healthz").status; }
  test::PostgresCluster server{test::PostgresCluster::Speed::kDurable};
};

TEST_F(CareOnPostgres, OutlivesItsDatabaseAndSaysThatItIsAway) {
  server.run("CREATE ROLE care LOGIN");  // with no more rights than the README gives it
  server.run("CREATE DATABASE record OWNER care");
  const std::string file = on(server.uri("record", "care"));
  EXPECT_EQ(start(file, {"registry", "import", scratch.write("r.json", kRegistry)})->exitStatus(),
            0);
  const auto care = start(file);
  ASSERT_TRUE(serves()) << care->said();
  for (int i = 0; i < 2; ++i) {
    server.kill();
    EXPECT_TRUE(becomesTrue([&] { return health() == 503; })) << care->said();
    const std::string session = "Cookie: vardnav_session=" + std::string(64, 'a') + "\r\n";
    EXPECT_EQ(test::ask(httpPort, "GET", "/api/v1/worklist", session).status, 503);
    EXPECT_EQ(test::ask(httpPort, "GET", "/").body, "<!doctype html>");
    server.start();
    EXPECT_TRUE(becomesTrue([&] { return health() == 200; })) << care->said();
    EXPECT_EQ(test::ask(httpPort, "GET", "/api/v1/worklist", session).status, 401);
  }
  const std::string said = care->said();
  std::size_t away = 0;
  for (std::size_t at = 0; (at = said.find("nothing is stored", at)) != std::string::npos; ++at) {
    ++away;
  }
  EXPECT_EQ(away, 2U) << said;
  care->signal(SIGTERM);
  EXPECT_EQ(care->exitStatus(), 0);
}

TEST_F(CareOnPostgres, ServesADatabaseAlone) {
  const auto first = start(on(server.uri("postgres")));
  ASSERT_TRUE(serves()) << first->said();
  httpPort = test::freePort();
  const std::string second = on(server.uri("postgres"), "other");
  EXPECT_THAT(complaint(second), HasSubstr("served by another vardnav-care"));
  first->signal(SIGKILL);
  (void)first->exitStatus();
  ASSERT_TRUE(becomesTrue([&] {
    return server.run("SELECT count(*) FROM pg_locks WHERE locktype='advisory'") == "0";
  }));
  const auto next = start(second);
  EXPECT_TRUE(serves()) << next->said();
}

TEST_F(CareOnPostgres, SaysWhatIsWrongWithItsDatabase) {
  EXPECT_THAT(complaint(on(server.uri("none"))), HasSubstr("none"));
  EXPECT_THAT(complaint(on("postgresql://vardnav:secret@/postgres")),
              AllOf(HasSubstr("passfile"), testing::Not(HasSubstr("secret"))));
  server.run("CREATE DATABASE foreign_one");
  server.run("CREATE TABLE theirs(one INT)", "foreign_one");
  EXPECT_THAT(complaint(on(server.uri("foreign_one"))), HasSubstr("something else"));
  server.run("CREATE TABLE vardnav_schema(version BIGINT); INSERT INTO vardnav_schema VALUES(99)");
  EXPECT_THAT(complaint(on(server.uri("postgres"))), HasSubstr("newer Vardnav"));
  server.kill();
  EXPECT_THAT(complaint(on(server.uri("postgres"))), HasSubstr("start the server"));
  const test::PostgresCluster careless;
  EXPECT_THAT(complaint(on(careless.uri("postgres"))), HasSubstr("fsync=on"));
}

}  // namespace
}  // namespace vardnav::cloud
