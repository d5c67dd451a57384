// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Who is there and what they may see: logins, sessions, membership, and the record of all of it.
// Core thread only; passwords are hashed on a thread of its own, one at a time, so that neither
// the core nor HTTP waits for Argon2.
#pragma once

#include <condition_variable>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "cloud/access/access_log.h"
#include "cloud/access/account_store.h"
#include "cloud/access/login_throttle.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud::access {

struct User {
  std::string username;
  std::string name;
  std::vector<TeamId> teams;
};

/// 1–64 characters of [a-z0-9._@-].
bool isUsername(std::string_view text);

/// Membership: the only reason for which anybody sees anything.
bool mayRead(const User& user, const TeamId& team);

struct Login {
  User user;
  std::string token;  ///< 64 hexadecimal digits of 256 random bits; only the browser keeps it
};

struct LoginRefusal {
  enum class Why : std::uint8_t {
    kWrong,        ///< user or password; which of them is not told
    kTooMany,      ///< failed too often: try again after `wait`
    kUnavailable,  ///< store or worker cannot now
  };
  Why why = Why::kWrong;
  Milliseconds wait{0};
};

class Gatekeeper {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using LoginDone = std::function<void(std::expected<Login, LoginRefusal>)>;

  /// A shift with its hand-over.
  static constexpr Milliseconds kAbsolute = std::chrono::hours{12};
  /// An open event stream counts as use: a console that is watched must not go dark.
  static constexpr Milliseconds kIdle = std::chrono::minutes{60};
  /// How often, at most, use is written down.
  static constexpr Milliseconds kUseNoted = std::chrono::minutes{1};
  /// Logins waiting to be checked, at most.
  static constexpr std::size_t kMaxWaiting = 32;

  /// `post` runs a task on the core thread; called from the worker. All outlive this.
  Gatekeeper(AccountStore& store, const Clock& clock, Post post);
  ~Gatekeeper();
  Gatekeeper(const Gatekeeper&) = delete;
  Gatekeeper& operator=(const Gatekeeper&) = delete;

  Result<void> open();

  /// `done` is called on the core thread, once; not after destruction.
  void logIn(const std::string& username, std::string password, const std::string& address,
             LoginDone done);
  /// kPermission: no such session, or it has ended.
  Result<User> userOf(std::string_view token);
  /// Ending a session that is none is no error.
  Result<void> logOut(std::string_view token, const std::string& address);

  /// Must succeed before what it records is shown or done.
  Result<void> record(std::span<const AccessEntry> entries) { return log_.append(entries); }

 private:
  struct Attempt {
    std::string username;
    std::string password;
    std::string address;
    std::string hash;
    bool isKnown = false;
    LoginDone done;
  };
  struct Worker;

  void judge(const std::shared_ptr<Attempt>& attempt, bool isRight);
  Result<Login> begin(const std::string& username);
  Result<void> note(const std::string& username, std::string_view action,
                    const std::string& address, std::string_view outcome);

  AccountStore& store_;
  const Clock& clock_;
  Post post_;
  AccessLog log_;
  LoginThrottle throttle_;
  std::string dummyHash_;  ///< what an unknown user's password is checked against
  std::shared_ptr<bool> isAlive_ = std::make_shared<bool>(true);
  std::unique_ptr<Worker> worker_;
};

}  // namespace vardnav::cloud::access
