// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Ingest: what cannot be used is kept as sent, and technicians hear of it; and the receipt for all.
#include <algorithm>
#include <string>
#include <utility>

#include "cloud/core/ingest.h"

namespace vardnav::cloud {
namespace {

/// A receipt names no more gaps than this; what lies above is receipted when they close.
constexpr std::size_t kMaxGaps = 256;

}  // namespace

Result<void> Ingest::setAsideWhole(const Problem& problem, std::string_view payload) {
  outcome_.setAside.push_back({problem.reason, problem.detail});
  counts_[Counter::kSetAside] += 1;
  if (auto done = report(problem); !done) return done;
  const auto kept =
      transaction_.setAside({hub_, std::nullopt, std::nullopt, std::string(nameOf(problem.reason)),
                             problem.detail, std::string(payload)},
                            now_);
  if (!kept) return std::unexpected(kept.error());
  return {};
}

Result<void> Ingest::setAsideItem(std::uint64_t sequence, const Problem& problem,
                                  std::string text) {
  SetAsideItem item{hub_,           stream_,
                    std::nullopt,   std::string(nameOf(problem.reason)),
                    problem.detail, std::move(text)};
  const bool isKnown = sequence != 0 && !received_.insert(sequence);
  if (sequence != 0) item.sequence = sequence;
  const auto isNew = transaction_.setAside(item, now_);
  if (!isNew) return std::unexpected(isNew.error());
  if (isKnown && !*isNew) {
    counts_[Counter::kDuplicatesRefused] += 1;
    return {};
  }
  outcome_.setAside.push_back({problem.reason, problem.detail});
  counts_[Counter::kSetAside] += 1;
  return report(problem);
}

Result<void> Ingest::report(const Problem& problem) {
  TechnicalCause cause{
      std::string(technical_kind::kSetAside), hub_, {}, std::string(nameOf(problem.reason))};
  std::string detail(adviceOn(problem.reason));
  if (isAlert_) {
    // Of its own, so that nothing less takes its place.
    cause.subject.insert(0, "alert: ");
    detail.insert(0, "a clinical alert is among it: call the patient's team; ");
  }
  // What somebody has seen to was another one.
  auto alerts = transaction_.openTechnicalAlerts(hub_);
  if (!alerts) return std::unexpected(alerts.error());
  const auto isSeen = [&](const TechnicalAlert& one) {
    return one.cause == cause && one.acknowledgedAt.has_value();
  };
  if (std::ranges::any_of(*alerts, isSeen)) {
    if (auto done = transaction_.clearTechnical(cause, now_); !done) return done;
  }
  return TechnicalDesk(transaction_, now_).open(cause, std::move(detail), now_);
}

Result<void> Ingest::finish(const std::vector<std::uint64_t>& sequences) {
  if (auto done = transaction_.setReceived(stream_, received_.ranges()); !done) return done;
  auto cover = received_.cover(kMaxGaps);
  wire::Receipt receipt{hub_,          stream_.epoch,         stream_.stream,
                        cover.through, std::move(cover.gaps), {}};
  if (!sequences.empty()) {
    const auto [first, last] = std::ranges::minmax(sequences);
    auto setAside = transaction_.setAsideIn(stream_, first, last);
    if (!setAside) return std::unexpected(setAside.error());
    for (wire::SetAside& one : *setAside) {
      if (!held_.contains(one.sequence)) {
        receipt.setAside.push_back(std::move(one));
        continue;
      }
      // Another item was set aside under the sequence of one that is stored.
      auto done = transaction_.dropSetAside(stream_, one.sequence, {});
      if (!done) return done;
    }
  }
  outcome_.receipts.push_back(std::move(receipt));
  return {};
}

}  // namespace vardnav::cloud
