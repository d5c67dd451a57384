// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/journal_head.h"

#include "pipelines/store/capture_chain.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {

Result<void> JournalHead::readCounters() {
  auto rows = database_.prepare("SELECT name, value FROM counter");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    counters_.emplace(rows.text(0), Counter{rows.int64(1)});
  }
}

Result<std::int64_t> JournalHead::next(std::string_view counter) {
  if (counters_.empty()) {
    if (auto done = readCounters(); !done) return std::unexpected(done.error());
  }
  const auto found = counters_.find(counter);
  if (found == counters_.end()) {
    return fail(ErrorCode::kStorage, database_.path() + " has no counter " + std::string(counter) +
                                         ": it was written by another version of Vardnav");
  }
  found->second.isMoved = true;
  return ++found->second.value;
}

Result<Bytes*> JournalHead::link() {
  if (!link_) {
    auto head = chainHead(database_);
    if (!head) return std::unexpected(head.error());
    linkRead_ = *head;
    link_ = *std::move(head);
  }
  return &*link_;
}

Result<void> JournalHead::write() {
  for (auto& [name, counter] : counters_) {
    if (!counter.isMoved) continue;
    auto done = database_.prepare("UPDATE counter SET value = ? WHERE name = ?")
                    .with(counter.value, std::string_view(name))
                    .run();
    if (!done) return done;
  }
  const bool isLinkMoved = link_ != linkRead_;
  if (!isLinkMoved && !clockFloor_) return {};
  auto update = database_.prepare(
      "UPDATE journal SET chain_head = coalesce(?, chain_head),"
      " clock_floor_utc_ms = coalesce(?, clock_floor_utc_ms)");
  update.bind(1, nullptr).bind(2, nullptr);
  if (isLinkMoved) update.bind(1, ByteView(*link_));
  if (clockFloor_) update.bind(2, millisecondsOf(*clockFloor_));
  return update.run();
}

}  // namespace vardnav::store
