// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/access_log.h"

#include <utility>
#include <vector>

#include "pipelines/model/digest.h"

namespace vardnav::cloud::access {

Sha256 chainHash(const Sha256& previous, std::uint64_t sequence, const AccessEntry& entry) {
  DigestBuilder digest;
  digest.add(ByteView(previous)).add(sequence);
  digest.add(std::string_view(toRfc3339(entry.at)));
  for (const std::string* field :
       {&entry.username, &entry.action, &entry.person.value, &entry.object, &entry.team.value,
        &entry.address, &entry.outcome}) {
    digest.add(std::string_view(*field));
  }
  return digest.sha256();
}

Result<void> AccessLog::open() {
  const auto newest = store_.newestAccess();
  if (!newest) return std::unexpected(newest.error());
  if (!*newest) return {};
  const LoggedAccess& last = **newest;
  if (chainHash(last.previous, last.sequence, last.entry) != last.hash) {
    return fail(ErrorCode::kStorage, "the access log's newest entry (" +
                                         std::to_string(last.sequence) +
                                         ") does not match its hash: restore the database from a "
                                         "backup and find out who changed it");
  }
  newest_ = last.sequence;
  head_ = last.hash;
  return {};
}

Result<void> AccessLog::append(std::span<const AccessEntry> entries) {
  if (!isHeadSure_) {
    if (auto caughtUp = catchUp(); !caughtUp) return caughtUp;
  }
  std::vector<LoggedAccess> links;
  Sha256 head = head_;
  for (const AccessEntry& entry : entries) {
    const std::uint64_t sequence = newest_ + links.size() + 1;
    const Sha256 hash = chainHash(head, sequence, entry);
    links.push_back({sequence, entry, head, hash});
    head = hash;
  }
  if (links.empty()) return {};
  if (auto stored = store_.appendAccess(links); !stored) {
    isHeadSure_ = false;
    return stored;
  }
  newest_ += links.size();
  head_ = head;
  return {};
}

Result<void> AccessLog::catchUp() {
  const auto broken = follow(newest_, head_);
  if (!broken) return std::unexpected(broken.error());
  if (*broken) {
    return fail(ErrorCode::kStorage, "the access log's entry " + std::to_string(**broken) +
                                         " does not follow the one before: find out who else "
                                         "writes to the database");
  }
  isHeadSure_ = true;
  return {};
}

Result<std::optional<std::uint64_t>> AccessLog::follow(std::uint64_t& sequence, Sha256& head) {
  constexpr std::size_t kPage = 500;
  while (true) {
    const auto page = store_.accessAfter(sequence, kPage);
    if (!page) return std::unexpected(page.error());
    for (const LoggedAccess& link : *page) {
      if (link.sequence != sequence + 1 || link.previous != head ||
          chainHash(head, sequence + 1, link.entry) != link.hash) {
        return sequence + 1;
      }
      ++sequence;
      head = link.hash;
    }
    if (page->size() < kPage) return std::nullopt;
  }
}

Result<std::optional<std::uint64_t>> AccessLog::firstBroken() {
  if (!isHeadSure_) {
    if (auto caughtUp = catchUp(); !caughtUp) return std::unexpected(caughtUp.error());
  }
  std::uint64_t sequence = 0;
  Sha256 head{};
  auto broken = follow(sequence, head);
  if (!broken || *broken) return broken;
  if (sequence != newest_ || head != head_) return sequence + 1;
  return std::nullopt;
}

}  // namespace vardnav::cloud::access
