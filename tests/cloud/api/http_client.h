// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A plain HTTP client over a socket, for tests: what it sends is written out, well-formed or not.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace vardnav::test {

struct HttpAnswer {
  int status = 0;                              ///< 0: the server closed without an answer
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

class HttpConnection {
 public:
  explicit HttpConnection(std::uint16_t port);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// False: the server has closed.
  bool send(const std::string& octets);
  /// One answer with a length; `isHead`: without a body.
  HttpAnswer receive(bool isHead = false);
  /// Header of an answer that has no length.
  HttpAnswer receiveHeader();
  /// Reads until `text` has come, and gives all up to its end; empty: closed, or 20 s passed.
  std::string receiveUntil(const std::string& text);
  /// True: the server closes within 20 s, whatever it still sends.
  bool isClosedByServer();

 private:
  bool readMore();
  int fd_;
  std::string pending_;
};

/// One request on a connection of its own.
HttpAnswer ask(std::uint16_t port, const std::string& method, const std::string& target,
               const std::string& headers = {}, const std::string& body = {});

}  // namespace vardnav::test
