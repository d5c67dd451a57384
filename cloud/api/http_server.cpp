// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Longer than most: Beast compiles slowly, so all of it is in one unit.
#include "cloud/api/http_server.h"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <set>
#include <thread>
#include <utility>

#include "cloud/api/url.h"

namespace vardnav::cloud::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Wire = http::request_parser<http::string_body>;

constexpr Milliseconds kAcceptPause{100};
// Beside a whole header. Beast bounds header and body, but neither the extensions of a chunk nor
// the trailer: the buffer does.
constexpr std::size_t kReadAhead = 4096;

std::string toStdString(beast::string_view text) { return {text.data(), text.size()}; }

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

// RFC 9110 section 5.6.7: "Tue, 24 Nov 2026 10:03:06 GMT".
std::string httpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 40> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), length};
}

Request toRequest(http::request<http::string_body>&& message, const std::string& peer) {
  Request request;
  request.method = toStdString(message.method_string());
  Target target = parseTarget(toStdString(message.target()));
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  for (const auto& field : message) {
    const auto [it, isNew] = request.headers.emplace(lower(toStdString(field.name_string())),
                                                     toStdString(field.value()));
    if (!isNew && it->first == "x-forwarded-for") it->second += "," + toStdString(field.value());
  }
  request.body = std::move(message.body());
  request.address = clientAddress(request.header("x-forwarded-for"), peer);
  return request;
}

}  // namespace

class Connection;

struct HttpServer::Impl : std::enable_shared_from_this<HttpServer::Impl> {
  Handler handler;
  std::vector<std::pair<std::string, std::string>> headers;
  HttpLimits limits;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer acceptPause{io};
  std::thread thread;
  std::set<std::shared_ptr<Connection>> connections;  // HTTP thread only
  std::size_t largeBodies = 0;                        // being read; HTTP thread only
  bool isStopping = false;                            // HTTP thread only

  void accept();
  void admit(tcp::socket socket);
};

// What an event stream's two ends share.
struct StreamState {
  std::atomic<bool> isOpen{true};
  std::atomic<std::size_t> unread{0};
};

// One connection: requests in turn, or an event stream until its end. HTTP thread only, but for
// the outer ends (ConnectionExchange, ConnectionEvents), which post here.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(HttpServer::Impl& server, tcp::socket socket)
      : server_(server),
        stream_(std::move(socket)),
        keepAlive_(server.io),
        buffer_(server.limits.header + kReadAhead) {
    boost::system::error_code ignored;
    const auto peer = stream_.socket().remote_endpoint(ignored);
    if (!ignored) address_ = peer.address().to_string();
  }

  void read();
  void answer(Response response);
  void beginEvents(std::shared_ptr<StreamState> state);
  void queueEvent(std::string event);  ///< counted in the state's unread already
  void close();

 private:
  void readBody();
  void failed(boost::system::error_code error);
  void dispatch();
  void write(http::response<http::string_body> message);
  void refuse(http::status status, const char* title);
  void prepare(http::response<http::string_body>& message) const;
  void pumpEvents();
  void scheduleKeepAlive();
  void watchForEnd();

  HttpServer::Impl& server_;
  beast::tcp_stream stream_;
  asio::steady_timer keepAlive_;
  beast::flat_buffer buffer_;
  std::optional<Wire> parser_;
  std::optional<http::response<http::string_body>> response_;
  std::string address_;
  bool keepsAlive_ = false;
  bool isHead_ = false;
  bool isLarge_ = false;  ///< one of the server's large bodies
  std::shared_ptr<StreamState> events_;
  std::string queued_;
  std::string writing_;  ///< empty: nothing is being written
};

namespace {

class ConnectionEvents final : public EventStream {
 public:
  ConnectionEvents(const std::shared_ptr<HttpServer::Impl>& server,
                   const std::shared_ptr<Connection>& connection,
                   std::shared_ptr<StreamState> state)
      : server_(server), connection_(connection), state_(std::move(state)) {}
  ~ConnectionEvents() override { close(); }
  ConnectionEvents(const ConnectionEvents&) = delete;
  ConnectionEvents& operator=(const ConnectionEvents&) = delete;

  bool send(std::string event) override {
    const auto server = server_.lock();
    const auto connection = connection_.lock();
    if (!isOpen() || !server || !connection) return false;
    if (state_->unread.load() + event.size() > server->limits.unread) {
      close();
      return false;
    }
    state_->unread += event.size();
    asio::post(server->io, [connection, event = std::move(event)]() mutable {
      connection->queueEvent(std::move(event));
    });
    return true;
  }
  std::size_t unread() const override { return state_->unread.load(); }
  void close() override {
    const auto server = server_.lock();
    const auto connection = connection_.lock();
    if (!state_->isOpen.exchange(false) || !server || !connection) return;
    asio::post(server->io, [connection] { connection->close(); });
  }
  bool isOpen() const override { return state_->isOpen.load(); }

