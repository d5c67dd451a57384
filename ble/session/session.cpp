// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/session.h"

namespace vardnav::ble {

std::string_view nameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCompleted:
      return "completed";
    case Outcome::kLinkLost:
      return "link-lost";
    case Outcome::kNotCommitted:
      return "not-committed";
    case Outcome::kNotAllowed:
      return "not-allowed";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kUnsupported:
      return "unsupported";
    case Outcome::kTimedOut:
      return "timed-out";
    case Outcome::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace vardnav::ble
