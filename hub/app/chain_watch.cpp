// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/chain_watch.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace vardnav::hub {

void ChainWatch::onTick() {
  if (endedAt_ && parts_.clock.steadyNow() - *endedAt_ < kPause) return;
  endedAt_.reset();
  auto check = parts_.archive.checkChain(check_, kAtOnce);
  if (!check) return;  // the journal's own fault is told elsewhere
  check_ = *std::move(check);
  if (check_.isWhole || check_.brokenAt) end();
}

void ChainWatch::end() {
  endedAt_ = parts_.clock.steadyNow();
  const ChainCheck ended = std::exchange(check_, {});
  if (ended.isWhole) return parts_.faults.clear(wire::fault_kind::kJournalChanged, "");
  const std::string where = *ended.brokenAt == 0
                                ? std::string("the newest are missing")
                                : "at capture " + std::to_string(*ended.brokenAt) + " first";
  spdlog::error("what devices sent is not in the journal as it was stored: {}", where);
  parts_.faults.set(wire::fault_kind::kJournalChanged, "",
                    "what devices sent was changed, taken out or put in, not by the hub (" + where +
                        "): keep a copy of journal.db, and find out who could write it",
                    parts_.clock.utcNow());
}

}  // namespace vardnav::hub
