// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/login_throttle.h"

#include <algorithm>

namespace vardnav::cloud::access {

std::vector<LoginThrottle::Limit> LoginThrottle::limitsOf(const std::string& user,
                                                          const std::string& address) {
  // The separator cannot stand in a user name or an address.
  return {{"both\n" + user + "\n" + address, kPerUserAndAddress},
          {"user\n" + user, kPerUser},
          {"address\n" + address, kPerAddress}};
}

void LoginThrottle::forgetBefore(SteadyTime start) {
  for (auto it = attempts_.begin(); it != attempts_.end();) {
    std::erase_if(it->second, [&](SteadyTime at) { return at <= start; });
    it = it->second.empty() ? attempts_.erase(it) : std::next(it);
  }
}

std::optional<Milliseconds> LoginThrottle::admit(const std::string& user,
                                                 const std::string& address, SteadyTime now) {
  forgetBefore(now - kWindow);
  const std::vector<Limit> limits = limitsOf(user, address);
  std::optional<Milliseconds> wait;
  for (const Limit& limit : limits) {
    const auto it = attempts_.find(limit.key);
    if (it == attempts_.end() || it->second.size() < limit.most) continue;
    const SteadyTime opens = it->second[it->second.size() - limit.most] + kWindow;
    wait = std::max(wait.value_or(Milliseconds{0}), opens - now);
  }
  if (!wait && attempts_.size() > kMaxKeys) wait = kWindow;
  if (wait) return wait;
  for (const Limit& limit : limits) attempts_[limit.key].push_back(now);
  return std::nullopt;
}

void LoginThrottle::succeeded(const std::string& user, const std::string& address) {
  const std::vector<Limit> limits = limitsOf(user, address);
  attempts_.erase(limits[0].key);
  for (const std::size_t wider : {std::size_t{1}, std::size_t{2}}) {
    const auto it = attempts_.find(limits[wider].key);
    if (it == attempts_.end()) continue;
    it->second.pop_back();  // this attempt; the failures of others stay counted
    if (it->second.empty()) attempts_.erase(it);
  }
}

}  // namespace vardnav::cloud::access
