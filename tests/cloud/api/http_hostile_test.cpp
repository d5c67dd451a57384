// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Clients that mean no good, and what is left behind when the server ends among them.
#include <gmock/gmock.h>

#include <memory>

#include "cloud/api/http_server.h"
#include "tests/cloud/api/http_client.h"

namespace vardnav::cloud::api {
namespace {

constexpr const char* kChunked =
    "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";

struct HostileClient : testing::Test {
  void SetUp() override {
    server = std::make_unique<HttpServer>(
        [this](const Request& request, const std::shared_ptr<Exchange>& exchange) {
          if (request.path == "/events") {
            stream = exchange->beginEvents();
            stream->send(": still here\n\n");
          } else {
            exchange->respond({200, "text/plain", "fine", {}});
          }
        },
        std::vector<std::pair<std::string, std::string>>{});
    ASSERT_TRUE(server->listen("127.0.0.1", 0));
    server->start();
  }
  // How much is taken before the server closes.
  std::size_t pour(const std::string& start, const std::string& unit) const {
    constexpr std::size_t kEnough = 32U * 1024 * 1024;
    test::HttpConnection connection(server->port());
    connection.send(start);
    std::size_t taken = 0;
    while (taken < kEnough && connection.send(unit)) taken += unit.size();
    return taken;
  }
  void TearDown() override { server.reset(); }

  std::unique_ptr<HttpServer> server;
  std::shared_ptr<EventStream> stream;
};

// What the kernel holds of a loopback connection is a few MiB.
constexpr std::size_t kKernelsShare = 16U * 1024 * 1024;

TEST_F(HostileClient, FillsNoMemoryWithTheExtensionOfAChunk) {
  EXPECT_LT(pour(std::string(kChunked) + "1;", std::string(65536, 'a')), kKernelsShare);
}

TEST_F(HostileClient, FillsNoMemoryWithATrailer) {
  EXPECT_LT(pour(std::string(kChunked) + "0\r\n", "a: " + std::string(65536, 'b') + "\r\n"),
            kKernelsShare);
}

TEST_F(HostileClient, FillsNoMemoryWithTinyChunks) {
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "1\r\na\r\n";
  EXPECT_LT(pour(kChunked, chunks), kKernelsShare);
}

TEST_F(HostileClient, IsServedAHeaderAndABodyUpToTheirLimits) {
  const HttpLimits limits;
  const std::string name = "X-Long: ";
  const std::string header = name + std::string(limits.header - 512, 'x') + "\r\n";
  const auto answer = test::ask(server->port(), "POST", "/", header, std::string(limits.body, 'b'));
  EXPECT_EQ(answer.status, 200);
}

TEST_F(HostileClient, MayTalkIntoItsEventStream) {
  test::HttpConnection connection(server->port());
  // A long header first: the server reads as much at once as it then has room for.
  connection.send("GET / HTTP/1.1\r\nX-Long: " + std::string(15'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 200);
  connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n" + std::string(65536, 'x'));
  EXPECT_EQ(connection.receiveHeader().status, 200);
  connection.send(std::string(65536, 'y'));
  EXPECT_EQ(connection.receiveUntil(": still here"), ": still here");
}

TEST(EndedServer, LeavesNothingBehind) {
  const auto handlers = std::make_shared<int>(0);
  const std::weak_ptr<int> left = handlers;
  {
    std::shared_ptr<Exchange> unanswered;
    HttpServer server(
        [held = handlers, &unanswered](const Request& request, std::shared_ptr<Exchange> exchange) {
          if (request.path == "/wait") {
            unanswered = std::move(exchange);
          } else {
            exchange->respond({200, "text/plain", "fine", {}});
          }
        },
        {});
    ASSERT_TRUE(server.listen("127.0.0.1", 0));
    server.start();
    test::HttpConnection waiting(server.port());
    waiting.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
    test::HttpConnection half(server.port());
    half.send("GET / HT");
    EXPECT_EQ(test::ask(server.port(), "GET", "/").status, 200);
    server.stop();
  }
  // The handler holds what it uses; the server has gone when nobody holds the handler.
  EXPECT_EQ(left.use_count(), 1);
}

}  // namespace
}  // namespace vardnav::cloud::api
