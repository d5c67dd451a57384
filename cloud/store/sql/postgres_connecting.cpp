// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How PostgresDatabase comes to a connection, and what it asks of the server before it uses one.
#include <libpq-fe.h>

#include <algorithm>

#include "cloud/store/sql/postgres_database.h"

namespace vardnav::cloud::sql {
namespace {

constexpr int kOldestServer = 150000;
/// Advisory lock of the one process that serves a database ("VCAR").
constexpr const char* kServing = "1447247186";

SteadyTime now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::steady_clock::now());
}

std::string oneLine(const char* text) {
  std::string line(text != nullptr ? text : "");
  while (!line.empty() && line.back() == '\n') line.pop_back();
  std::ranges::replace(line, '\n', ' ');
  return line;
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Result<void> checkParameters(const std::string& parameters) {
  char* fault = nullptr;
  const Options options(PQconninfoParse(parameters.c_str(), &fault));
  const std::string why = oneLine(fault);
  PQfreemem(fault);
  if (options == nullptr) {
    return fail(ErrorCode::kInvalidInput, "database is no PostgreSQL connection string: " + why);
  }
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) != "password" || option->val == nullptr) continue;
    return fail(ErrorCode::kInvalidInput,
                "database must not hold a password: put it in a file that only this user reads, "
                "and name that one with passfile=");
  }
  return {};
}

pg_conn* openConnection(const std::string& parameters) {
  // The later of two counts, so that what the operator writes stands. A server that went away
  // without a word is found out within half a minute.
  const char* keywords[] = {"application_name",
                            "connect_timeout",
                            "keepalives_idle",
                            "keepalives_interval",
                            "keepalives_count",
                            "tcp_user_timeout",
                            "dbname",
                            "client_encoding",
                            nullptr};
  const char* values[] = {"vardnav-care",     "5",    "10",   "5", "3", "20000",
                          parameters.c_str(), "UTF8", nullptr};
  return PQconnectdbParams(keywords, values, 1);
}

}  // namespace

Result<std::unique_ptr<PostgresDatabase>> PostgresDatabase::open(const std::string& connection,
                                                                 bool mustKeep) {
  if (auto sound = checkParameters(connection); !sound) return std::unexpected(sound.error());
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(connection, mustKeep));
  if (auto connected = database->connectNow(); !connected) {
    return std::unexpected(connected.error());
  }
  return database;
}

Result<void> PostgresDatabase::connect() {
  if (notBefore_ && now() < *notBefore_) {
    return fail(ErrorCode::kUnavailable, name_ + " is away");
  }
  auto connected = connectNow();
  if (connected) {
    notBefore_.reset();
    pause_ = kFirstPause;
  } else {
    notBefore_ = now() + pause_;
    pause_ = std::min(2 * pause_, kLongestPause);
  }
  return connected;
}

Result<void> PostgresDatabase::connectNow() {
  connection_.reset(openConnection(parameters_));
  prepared_.clear();
  if (connection_ == nullptr) return fail(ErrorCode::kStorage, "out of memory");
  const auto text = [](const char* found) { return std::string(found != nullptr ? found : ""); };
  name_ = "PostgreSQL database " + text(PQdb(connection_.get())) + " at " +
          text(PQhost(connection_.get()));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    const std::string why = oneLine(PQerrorMessage(connection_.get()));
    connection_.reset();
    return fail(ErrorCode::kUnavailable, name_ + " cannot be used (" + why +
                                             "): start the server, or correct database in the "
                                             "configuration");
  }
  auto ready = makeReady();
  if (ready && servesAlone_) ready = holdServing();
  if (!ready) connection_.reset();
  if (ready) backend_ = PQbackendPID(connection_.get());
  return ready;
}

Result<void> PostgresDatabase::makeReady() {
  if (PQserverVersion(connection_.get()) < kOldestServer) {
    return fail(ErrorCode::kUnavailable,
                name_ + " is served by PostgreSQL " +
                    std::to_string(PQserverVersion(connection_.get()) / 10000) +
                    ": 15 or newer is needed");
  }
  const auto refuse = [&](const char* what) {
    return fail(ErrorCode::kUnavailable, name_ + " " + what);
  };
  const auto encoding = askOne("SHOW server_encoding");
  if (!encoding) return std::unexpected(encoding.error());
  if (*encoding != "UTF8") return refuse("does not hold UTF-8: create it with ENCODING 'UTF8'");
  const auto sync = askOne("SHOW fsync");
  if (!sync) return std::unexpected(sync.error());
  if (mustKeep_ && *sync != "on")
    return refuse("would lose readings: set fsync=on in postgresql.conf");
  const auto writable = askOne("SHOW transaction_read_only");
  if (!writable) return std::unexpected(writable.error());
  if (*writable != "off") {
    return refuse(
        "is a standby or read-only: name the primary, or add "
        "target_session_attrs=read-write");
  }
  const auto commit = askOne("SHOW synchronous_commit");
  if (!commit) return std::unexpected(commit.error());
  std::string settings =
      "SET statement_timeout=25000; SET lock_timeout=5000;"
      " SET idle_in_transaction_session_timeout=60000; SET plan_cache_mode=force_generic_plan;"
      " SET bytea_output=hex; LISTEN vardnav_care;";
  if (*commit == "off") settings += " SET synchronous_commit=on;";
  hasChanged_ = true;
  const auto done = askScript(settings);
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<void> PostgresDatabase::serveAlone() {
  servesAlone_ = true;
  return holdServing();
}

Result<void> PostgresDatabase::holdServing() {
  const std::string lock = kServing;
  const auto held = askOne("SELECT pg_try_advisory_lock(" + lock + ")");
  if (!held) return std::unexpected(held.error());
  if (*held == "t") return {};
  if (backend_ != 0) {
    // Our own session before this one, whose end the server has not noticed yet.
    const auto ended = askOne(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
        " WHERE locktype='advisory' AND objid=" +
        lock + " AND pid=" + std::to_string(backend_));
    if (!ended) return std::unexpected(ended.error());
  }
  return fail(ErrorCode::kUnavailable,
              name_ + " is served by another vardnav-care: stop that one first");
}

}  // namespace vardnav::cloud::sql
