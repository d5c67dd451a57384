// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/http_server.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cloud/api/url.h"
#include "tests/cloud/api/http_client.h"

namespace vardnav::cloud::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Server : testing::Test {
  void TearDown() override { server.reset(); }
  void start(HttpServer::Handler handler, HttpLimits limits = {}) {
    server = std::make_unique<HttpServer>(
        std::move(handler),
        std::vector<std::pair<std::string, std::string>>{{"X-Content-Type-Options", "nosniff"}},
        limits);
    ASSERT_TRUE(server->listen("127.0.0.1", 0));
    server->start();
  }
  // Answers every request with what it understood of it.
  void startEcho(HttpLimits limits = {}) {
    start(
        [](const Request& request, const std::shared_ptr<Exchange>& exchange) {
          exchange->respond({200,
                             "text/plain",
                             request.method + " " + request.path + " " +
                                 std::to_string(request.body.size()) + " " + request.address,
                             {}});
        },
        limits);
  }
  // Gives the stream of each request to the test.
  void startStreams(HttpLimits limits = {}) {
    start(
        [this](const Request&, const std::shared_ptr<Exchange>& exchange) {
          const std::lock_guard lock(mutex);
          streams.push_back(exchange->beginEvents());
          changed.notify_all();
        },
        limits);
  }
  std::shared_ptr<EventStream> stream(std::size_t index) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds{20}, [&] { return streams.size() > index; });
    return streams.at(index);
  }
  std::uint16_t port() const { return server->port(); }

  std::unique_ptr<HttpServer> server;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<EventStream>> streams;  // guarded by mutex
};

bool becomesTrue(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_F(Server, AnswersOneRequestAfterAnotherOnAConnection) {
  startEcho();
  test::HttpConnection connection(port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        connection.send("POST /a%20b?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"));
    const auto answer = connection.receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /a b 4 127.0.0.1");
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
  }
}

TEST_F(Server, RefusesWhatIsTooLargeBeforeReadingAllOfIt) {
  startEcho({.header = 2048, .body = 1000});
  EXPECT_EQ(test::ask(port(), "GET", "/", "X: " + std::string(4000, 'x') + "\r\n").status, 431);
  EXPECT_EQ(test::ask(port(), "POST", "/", {}, std::string(1001, 'x')).status, 413);
  EXPECT_EQ(test::ask(port(), "POST", "/", {}, std::string(1000, 'x')).status, 200);
  test::HttpConnection announced(port());
  announced.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");
  EXPECT_EQ(announced.receive().status, 413);
  EXPECT_TRUE(announced.isClosedByServer());
  test::HttpConnection chunked(port());
  chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
               std::string(1001, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.receive().status, 413);
}

