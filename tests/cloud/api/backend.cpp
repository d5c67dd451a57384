// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/cloud/api/backend.h"

#include <fstream>
#include <stdexcept>

#include "cloud/access/password.h"
#include "rules/replay/readings_file.h"

namespace vardnav::cloud::testing {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().context);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace

Backend::Backend() {
  const std::string console = directory_.file("console");
  std::filesystem::create_directories(console);
  std::ofstream(console + "/index.html") << "<!doctype html>";
  must(files_.open(console));
  database_ = must(place_.open());
  must(store::SqlRegistryStore(*database_).upsert(registryOfTwoCareGivers()));
  careStore_.emplace(*database_);
  accounts_.emplace(*database_);
  reads_.emplace(*database_);
  must(access::openPasswords());
  const std::string hash = must(access::hashPassword("right"));
  const TeamId copd("copd");
  const TeamId home("home");
  must(accounts_->putAccount({"anna", "Anna Berg", hash, {copd, home}}));
  must(accounts_->putAccount({"rut", "Rut Region", hash, {copd}}));
  must(accounts_->putAccount({"karin", "Karin Kommun", hash, {home}}));
  must(accounts_->putAccount({"tove", "Tove Teknik", hash, {TeamId("tech")}}));
  const auto post = [this](std::function<void()> task) { loop_.post(std::move(task)); };
  gate_.emplace(*accounts_, clock, post);
  must(gate_->open());
  feed_.emplace(*reads_, *gate_, clock);
  core_.emplace(*careStore_, *feed_);
  feed_->attach(*core_);
  api_.emplace(api::Api::Parts{*core_, *reads_, *gate_, *feed_, clock, files_, post,
                               [] { return std::string_view("disconnected"); }, [] { return true; },
                               [this] { ++plansChanged; }});
  server_.emplace(
      [this](api::Request request, std::shared_ptr<api::Exchange> exchange) {
        api_->handle(std::move(request), std::move(exchange));
      },
      api::Api::securityHeaders(), api::HttpLimits{.takesLargeBody = &api::Api::takesLargeBody});
  must(server_->listen("127.0.0.1", 0));
  server_->start();
  coreThread_ = std::thread([this] {
    loop_.run([this]() -> std::optional<Milliseconds> {
      return feed_->catchUp() ? Milliseconds{5} : Milliseconds{1000};
    });
  });
}

Backend::~Backend() {
  loop_.quit();
  coreThread_.join();
  server_->stop();
}

void Backend::onCore(const std::function<void()>& task) {
  std::promise<void> done;
  loop_.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void Backend::raiseAlert(int number) {
  const Observation input = glucose(number, 0, 25);
  const auto sequence = static_cast<std::uint64_t>(number);
  onCore([&] {
    must(core_->ingest(
        HubId("hub-1"), "alert",
        message(
            wire::Stream::kAlert,
            {alertItem(sequence, verdictOn(input, Transition::kRaised, Priority::kP1), {input})}),
        clock.utcNow()));
  });
}

void Backend::storeReading(int number, int tenths) {
  onCore([&] {
    must(core_->ingest(
        HubId("hub-1"), "reading",
        message(wire::Stream::kReading,
                {readingItem(static_cast<std::uint64_t>(number), {glucose(number, 0, tenths)})}),
        clock.utcNow()));
  });
}

void Backend::storeLine(const std::string& line) {
  const auto parsed = rules::parseReadingLine(line);
  if (!parsed) throw std::runtime_error(parsed.error());
  Observation one = parsed->observation;
  one.reading = DigestBuilder().add(parsed->id).key();
  one.revision = parsed->isCorrected ? 2 : 1;
  one.person = PersonId("p-1");
  one.device = DeviceId("C0:FF:EE:00:00:01");
  const std::uint64_t sequence = 1000 + ++linesStored_;
  onCore([&] {
    must(core_->ingest(HubId("hub-1"), "reading",
                       message(wire::Stream::kReading, {readingItem(sequence, {one})}),
                       clock.utcNow()));
  });
}

void Backend::reportFault(const std::string& kind) {
  wire::Status status;
  status.hub = HubId("hub-1");
  status.epoch = EpochId("epoch-1");
  status.at = clock.utcNow();
  if (!kind.empty()) status.faults = {{kind, "", clock.utcNow(), "check the adapter"}};
  onCore(
      [&] { must(core_->ingest(HubId("hub-1"), "status", wire::encode(status), clock.utcNow())); });
}

std::vector<access::LoggedAccess> Backend::accessLog() {
  std::vector<access::LoggedAccess> log;
  onCore([&] { log = must(accounts_->accessAfter(0, 100'000)); });
  return log;
}

bool Backend::isAccessLogWhole() {
  bool isWhole = false;
  onCore([&] {
    access::AccessLog log(*accounts_);
    must(log.open());
    isWhole = !must(log.firstBroken());
  });
  return isWhole;
}

test::HttpAnswer logIn(std::uint16_t port, const std::string& user, const std::string& password,
                       const std::string& headers) {
  return test::ask(port, "POST", "/api/v1/session", "X-Vardnav-Request: 1\r\n" + headers,
                   nlohmann::json{{"username", user}, {"password", password}}.dump());
}

Browser::Browser(std::uint16_t port, const std::string& user) : port_(port) {
  const auto answer = logIn(port, user, "right");
  if (answer.status != 200) throw std::runtime_error("cannot log in: " + answer.body);
  const std::string& cookie = answer.headers.at("set-cookie");
  cookie_ = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
}

test::HttpAnswer Browser::get(const std::string& path, const std::string& headers) const {
  return test::ask(port_, "GET", "/api/v1" + path, cookie_ + headers);
}

test::HttpAnswer Browser::post(const std::string& path, const nlohmann::json& body) const {
  return test::ask(port_, "POST", "/api/v1" + path, cookie_ + "X-Vardnav-Request: 1\r\n",
                   body.dump());
}

test::HttpAnswer Browser::remove(const std::string& path) const {
  return test::ask(port_, "DELETE", "/api/v1" + path, cookie_ + "X-Vardnav-Request: 1\r\n");
}

nlohmann::json Browser::json(const std::string& path) const {
  return nlohmann::json::parse(get(path).body);
}

}  // namespace vardnav::cloud::testing
