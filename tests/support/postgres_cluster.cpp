// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/postgres_cluster.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace vardnav::test {
namespace {

constexpr const char* kKeeper = VARDNAV_SOURCE_DIR "/tests/support/postgres_keeper.py";

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

}  // namespace

PostgresCluster::PostgresCluster(Speed speed) {
  int orders[2];
  int answers[2];
  if (::pipe2(orders, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(orders[0], 0);
    ::dup2(answers[1], 1);
    ::execl("/usr/bin/python3", "python3", kKeeper, speed == Speed::kFast ? "--fast" : nullptr,
            nullptr);
    ::_exit(127);
  }
  ::close(orders[0]);
  ::close(answers[1]);
  orders_ = orders[1];
  answers_ = answers[0];
  ::waitpid(child, nullptr, 0);  // it has gone to the background
  const std::string said = answer();
  constexpr std::string_view kReady = "ready ";
  if (!said.starts_with(kReady)) throw std::runtime_error("PostgreSQL for tests " + said);
  directory_ = said.substr(kReady.size());
}

PostgresCluster::~PostgresCluster() {
  ::close(orders_);
  answer();  // until the keeper has cleared everything away
  ::close(answers_);
}

void PostgresCluster::order(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(orders_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error("the keeper of PostgreSQL is gone");
  }
  if (const std::string said = answer(); said != "ok") {
    throw std::runtime_error("PostgreSQL: " + command + " " + said);
  }
}

std::string PostgresCluster::answer() {
  std::string line;
  for (char c = 0; ::read(answers_, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

std::string PostgresCluster::database(const std::string& name) const {
  return "host=" + directory_ + " user=vardnav dbname=" + name;
}

std::string PostgresCluster::uri(const std::string& name, const std::string& user) const {
  return "postgresql://" + user + "@/" + name + "?host=" + directory_;
}

std::string PostgresCluster::run(const std::string& script, const std::string& database) const {
  const Connection connection(PQconnectdb(this->database(database).c_str()), PQfinish);
  const Answer answer(PQexec(connection.get(), script.c_str()), PQclear);
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

}  // namespace vardnav::test
