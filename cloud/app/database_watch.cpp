// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/database_watch.h"

#include <spdlog/spdlog.h>

namespace vardnav::cloud {

void DatabaseWatch::look() {
  if (!database_.isThere()) return sayAway("it does not answer");
  if (!isThere_.exchange(true)) spdlog::info("{} is there again", database_.name());
}

void DatabaseWatch::complain(std::string_view what, const Error& error) {
  if (database_.isThere()) {
    spdlog::error("{}: {}", what, error.context);
  } else {
    sayAway(error.context);
  }
}

void DatabaseWatch::sayAway(std::string_view why) {
  if (!isThere_.exchange(false)) return;
  spdlog::error("nothing is stored, and hubs keep what they have: {}", why);
}

}  // namespace vardnav::cloud