 private:
  std::weak_ptr<HttpServer::Impl> server_;
  std::weak_ptr<Connection> connection_;
  std::shared_ptr<StreamState> state_;
};

class ConnectionExchange final : public Exchange {
 public:
  ConnectionExchange(std::shared_ptr<HttpServer::Impl> server,
                     std::shared_ptr<Connection> connection)
      : server_(std::move(server)), connection_(std::move(connection)) {}
  ~ConnectionExchange() override {
    if (!isAnswered_.exchange(true)) {
      post({503,
            "application/problem+json",
            R"({"type":"about:blank","title":"Service unavailable","status":503})",
            {}});
    }
  }
  ConnectionExchange(const ConnectionExchange&) = delete;
  ConnectionExchange& operator=(const ConnectionExchange&) = delete;

  void respond(Response response) override {
    if (!isAnswered_.exchange(true)) post(std::move(response));
  }
  std::shared_ptr<EventStream> beginEvents() override {
    auto state = std::make_shared<StreamState>();
    auto events = std::make_shared<ConnectionEvents>(server_, connection_, state);
    if (!isAnswered_.exchange(true)) {
      asio::post(server_->io, [connection = connection_, state]() mutable {
        connection->beginEvents(std::move(state));
      });
    }
    return events;
  }

 private:
  void post(Response response) {
    asio::post(server_->io, [connection = connection_, response = std::move(response)]() mutable {
      connection->answer(std::move(response));
    });
  }

  std::shared_ptr<HttpServer::Impl> server_;  // first: an exchange may outlive the server
  std::shared_ptr<Connection> connection_;
  std::atomic<bool> isAnswered_{false};
};

}  // namespace

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(server_.limits.header));
  parser_->body_limit(std::max(server_.limits.body, server_.limits.largeBody));
  stream_.expires_after(server_.limits.idle);  // for the whole request
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
        if (error) {
          self->failed(error);
        } else {
          self->readBody();
        }
      });
}

// How much may come depends on what it is for.
void Connection::readBody() {
  const HttpLimits& limits = server_.limits;
  const auto& message = parser_->get();
  const std::string path = parseTarget(toStdString(message.target())).path;
  const bool mayBeLarge =
      limits.takesLargeBody && limits.takesLargeBody(toStdString(message.method_string()), path);
  const std::size_t limit = mayBeLarge ? limits.largeBody : limits.body;
  const auto length = parser_->content_length();
  if (length && *length > limit) {
    return refuse(http::status::payload_too_large, "Body too large");
  }
  if (mayBeLarge) {
    if (server_.largeBodies >= limits.largeBodies) {
      return refuse(http::status::service_unavailable, "Not available now");
    }
    ++server_.largeBodies;
    isLarge_ = true;
  }
  parser_->body_limit(limit);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                     if (self->isLarge_) --self->server_.largeBodies;
                     self->isLarge_ = false;
                     if (error) {
                       self->failed(error);
                     } else {
                       self->dispatch();
                     }
                   });
}

void Connection::failed(boost::system::error_code error) {
  if (error == http::error::body_limit) {
    refuse(http::status::payload_too_large, "Body too large");
  } else if (error == http::error::header_limit) {
    refuse(http::status::request_header_fields_too_large, "Header too large");
  } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    refuse(http::status::bad_request, "Malformed request");
  } else {
    close();
  }
}

void Connection::dispatch() {
  auto message = parser_->release();
  keepsAlive_ = message.keep_alive();
  isHead_ = message.method() == http::verb::head;
  stream_.expires_never();  // the answer may take its time; it is bounded by its maker
  auto exchange =
      std::make_shared<ConnectionExchange>(server_.shared_from_this(), shared_from_this());
  server_.handler(toRequest(std::move(message), address_), std::move(exchange));
}

void Connection::prepare(http::response<http::string_body>& message) const {
  message.set(http::field::date, httpDate());  // consoles with a wrong clock reckon by it
  for (const auto& [name, value] : server_.headers) message.set(name, value);
}

void Connection::answer(Response response) {
  http::response<http::string_body> message{static_cast<http::status>(response.status), 11};
  prepare(message);
  if (!response.contentType.empty()) message.set(http::field::content_type, response.contentType);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.body() = std::move(response.body);
  message.keep_alive(keepsAlive_);
  write(std::move(message));
}

