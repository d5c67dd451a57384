// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What happens next to an episode: the timers, what a verdict does to it, what a person may do.
// Every function returns the event to append or why it is refused. Pure; any thread.
//
// Timers are elapsed time from the backend's knowledge and never stop at closing time:
//   not accepted   P1: 10 min a rung; 5 min where it repeats or worsens in an open episode.
//                  Rungs: routed level, next level, service owner's desk, then from the top,
//                  routed anew. P2: 60 min a rung; every further level, then the desk again.
//                  P3: reminded at 08:00 of each next working day.
//   acknowledged   first contact is due 15 min (P1) or 60 min (P2) later and in any case 30 or
//                  90 min after the backend had it, but never sooner than 5 min after the
//                  acknowledgement: reminded then; one rung later it escalates as if it had not
//                  been accepted. P3: reminded as above.
//   in progress    reminded at 08:00 of each next working day.
// Clearing changes no timer and closes nothing.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "cloud/alerts/episode.h"
#include "cloud/routing/route.h"
#include "pipelines/model/verdict.h"

namespace vardnav::cloud::alerts {

enum class Refusal : std::uint8_t {
  kVersionMoved,
  kAlreadyAcknowledged,
  kNotAcknowledged,
  kClosed,
};

using Step = std::expected<Event, Refusal>;

/// The first event of an episode. `verdict` is not a clear.
Event raise(const Verdict& verdict, UtcTime now);
/// A verdict of the same cause reaches the open episode, in whatever order.
Event tell(const Episode& episode, const Verdict& verdict, UtcTime now);
Event routed(const routing::Decision& decision, UtcTime now);

Step acknowledge(const Episode& episode, std::uint64_t version, const Actor& by, UtcTime now);
Step begin(const Episode& episode, std::uint64_t version, const Actor& by, UtcTime now);
Step close(const Episode& episode, std::uint64_t version, const Actor& by, CloseReason reason,
           std::string_view note, UtcTime now);
/// nullopt: it has been seen already, or is closed.
std::optional<Event> notified(const Episode& episode, const Actor& by, UtcTime now);

/// True where the rung that is due begins the ladder again: decide the route anew first.
bool isRoutedAnew(const Episode& episode);
/// Who gets it at the next rung.
routing::Step nextRecipient(const Episode& episode, const routing::Decision& route);
/// What is due at `now`; nullopt: nothing is.
std::optional<Event> advance(const Episode& episode, const routing::Decision& route, UtcTime now);

}  // namespace vardnav::cloud::alerts
