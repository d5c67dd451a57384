// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Permission bits do not bind root, and tests may run as root: while one of these lives, the
// process acts as "nobody" (65534), if it was root.
#pragma once

#include <sys/types.h>
#include <unistd.h>

namespace vardnav::test {

class Unprivileged {
 public:
  Unprivileged() : wasRoot_(geteuid() == 0) {
    if (wasRoot_) isNobody_ = setegid(kNobody) == 0 && seteuid(kNobody) == 0;
  }
  ~Unprivileged() {
    if (wasRoot_) (void)(seteuid(0) == 0 && setegid(0) == 0);
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

  /// false: root that could not step down, for whom nothing is forbidden.
  bool isEffective() const { return !wasRoot_ || isNobody_; }

 private:
  static constexpr uid_t kNobody = 65534;
  bool wasRoot_;
  bool isNobody_ = false;
};

}  // namespace vardnav::test
