// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/cloud/api/http_client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <stdexcept>

namespace vardnav::test {
namespace {

HttpAnswer parseHeader(const std::string& text) {
  HttpAnswer answer;
  answer.status = std::stoi(text.substr(text.find(' ') + 1));
  std::size_t line = text.find("\r\n") + 2;
  while (line < text.size()) {
    const std::size_t end = text.find("\r\n", line);
    const std::size_t colon = text.find(':', line);
    if (end == line || colon == std::string::npos || colon > end) break;
    std::string name = text.substr(line, colon - line);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    answer.headers[name] = text.substr(colon + 2, end - colon - 2);
    line = end + 2;
  }
  return answer;
}

}  // namespace

HttpConnection::HttpConnection(std::uint16_t port)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  }
}

HttpConnection::~HttpConnection() { close(fd_); }

bool HttpConnection::send(const std::string& octets) {
  std::size_t sent = 0;
  while (sent < octets.size()) {
    const auto n = ::send(fd_, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool HttpConnection::readMore() {
  std::array<char, 4096> buffer{};
  const auto n = recv(fd_, buffer.data(), buffer.size(), 0);
  if (n <= 0) return false;
  pending_.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

std::string HttpConnection::receiveUntil(const std::string& text) {
  std::size_t found = 0;
  while ((found = pending_.find(text)) == std::string::npos) {
    if (!readMore()) return {};
  }
  const std::string all = pending_.substr(0, found + text.size());
  pending_.erase(0, found + text.size());
  return all;
}

HttpAnswer HttpConnection::receiveHeader() {
  const std::string header = receiveUntil("\r\n\r\n");
  return header.empty() ? HttpAnswer{} : parseHeader(header);
}

HttpAnswer HttpConnection::receive(bool isHead) {
  HttpAnswer answer = receiveHeader();
  const auto length = answer.headers.find("content-length");
  if (isHead || length == answer.headers.end()) return answer;
  const std::size_t wanted = std::stoul(length->second);
  while (pending_.size() < wanted && readMore()) {
  }
  answer.body = pending_.substr(0, wanted);
  pending_.erase(0, answer.body.size());
  return answer;
}

bool HttpConnection::isClosedByServer() {
  std::array<char, 4096> buffer{};
  while (true) {
    const auto n = recv(fd_, buffer.data(), buffer.size(), 0);
    if (n > 0) continue;
    return n == 0 || errno != EAGAIN;
  }
}

HttpAnswer ask(std::uint16_t port, const std::string& method, const std::string& target,
               const std::string& headers, const std::string& body) {
  HttpConnection connection(port);
  connection.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                  (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
                  "\r\n" + body);
  return connection.receive(method == "HEAD");
}

}  // namespace vardnav::test