TEST_F(Server, TakesLargeBodiesWhereTheyAreExpectedAndFewAtATime) {
  startEcho({.body = 1000,
             .largeBody = 50'000,
             .largeBodies = 1,
             .takesLargeBody = [](std::string_view method, std::string_view path) {
               return method == "POST" && path == "/large";
             }});
  const auto statusOf = [&](const char* method, const char* path, std::size_t size) {
    return test::ask(port(), method, path, {}, std::string(size, 'x')).status;
  };
  EXPECT_EQ(statusOf("POST", "/large", 50'000), 200);
  EXPECT_EQ(statusOf("POST", "/large", 50'001), 413);
  EXPECT_EQ(statusOf("POST", "/larger", 1001), 413);
  EXPECT_EQ(statusOf("PUT", "/large", 1001), 413);
  test::HttpConnection chunked(port());
  chunked.send("POST /large HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nc351\r\n" +
               std::string(50'001, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.receive().status, 413);

  const std::string begun = "POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab";
  const auto comesTo = [&](int status) {
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
         std::chrono::steady_clock::now() < end;) {
      if (statusOf("POST", "/large", 2000) == status) return true;
    }
    return false;
  };
  {
    test::HttpConnection slow(port());
    slow.send(begun);
    EXPECT_TRUE(comesTo(503)) << "one is being read";
    slow.send("cde");
    EXPECT_EQ(slow.receive().status, 200);
    EXPECT_TRUE(comesTo(200));
    slow.send(begun);
    EXPECT_TRUE(comesTo(503));
  }
  EXPECT_TRUE(comesTo(200)) << "who hangs up gives his place back";
}

TEST_F(Server, RefusesWhatIsNoHttp) {
  startEcho();
  for (const std::string octets :
       {"rubbish\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    test::HttpConnection connection(port());
    connection.send(octets);
    EXPECT_EQ(connection.receive().status, 400) << octets;
    EXPECT_TRUE(connection.isClosedByServer());
  }
}

TEST_F(Server, ClosesOnWhoeverTakesTooLongToAsk) {
  startEcho({.idle = Milliseconds{500}});
  test::HttpConnection silent(port());
  test::HttpConnection slow(port());
  slow.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_TRUE(silent.isClosedByServer());
  EXPECT_TRUE(slow.isClosedByServer());
  EXPECT_EQ(test::ask(port(), "GET", "/").status, 200);
}

TEST_F(Server, TakesNoMoreConnectionsThanItMay) {
  startEcho({.connections = 2});
  test::HttpConnection one(port());
  test::HttpConnection two(port());
  one.send(kGet);
  two.send(kGet);
  EXPECT_EQ(one.receive().status, 200);
  EXPECT_EQ(two.receive().status, 200);
  test::HttpConnection three(port());
  EXPECT_TRUE(three.isClosedByServer());
  one.send(kGet);
  EXPECT_EQ(one.receive().status, 200);
}

TEST_F(Server, TakesAnAnswerFromAnyThreadAndAnswersForWhoForgets) {
  std::vector<std::thread> threads;
  start([&](const Request& request, std::shared_ptr<Exchange> exchange) {
    if (request.path == "/forget") return;
    threads.emplace_back([exchange = std::move(exchange)] {
      exchange->respond({200, "text/plain", "late", {}});
      exchange->respond({500, "text/plain", "twice", {}});
    });
  });
  EXPECT_EQ(test::ask(port(), "GET", "/").body, "late");
  EXPECT_EQ(test::ask(port(), "GET", "/forget").status, 503);
  server->stop();
  for (std::thread& thread : threads) thread.join();
}

TEST_F(Server, MayEndBeforeItsExchangesAndStreams) {
  std::vector<std::shared_ptr<Exchange>> kept;
  std::vector<std::shared_ptr<EventStream>> keptStreams;
  std::atomic<int> taken = 0;
  start([&](const Request& request, std::shared_ptr<Exchange> exchange) {
    if (request.path == "/events") keptStreams.push_back(exchange->beginEvents());
    kept.push_back(std::move(exchange));
    ++taken;
  });
  test::HttpConnection one(port());
  test::HttpConnection two(port());
  one.send(kGet);
  two.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(becomesTrue([&] { return taken == 2; }));
  server.reset();
  for (const auto& exchange : kept) exchange->respond({200, "text/plain", "nobody", {}});
  EXPECT_FALSE(keptStreams.at(0)->send("data: nobody\n\n"));
  EXPECT_FALSE(keptStreams.at(0)->isOpen());
}

TEST_F(Server, AnswersHeadWithTheLengthAlone) {
  startEcho();
  test::HttpConnection connection(port());
  connection.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = connection.receive(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "18");
  connection.send(kGet);
  EXPECT_EQ(connection.receive().body, "GET / 0 127.0.0.1");
}

TEST_F(Server, KnowsTheClientBehindAProxy) {
  startEcho();
  EXPECT_THAT(test::ask(port(), "GET", "/", "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n").body,
              testing::EndsWith(" 192.0.2.7"));
  EXPECT_THAT(
      test::ask(port(), "GET", "/", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.7\r\n")
          .body,
      testing::EndsWith(" 192.0.2.7"));
}

TEST_F(Server, SaysThatItsPortIsInUse) {
  startEcho();
  HttpServer second([](const Request&, const std::shared_ptr<Exchange>&) {}, {});
  const auto listening = second.listen("127.0.0.1", port());
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(listening.error().context,
              testing::AllOf(HasSubstr(std::to_string(port())), HasSubstr("in use")));
}

TEST_F(Server, StreamsEventsAsTheyCome) {
  startStreams();
  test::HttpConnection console(port());
  console.send(kGet);
  const auto header = console.receiveHeader();
  EXPECT_EQ(header.status, 200);
  EXPECT_EQ(header.headers.at("content-type"), "text/event-stream");
  EXPECT_EQ(header.headers.at("cache-control"), "no-store");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(stream(0)->send("id: " + std::to_string(i) + "\ndata: å\n\n"));
    EXPECT_EQ(console.receiveUntil("\n\n"), "id: " + std::to_string(i) + "\ndata: å\n\n");
  }
  EXPECT_TRUE(becomesTrue([&] { return stream(0)->unread() == 0; }));
  stream(0)->close();
  EXPECT_TRUE(console.isClosedByServer());
}

TEST_F(Server, SendsACommentOnASilentStream) {
  startStreams({.keepAlive = Milliseconds{20}});
  test::HttpConnection console(port());
  console.send(kGet);
  console.receiveHeader();
  EXPECT_EQ(console.receiveUntil(":\n\n"), ":\n\n");
  EXPECT_EQ(console.receiveUntil(":\n\n"), ":\n\n");
}

TEST_F(Server, NoticesThatAConsoleHasGone) {
  startStreams();
  {
    test::HttpConnection console(port());
    console.send(kGet);
    console.receiveHeader();
    EXPECT_TRUE(stream(0)->isOpen());
  }
  EXPECT_TRUE(becomesTrue([&] { return !stream(0)->isOpen(); }));
  EXPECT_FALSE(stream(0)->send("data: x\n\n"));
}

TEST_F(Server, LetsAConsoleGoThatDoesNotReadAndServesTheOthers) {
  startStreams({.idle = Milliseconds{1000}, .unread = 64 * 1024});
  test::HttpConnection slow(port());
  slow.send(kGet);
  slow.receiveHeader();
  const std::string event = "data: " + std::string(8000, 'x') + "\n\n";
  // Until the socket's own buffers are full and the bound is reached.
  int sent = 0;
  ASSERT_TRUE(becomesTrue([&] {
    if (stream(0)->send(event)) ++sent;
    return !stream(0)->isOpen();
  }));
  EXPECT_LE(stream(0)->unread(), 64U * 1024U);
  test::HttpConnection other(port());
  other.send(kGet);
  other.receiveHeader();
  ASSERT_TRUE(stream(1)->send("data: y\n\n"));
  EXPECT_EQ(other.receiveUntil("\n\n"), "data: y\n\n");
}

// A sender that watches unread() never reaches the bound: the time without progress decides.
TEST_F(Server, LetsAConsoleGoThatStopsReading) {
  startStreams({.idle = Milliseconds{500}, .unread = 64 * 1024});
  test::HttpConnection slow(port());
  slow.send(kGet);
  slow.receiveHeader();
  const std::string event = "data: " + std::string(8000, 'x') + "\n\n";
  EXPECT_TRUE(becomesTrue([&] {
    if (stream(0)->unread() < 32U * 1024U) stream(0)->send(event);
    return !stream(0)->isOpen();
  }));
}

TEST_F(Server, KeepsASilentStreamOpenLongerThanARequestMayTake) {
  startStreams({.idle = Milliseconds{300}, .keepAlive = Milliseconds{60}});
  test::HttpConnection console(port());
  console.send(kGet);
  console.receiveHeader();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(console.receiveUntil(":\n\n"), ":\n\n") << i;
  EXPECT_TRUE(stream(0)->isOpen());
}

TEST(PlainText, IsWellFormedUtf8WithoutControlCharacters) {
  for (const char* text : {"", "/a~", "\xC3\xA5", "\xDF\xBF", "\xE0\xA0\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(isPlainText(text)) << text;
  }
  for (const char* octets : {"\x1F", "\x7F", "\n", "\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(",
                             "\xE0\x9F\xBF", "\xED\xA0\x80", "\xEF\xBF", "\xF0\x8F\xBF\xBF",
                             "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF\xFE"}) {
    EXPECT_FALSE(isPlainText(octets)) << octets;
  }
  EXPECT_FALSE(isPlainText(std::string("a\0b", 3)));
}

TEST(Target, IsTakenApart) {
  const Target target = parseTarget("/a%2Fb/%c3%A5?x=1+2&y=%26&x=3&flag&=z#part");
  EXPECT_EQ(target.path, "/a/b/å");
  EXPECT_EQ(target.query.at("x"), "1 2");
  EXPECT_EQ(target.query.at("y"), "&");
  EXPECT_EQ(target.query.at("flag"), "");
  EXPECT_EQ(parseTarget("").path, "/");
  EXPECT_EQ(parseTarget("http://host/x").path, "/");
  EXPECT_EQ(parseTarget("/%").path, "/%");
  EXPECT_EQ(parseTarget("/%4").path, "/%4");
  EXPECT_EQ(parseTarget("/%zz").path, "/%zz");
}

TEST(Cookie, IsFoundByItsWholeName) {
  EXPECT_EQ(cookieValue("a=1; vardnav_session=x; b=2", "vardnav_session"), "x");
  EXPECT_EQ(cookieValue("not_vardnav_session=x", "vardnav_session"), "");
  EXPECT_EQ(cookieValue("vardnav_session_2=x;vardnav_session=y", "vardnav_session"), "y");
  EXPECT_EQ(cookieValue("", "vardnav_session"), "");
  EXPECT_EQ(cookieValue("vardnav_session", "vardnav_session"), "");
}

TEST(ClientAddress, IsTheLastOneOrThePeer) {
  EXPECT_EQ(clientAddress("", "127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(clientAddress("192.0.2.1", "127.0.0.1"), "192.0.2.1");
  EXPECT_EQ(clientAddress("1.1.1.1, 2.2.2.2,2001:db8::1 ", "127.0.0.1"), "2001:db8::1");
  EXPECT_EQ(clientAddress("192.0.2.1, rubbish\n", "127.0.0.1"), "127.0.0.1");
}

}  // namespace
}  // namespace vardnav::cloud::api
