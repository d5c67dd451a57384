// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/gatekeeper.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cloud/access/password.h"

namespace vardnav::cloud::access {
namespace {

constexpr std::size_t kTokenBytes = 32;

std::string newToken() {
  std::array<unsigned char, kTokenBytes> octets{};
  randombytes_buf(octets.data(), octets.size());
  std::array<char, 2 * kTokenBytes + 1> text{};
  sodium_bin2hex(text.data(), text.size(), octets.data(), octets.size());
  return {text.data(), 2 * kTokenBytes};
}

Sha256 hashOfToken(std::string_view token) {
  Sha256 hash{};
  const std::vector<unsigned char> octets(token.begin(), token.end());
  crypto_hash_sha256(hash.data(), octets.data(), octets.size());
  return hash;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace

bool isUsername(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._@-";
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool mayRead(const User& user, const TeamId& team) {
  return std::ranges::find(user.teams, team) != user.teams.end();
}

// One thread, one job at a time; what waits is bounded.
struct Gatekeeper::Worker {
  Worker() : thread([this] { run(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex);
      isStopping = true;
    }
    changed.notify_one();
    thread.join();
  }

  bool take(std::function<void()> job) {
    {
      const std::lock_guard lock(mutex);
      if (jobs.size() >= kMaxWaiting) return false;
      jobs.push_back(std::move(job));
    }
    changed.notify_one();
    return true;
  }

  void run() {
    while (true) {
      std::function<void()> job;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return isStopping || !jobs.empty(); });
        if (isStopping) return;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      job();
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> jobs;  // guarded by mutex
  bool isStopping = false;                 // guarded by mutex
  std::thread thread;
};

Gatekeeper::Gatekeeper(AccountStore& store, const Clock& clock, Post post)
    : store_(store), clock_(clock), post_(std::move(post)), log_(store) {}

Gatekeeper::~Gatekeeper() { *isAlive_ = false; }

Result<void> Gatekeeper::open() {
  if (auto opened = openPasswords(); !opened) return opened;
  auto hash = hashPassword(newToken());
  if (!hash) return std::unexpected(hash.error());
  dummyHash_ = std::move(*hash);
  const UtcTime now = clock_.utcNow();
  if (auto erased = store_.eraseSessions(now - kAbsolute, now - kIdle); !erased) return erased;
  if (auto opened = log_.open(); !opened) return opened;
  worker_ = std::make_unique<Worker>();
  return {};
}

void Gatekeeper::logIn(const std::string& username, std::string password,
                       const std::string& address, LoginDone done) {
  using Why = LoginRefusal::Why;
  if (!isUsername(username)) {  // nobody has such a name
    done(std::unexpected(LoginRefusal{Why::kWrong, {}}));
    return;
  }
  if (const auto wait = throttle_.admit(username, address, clock_.steadyNow())) {
    done(std::unexpected(LoginRefusal{Why::kTooMany, *wait}));
    return;
  }
  const auto account = store_.account(username);
  if (!account) {
    done(std::unexpected(LoginRefusal{Why::kUnavailable, {}}));
    return;
  }
  const bool isKnown = account->has_value();
  const auto attempt = std::make_shared<Attempt>(
      Attempt{username, std::move(password), address,
              isKnown ? (*account)->passwordHash : dummyHash_, isKnown, std::move(done)});
  const bool isTaken = worker_->take([this, attempt, isAlive = isAlive_, post = post_] {
    const bool isRight = isPasswordOf(attempt->hash, attempt->password) && attempt->isKnown;
    wipe(attempt->password);
    post([this, attempt, isAlive, isRight] {
      if (*isAlive) judge(attempt, isRight);
    });
  });
  if (!isTaken) attempt->done(std::unexpected(LoginRefusal{Why::kUnavailable, {}}));
}

void Gatekeeper::judge(const std::shared_ptr<Attempt>& attempt, bool isRight) {
  using Why = LoginRefusal::Why;
  const auto noted = note(attempt->username, action::kLogIn, attempt->address,
                          isRight ? outcome::kDone : outcome::kRefused);
  if (!isRight) {
    attempt->done(std::unexpected(LoginRefusal{Why::kWrong, {}}));
    return;
  }
  throttle_.succeeded(attempt->username, attempt->address);
  auto login = noted ? begin(attempt->username) : std::unexpected(noted.error());
  if (!login) {
    attempt->done(std::unexpected(LoginRefusal{Why::kUnavailable, {}}));
    return;
  }
  attempt->done(std::move(*login));
}

Result<Login> Gatekeeper::begin(const std::string& username) {
  const auto account = store_.account(username);
  if (!account) return std::unexpected(account.error());
  if (!*account) return fail(ErrorCode::kNotFound, "the account was removed meanwhile");
  const UtcTime now = clock_.utcNow();
  const std::string token = newToken();
  if (auto erased = store_.eraseSessions(now - kAbsolute, now - kIdle); !erased) {
    return std::unexpected(erased.error());
  }
  if (auto stored = store_.insertSession({hashOfToken(token), username, now, now}); !stored) {
    return std::unexpected(stored.error());
  }
  return Login{{(*account)->username, (*account)->name, (*account)->teams}, token};
}

Result<User> Gatekeeper::userOf(std::string_view token) {
  const auto ended = [] { return fail(ErrorCode::kPermission, "log in first"); };
  if (token.size() != 2 * kTokenBytes) return ended();
  const Sha256 hash = hashOfToken(token);
  const auto session = store_.session(hash);
  if (!session) return std::unexpected(session.error());
  if (!*session) return ended();
  const UtcTime now = clock_.utcNow();
  if (now >= (*session)->startedAt + kAbsolute || now >= (*session)->usedAt + kIdle) {
    if (auto erased = store_.eraseSession(hash); !erased) return std::unexpected(erased.error());
    return ended();
  }
  const auto account = store_.account((*session)->username);
  if (!account) return std::unexpected(account.error());
  if (!*account) return ended();
  if (now >= (*session)->usedAt + kUseNoted) {
    if (auto noted = store_.setSessionUsed(hash, now); !noted) {
      return std::unexpected(noted.error());
    }
  }
  return User{(*account)->username, (*account)->name, (*account)->teams};
}

Result<void> Gatekeeper::logOut(std::string_view token, const std::string& address) {
  if (token.size() != 2 * kTokenBytes) return {};
  const Sha256 hash = hashOfToken(token);
  const auto session = store_.session(hash);
  if (!session) return std::unexpected(session.error());
  if (!*session) return {};
  if (auto erased = store_.eraseSession(hash); !erased) return erased;
  return note((*session)->username, action::kLogOut, address, outcome::kDone);
}

Result<void> Gatekeeper::note(const std::string& username, std::string_view action,
                              const std::string& address, std::string_view outcome) {
  AccessEntry entry;
  entry.at = clock_.utcNow();
  entry.username = username;
  entry.action = action;
  entry.address = address;
  entry.outcome = outcome;
  return log_.append({&entry, 1});
}

}  // namespace vardnav::cloud::access
