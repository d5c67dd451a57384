// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/fault_book.h"

namespace vardnav::hub {

void FaultBook::set(std::string_view kind, std::string_view subject, std::string detail,
                    UtcTime now) {
  std::pair key{std::string(kind), std::string(subject)};
  const auto found = entries_.find(key);
  if (found != entries_.end()) {
    found->second.detail = std::move(detail);
    return;
  }
  if (entries_.size() >= kMost) {
    ++untold_;
    return;
  }
  wire::FaultReport report{key.first, key.second, now, std::move(detail)};
  entries_.emplace(std::move(key), std::move(report));
}

void FaultBook::clear(std::string_view kind, std::string_view subject) {
  entries_.erase({std::string(kind), std::string(subject)});
}

bool FaultBook::has(std::string_view kind, std::string_view subject) const {
  return entries_.contains({std::string(kind), std::string(subject)});
}

std::vector<wire::FaultReport> FaultBook::all() const {
  std::vector<wire::FaultReport> reports;
  reports.reserve(entries_.size());
  for (const auto& [key, report] : entries_) reports.push_back(report);
  return reports;
}

}  // namespace vardnav::hub
