// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/broker_probe.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "pipelines/model/clock.h"

namespace vardnav::uplink {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype([](addrinfo* a) { freeaddrinfo(a); })>;
using Context = std::unique_ptr<SSL_CTX, decltype([](SSL_CTX* c) { SSL_CTX_free(c); })>;
using Tls = std::unique_ptr<SSL, decltype([](SSL* s) { SSL_free(s); })>;

constexpr timeval kPatience{.tv_sec = 3, .tv_usec = 0};
// A broker that does not want our certificate says so after the handshake (TLS 1.3).
constexpr timeval kVerdictWait{.tv_sec = 0, .tv_usec = 300'000};

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }
  void wait(const timeval& patience) const {
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }

 private:
  int fd_;
};

std::string newestTlsError() {
  const unsigned long code = ERR_peek_last_error();
  // No code is a reset; both are the same to whoever reads it.
  const bool isClosed = code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  const char* reason = isClosed ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "connection closed" : reason;
}

bool isAddress(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::string handshake(const Socket& socket, const std::string& host, const TlsFiles& files) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_load_verify_locations(context.get(), files.ca.c_str(), nullptr) != 1 ||
      SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return "mqtt.ca, mqtt.certificate or mqtt.key can no longer be used (" + newestTlsError() + ")";
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const Tls tls(SSL_new(context.get()));
  if (isAddress(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), host.c_str());
  } else {
    SSL_set1_host(tls.get(), host.c_str());
    // The macro SSL_set_tlsext_host_name, without its old-style cast.
    SSL_ctrl(tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  }
  SSL_set_fd(tls.get(), socket.fd());
  if (SSL_connect(tls.get()) != 1) {
    const long verified = SSL_get_verify_result(tls.get());
    const std::string error = newestTlsError();
    if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
      return "the broker's certificate is not for '" + host +
             "': correct its address or the certificate";
    }
    if (verified == X509_V_ERR_CERT_HAS_EXPIRED || verified == X509_V_ERR_CERT_NOT_YET_VALID) {
      return std::string("the broker's certificate does not hold now (") +
             X509_verify_cert_error_string(verified) +
             "): renew it, or set the clock of this machine";
    }
    if (verified != X509_V_OK) {
      return std::string("the broker's certificate is not trusted (") +
             X509_verify_cert_error_string(verified) + "): mqtt.ca = " + files.ca +
             " must be the authority that signed it";
    }
    return "TLS with the broker failed (" + error + "): is mqtt.port its TLS port, and was " +
           files.certificate + " signed by an authority it knows?";
  }
  socket.wait(kVerdictWait);
  char octet = 0;
  if (SSL_read(tls.get(), &octet, 1) <= 0 && ERR_peek_last_error() != 0) {
    return "the broker refused mqtt.certificate = " + files.certificate + " (" + newestTlsError() +
           ")";
  }
  SSL_shutdown(tls.get());
  return {};
}

}  // namespace

std::string whyUnreachable(const ServerAddress& broker, const TlsFiles& files) {
  ERR_clear_error();
  if (auto valid = checkValidity(files, SystemClock().utcNow()); !valid) {
    return valid.error().context;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int rc =
          getaddrinfo(broker.host.c_str(), std::to_string(broker.port).c_str(), &hints, &found)) {
    return "no address for the broker '" + broker.host + "' (" + gai_strerror(rc) + ")";
  }
  const Addresses owned(found);
  std::string fault;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const Socket socket(
        ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol));
    socket.wait(kPatience);  // SO_SNDTIMEO bounds connect() too
    if (connect(socket.fd(), each->ai_addr, each->ai_addrlen) == 0) {
      return handshake(socket, broker.host, files);
    }
    fault = errno == EINPROGRESS ? "no answer" : std::strerror(errno);
  }
  return "no broker at " + toText(broker) + " (" + fault +
         "): start it, or correct its address (mqtt.host and mqtt.port, or mqtt.brokers)";
}

}  // namespace vardnav::uplink