void Connection::refuse(http::status status, const char* title) {
  keepsAlive_ = false;
  answer({static_cast<unsigned>(status),
          "application/problem+json",
          std::string(R"({"type":"about:blank","title":")") + title + R"(","status":)" +
              std::to_string(static_cast<unsigned>(status)) + "}",
          {}});
}

void Connection::write(http::response<http::string_body> message) {
  const bool hasBody = message.result() != http::status::no_content &&
                       message.result() != http::status::not_modified;
  if (hasBody) message.prepare_payload();
  if (isHead_) message.body().clear();  // the length stays that of the GET
  response_ = std::move(message);
  stream_.expires_after(server_.limits.idle);
  http::async_write(stream_, *response_,
                    [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                      if (error || !self->keepsAlive_) {
                        self->close();
                      } else {
                        self->read();
                      }
                    });
}

void Connection::beginEvents(std::shared_ptr<StreamState> state) {
  events_ = std::move(state);
  http::response<http::string_body> head{http::status::ok, 11};
  prepare(head);
  head.set(http::field::content_type, "text/event-stream");
  head.set(http::field::cache_control, "no-store");
  head.keep_alive(false);
  // Without a length: the stream ends with the connection.
  std::string text = "HTTP/1.1 200 OK\r\n";
  for (const auto& field : head) {
    text += toStdString(field.name_string()) + ": " + toStdString(field.value()) + "\r\n";
  }
  stream_.expires_never();
  watchForEnd();  // before the first write: a pending read keeps its own time, which is none
  text += "\r\n";
  events_->unread += text.size();
  queueEvent(std::move(text));
  scheduleKeepAlive();
}

// A console sends nothing more; reading shows when it goes, and what comes is dropped.
void Connection::watchForEnd() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(256), [self = shared_from_this()](
                                                    boost::system::error_code error, std::size_t) {
    if (error) {
      self->close();
    } else {
      self->watchForEnd();
    }
  });
}

void Connection::scheduleKeepAlive() {
  keepAlive_.expires_after(server_.limits.keepAlive);
  keepAlive_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (error || !self->events_->isOpen) return;
    if (self->writing_.empty()) {
      self->events_->unread += 3;
      self->queueEvent(":\n\n");
    }
    self->scheduleKeepAlive();
  });
}

void Connection::queueEvent(std::string event) {
  if (!events_ || !stream_.socket().is_open()) return;
  queued_ += event;
  if (writing_.empty()) pumpEvents();
}

// All that waits goes out at once. A console that does not take it in time is let go.
void Connection::pumpEvents() {
  if (queued_.empty()) return;
  writing_.swap(queued_);
  stream_.expires_after(server_.limits.idle);
  asio::async_write(stream_, asio::buffer(writing_),
                    [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                      if (error) {
                        self->close();
                        return;
                      }
                      self->events_->unread -= self->writing_.size();
                      self->writing_.clear();
                      self->pumpEvents();
                    });
}

void Connection::close() {
  if (events_) events_->isOpen = false;
  keepAlive_.cancel();
  boost::system::error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.socket().close(ignored);
  server_.connections.erase(shared_from_this());
}

void HttpServer::Impl::accept() {
  acceptor.async_accept(
      [self = shared_from_this()](boost::system::error_code error, tcp::socket socket) {
        if (self->isStopping || error == asio::error::operation_aborted) return;
        if (!error) {
          self->admit(std::move(socket));
          self->accept();
          return;
        }
        // No descriptor left, most likely: at once again would only burn the processor.
        self->acceptPause.expires_after(kAcceptPause);
        self->acceptPause.async_wait([self](boost::system::error_code ended) {
          if (!ended && !self->isStopping) self->accept();
        });
      });
}

void HttpServer::Impl::admit(tcp::socket socket) {
  if (connections.size() >= limits.connections) return;  // closed by its destructor
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connections.insert(connection);
  connection->read();
}

HttpServer::HttpServer(Handler handler, std::vector<std::pair<std::string, std::string>> headers,
                       HttpLimits limits)
    : impl_(std::make_shared<Impl>()) {
  impl_->handler = std::move(handler);
  impl_->headers = std::move(headers);
  impl_->limits = limits;
}

HttpServer::~HttpServer() { stop(); }

Result<void> HttpServer::listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto host = asio::ip::make_address(address, error);
  if (error)
    return fail(ErrorCode::kInvalidInput, "'" + address + "' is no address: use 127.0.0.1");
  const tcp::endpoint endpoint(host, port);
  impl_->acceptor.open(endpoint.protocol(), error);
  if (!error) impl_->acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) impl_->acceptor.bind(endpoint, error);
  if (!error) impl_->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return fail(ErrorCode::kUnavailable, "cannot listen on " + address + " port " +
                                           std::to_string(port) + ": " + error.message());
}

std::uint16_t HttpServer::port() const {
  boost::system::error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

void HttpServer::start() {
  impl_->accept();
  impl_->thread = std::thread([impl = impl_] { impl->io.run(); });
}

void HttpServer::stop() {
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->io, [impl = impl_] {
    impl->isStopping = true;
    boost::system::error_code ignored;
    impl->acceptor.close(ignored);
    impl->acceptPause.cancel();
    const auto open = impl->connections;
    for (const auto& connection : open) connection->close();
    // Not io.stop(): what is under way is told that it has ended, and lets go of the server. The
    // thread ends when nothing is left.
  });
  impl_->thread.join();
  impl_->connections.clear();
}

}  // namespace vardnav::cloud::api
