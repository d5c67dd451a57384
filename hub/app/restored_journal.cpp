// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/restored_journal.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace vardnav::hub {
namespace {

constexpr std::size_t kAtOnce = 200;

/// The newest one's name; empty: there is none.
std::string damagedJournalIn(const std::string& state) {
  std::string newest;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(state, fault)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("journal.db.damaged-") && !name.ends_with("-wal")) {
      newest = std::max(newest, name);
    }
  }
  return newest;
}

}  // namespace

void tellRestored(const store::OpenedJournal& opened, const std::string& state, bool hadState,
                  FaultBook& faults, UtcTime now) {
  if (opened.recovery) {
    const store::Salvaged& salvaged = opened.recovery->salvaged;
    spdlog::error(
        "the journal was damaged and is set aside as {}; {} captures were read of it{}, {} readings"
        " and {} alerts are sent again, {} rows were false",
        opened.recovery->keptAs, salvaged.captures, salvaged.isWhole ? "" : " (not all of it)",
        salvaged.queuedReadings, salvaged.queuedAlerts, salvaged.falseCaptures);
  }
  if (opened.isNew && hadState) {
    faults.set(wire::fault_kind::kJournalRestored, "",
               "the journal was gone, and a new one is begun: check the disk", now);
    spdlog::error("the journal was gone; a new one is begun");
    return;
  }
  const std::string kept = damagedJournalIn(state);
  if (kept.empty()) return;
  faults.set(wire::fault_kind::kJournalRestored, "",
             "the journal was damaged and begun anew: check the disk, and move " + kept +
                 " away (it holds health data)",
             now);
}

Result<std::size_t> mendReadings(CaptureArchive& archive, HubCore& core) {
  std::size_t mended = 0;
  std::int64_t after = 0;
  for (;;) {
    const auto page = archive.captures(after, kAtOnce);
    if (!page) return std::unexpected(page.error());
    if (page->keys.empty()) return mended;
    const auto changed = core.reinterpret(page->keys, HubCore::Anew::kMend);
    if (!changed) return changed;
    mended += *changed;
    after = page->last;
  }
}

}  // namespace vardnav::hub
