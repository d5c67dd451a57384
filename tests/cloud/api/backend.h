// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend behind a real port of the loopback: store, core, API and HTTP server, joined as
// vardnav-care joins them, but for the broker. What hubs send is handed to the core by the test.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "cloud/access/gatekeeper.h"
#include "cloud/api/api.h"
#include "cloud/api/event_feed.h"
#include "cloud/api/http_server.h"
#include "cloud/api/static_files.h"
#include "cloud/app/core_loop.h"
#include "cloud/store/sql_account_store.h"
#include "tests/cloud/api/http_client.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud::testing {

/// Moves only when told. Any thread.
class TestClock final : public Clock {
 public:
  UtcTime utcNow() const override { return at(0) + Milliseconds(passed_.load()); }
  SteadyTime steadyNow() const override { return SteadyTime(Milliseconds(passed_.load())); }
  void advance(Milliseconds by) { passed_ += by.count(); }

 private:
  std::atomic<Milliseconds::rep> passed_{60'000};
};

/// Users, all with the password "right": anna (teams copd and home), rut (copd), karin (home),
/// tove (tech, a technicians' desk).
class Backend {
 public:
  Backend();
  ~Backend();
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  std::uint16_t port() const { return server_->port(); }
  /// Runs on the core thread and waits for it.
  void onCore(const std::function<void()>& task);

  /// An alert of P1 on a glucose of 2.5 mmol/L, with its reading; number and sequence are the same.
  void raiseAlert(int number);
  void storeReading(int number, int tenths = 61);
  /// A line of a readings file, sent by the hub with its own times; `corrected` is revision 2.
  void storeLine(const std::string& line);
  /// A heartbeat with one fault; empty: with none.
  void reportFault(const std::string& kind);
  /// A signed set of these templates watches p-1's enrolment with team home from now on, by a
  /// glucose meter of his own.
  void watchBy(const std::vector<std::string>& templates);
  std::vector<access::LoggedAccess> accessLog();
  bool isAccessLogWhole();
  api::EventFeed& feed() { return *feed_; }  ///< on the core thread
  access::Gatekeeper& gate() { return *gate_; }
  std::vector<std::string> operations() const { return api_->operations(); }

  TestClock clock;
  std::atomic<int> plansChanged{0};

 private:
  TemporaryDirectory directory_;
  test::CareDatabase place_;
  std::uint64_t linesStored_ = 0;
  CoreLoop loop_;
  std::unique_ptr<sql::Database> database_;
  std::optional<store::SqlCareStore> careStore_;
  std::optional<store::SqlAccountStore> accounts_;
  std::optional<store::SqlReadModel> reads_;
  std::optional<access::Gatekeeper> gate_;
  std::optional<api::EventFeed> feed_;
  std::optional<CareCore> core_;
  api::StaticFiles files_;
  std::optional<api::Api> api_;
  std::optional<api::HttpServer> server_;
  std::thread coreThread_;
};

/// A logged-in browser.
class Browser {
 public:
  Browser(std::uint16_t port, const std::string& user);
  test::HttpAnswer get(const std::string& path, const std::string& headers = {}) const;
  test::HttpAnswer post(const std::string& path, const nlohmann::json& body) const;
  test::HttpAnswer remove(const std::string& path) const;
  nlohmann::json json(const std::string& path) const;
  const std::string& cookie() const { return cookie_; }

 private:
  std::uint16_t port_;
  std::string cookie_;
};

test::HttpAnswer logIn(std::uint16_t port, const std::string& user, const std::string& password,
                       const std::string& headers = {});

}  // namespace vardnav::cloud::testing
