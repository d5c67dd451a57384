// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How often a login may fail: 5 times for one user from one address, 30 for one user, 60 from one
// address, each within 5 minutes. The first limit stops guessing without letting a stranger lock
// an operator out; the others stop guessing from many addresses or at many names. Attempts under
// way count. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/model/time.h"

namespace vardnav::cloud::access {

class LoginThrottle {
 public:
  static constexpr Milliseconds kWindow = std::chrono::minutes{5};
  static constexpr std::size_t kPerUserAndAddress = 5;
  static constexpr std::size_t kPerUser = 30;
  static constexpr std::size_t kPerAddress = 60;
  /// Names remembered at most; beyond, nobody new gets in until the window has passed.
  static constexpr std::size_t kMaxKeys = 20'000;

  /// Counts an attempt. A value: refused, and how long from now until it may be tried again.
  std::optional<Milliseconds> admit(const std::string& user, const std::string& address,
                                    SteadyTime now);
  /// The attempt was right: what failed before it is forgiven.
  void succeeded(const std::string& user, const std::string& address);

 private:
  struct Limit {
    std::string key;
    std::size_t most;
  };
  static std::vector<Limit> limitsOf(const std::string& user, const std::string& address);
  void forgetBefore(SteadyTime start);

  std::map<std::string, std::vector<SteadyTime>> attempts_;
};

}  // namespace vardnav::cloud::access
