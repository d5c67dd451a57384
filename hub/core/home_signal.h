// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the hub tells whoever is at home, and the port to how it is told: a light, a sound, a page.
// Loop thread only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/core/delivery_watch.h"
#include "hub/core/household.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::hub {

/// Calm, and says what to do. No value, no name: whoever is in the room may see it.
struct Notice {
  std::string kind;      ///< "undelivered": an alert (P1) that no human has been told of
  std::string language;  ///< "sv" or "en": the one of the two to show first
  Text text;
  UtcTime since{};
  std::uint64_t newest = 0;  ///< rises when another alert joins those of the notice

  friend bool operator==(const Notice&, const Notice&) = default;
};

/// One for each person, in his language, with what his care plan says to do (ConfiguredPatient's
/// `when_unreached`) in place of ringing 1177 or the care team. That of 112 stays in any case.
std::vector<Notice> noticesOf(const std::vector<Undelivered>& undelivered,
                              const Household& household);

class HomeSignal {
 public:
  virtual ~HomeSignal() = default;

  /// All that stands now; empty: the light is off, the sound silent, the page clear. Called about
  /// once a second, so that one that was lost is made good. Whether it reaches anybody: false where
  /// nobody looks, and nothing is wrong. An error is one line that says what to change, and nothing
  /// more than this signal fails. At rest it is told too, as far as it can be known: before the
  /// signal is needed.
  virtual Result<bool> show(const std::vector<Notice>& notices, SteadyTime now) = 0;
};

}  // namespace vardnav::hub
