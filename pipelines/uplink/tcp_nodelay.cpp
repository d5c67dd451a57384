// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/tcp_nodelay.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

namespace vardnav::uplink {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype([](addrinfo* a) { freeaddrinfo(a); })>;

// An address without its port and scope: 4 octets or 16; IPv4 in IPv6 as 4.
std::vector<unsigned char> octetsOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof ipv4);
    std::vector<unsigned char> octets(sizeof ipv4.sin_addr);
    std::memcpy(octets.data(), &ipv4.sin_addr, octets.size());
    return octets;
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &address, sizeof ipv6);
    std::vector<unsigned char> octets(sizeof ipv6.sin6_addr);
    std::memcpy(octets.data(), &ipv6.sin6_addr, octets.size());
    if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) octets.erase(octets.begin(), octets.begin() + 12);
    return octets;
  }
  return {};
}

std::uint16_t portOf(const sockaddr_storage& address) {
  // The port stands at the same place in both families.
  sockaddr_in any{};
  std::memcpy(&any, &address, sizeof any);
  return ntohs(any.sin_port);
}

std::vector<std::vector<unsigned char>> resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const Addresses owned(found);
  std::vector<std::vector<unsigned char>> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    sockaddr_storage address{};
    std::memcpy(&address, each->ai_addr, each->ai_addrlen);
    addresses.push_back(octetsOf(address));
  }
  return addresses;
}

}  // namespace

int setTcpNoDelay(const std::string& host, std::uint16_t port) {
  const auto peers = resolve(host);
  int count = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const std::string name = entry.path().filename();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as the sockets API is
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) != 0) continue;
    const auto octets = octetsOf(peer);
    if (octets.empty() || portOf(peer) != port) continue;
    for (const auto& wanted : peers) {
      const int on = 1;
      if (wanted == octets && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0) {
        ++count;
        break;
      }
    }
  }
  return count;
}

}  // namespace vardnav::uplink
