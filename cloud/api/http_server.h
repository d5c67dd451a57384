// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// HTTP/1.1 with server-sent events, over Boost.Beast in one translation unit (it compiles slowly).
// One thread of its own; handlers run on it and must not block: they post their work and answer
// later, from any thread. Bounded everywhere: header, body, time, connections, and what a slow
// console may leave unread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::cloud::api {

struct Request {
  std::string method;                          ///< "GET"
  std::string path;                            ///< percent-decoded, without the query
  std::map<std::string, std::string> query;    ///< decoded; the first of a name counts
  std::map<std::string, std::string> headers;  ///< names in lower case; the first counts
  std::string body;
  std::string address;  ///< of the client: as the TLS proxy says, else of the peer

  /// Empty where there is none.
  std::string header(const std::string& lowerCaseName) const;
  std::optional<std::string> queryValue(const std::string& name) const;
  std::string cookie(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::string contentType = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A running text/event-stream. Any thread, but one sender at a time.
class EventStream {
 public:
  virtual ~EventStream() = default;
  /// One whole event, "id: …\nevent: …\ndata: …\n\n". False: the console is gone, or was let go
  /// because more than HttpLimits::unread would wait for it; it comes back with Last-Event-ID.
  virtual bool send(std::string event) = 0;
  /// Octets that the console has not taken yet. A sender with much to send waits while it is high.
  virtual std::size_t unread() const = 0;
  virtual void close() = 0;
  virtual bool isOpen() const = 0;
};

/// One request waiting for its answer. Any thread; exactly one of the two is called. An exchange
/// that is dropped unanswered answers 503.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void respond(Response response) = 0;
  virtual std::shared_ptr<EventStream> beginEvents() = 0;
};

struct HttpLimits {
  std::size_t header = 16 * 1024;
  std::size_t body = 64 * 1024;
  /// Of requests that takesLargeBody() names by method and path; so many are read at a time, and
  /// one more is answered 503. Empty: none is.
  std::size_t largeBody = std::size_t{2} * 1024 * 1024;
  std::size_t largeBodies = 4;
  std::function<bool(std::string_view method, std::string_view path)> takesLargeBody{};
  Milliseconds idle{30'000};        ///< to send a whole request, or to take an answer or what an
                                    ///< event stream has for it
  std::size_t connections = 800;    ///< below the usual limit of 1,024 descriptors
  std::size_t unread = 256 * 1024;  ///< octets queued for one event stream
  Milliseconds keepAlive{4'000};    ///< a comment on a silent event stream; consoles wait for 10 s
};

class HttpServer {
 public:
  using Handler = std::function<void(Request, std::shared_ptr<Exchange>)>;

  /// `headers` go out with every answer.
  HttpServer(Handler handler, std::vector<std::pair<std::string, std::string>> headers,
             HttpLimits limits = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Port 0 takes a free one. kUnavailable: in use.
  Result<void> listen(const std::string& address, std::uint16_t port);
  std::uint16_t port() const;  ///< after listen()
  void start();                ///< the thread
  /// Closes every connection and ends the thread; no handler is called after it returns.
  void stop();

  struct Impl;  // defined where Beast is

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace vardnav::cloud::api
