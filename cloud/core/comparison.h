// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Hub and backend held against each other, once all that the hub has is here: a technical alert
// where they told different things of the same inputs. Part of a transaction; core thread only.
#pragma once

#include <set>
#include <span>

#include "cloud/core/care_store.h"
#include "cloud/core/judging.h"
#include "pipelines/wire/messages.h"

namespace vardnav::cloud {

class Comparison {
 public:
  Comparison(CareTransaction& transaction, WatchBook& watches, const HubId& hub, UtcTime now)
      : transaction_(transaction), watches_(watches), hub_(hub), now_(now) {}

  /// By a heartbeat that has caught up. `overtaken`: persons of whom more is here than the hub had
  /// judged when it sent that heartbeat; they are for the next one.
  Result<void> run(const wire::Status& status, const std::set<PersonId>& overtaken);

 private:
  /// Of one person and rule; what was told later than `until` is for the next time.
  Result<void> compareOne(std::span<const SaidVerdict> said, UtcTime until);
  /// Of what was found, what is a difference by everything that is stored.
  Result<bool> isReal(const Verdict& verdict, Milliseconds coolDown);

  CareTransaction& transaction_;
  WatchBook& watches_;
  const HubId& hub_;
  const UtcTime now_;
};

}  // namespace vardnav::cloud
