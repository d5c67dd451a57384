// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A real mosquitto with TLS, client certificates and the access list of the contract, on a free
// port of the loopback, with throw-away certificates; and a loop for what posts to one. For tests.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "pipelines/uplink/paho_connection.h"

namespace vardnav::test {

/// A folder that is gone afterwards.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

inline constexpr const char* kLoopback = "IP:127.0.0.1,DNS:localhost";

/// Runs the openssl command; throws where it fails.
void openssl(const std::string& arguments);

/// An authority and certificates signed by it, made with the openssl command.
class Authority {
 public:
  Authority(const Scratch& scratch, std::string name);
  /// For the loopback unless `alternativeName` says otherwise; valid for a day, or expired
  /// yesterday.
  uplink::TlsFiles issue(const std::string& commonName, bool isExpired = false,
                         const std::string& alternativeName = kLoopback) const;
  std::string certificate() const { return scratch_.path(name_ + ".crt"); }

 private:
  const Scratch& scratch_;
  std::string name_;
};

std::uint16_t freePort();

class Mosquitto {
 public:
  Mosquitto(const Scratch& scratch, const Authority& authority,
            const std::string& alternativeName = kLoopback);
  ~Mosquitto();
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  /// Returns when it accepts.
  void start();
  void kill();    ///< SIGKILL, waits for its end
  void freeze();  ///< SIGSTOP
  void thaw();    ///< SIGCONT
  std::uint16_t port() const { return port_; }

 private:
  std::string config_;
  std::uint16_t port_;
  pid_t pid_ = -1;
};

/// The loop thread of a test is the test's own.
class TestLoop {
 public:
  void post(std::function<void()> task);
  /// Runs what is posted until `isDone`; false after 20 s.
  bool runUntil(const std::function<bool()>& isDone);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
};

/// TCP_NODELAY of this process's connections to a loopback port: how many there are, how many
/// have it.
struct NoDelay {
  int connections = 0;
  int withIt = 0;
};
NoDelay noDelayTowards(std::uint16_t port);

}  // namespace vardnav::test
