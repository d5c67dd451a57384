// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Room in a hub's journal: see hub/core/journal_space.h. A capture that is removed leaves its key
// and, where the next one is still there, its link of the chain (capture_chain.h). Loop thread
// only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hub/core/journal_space.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

/// Within a transaction of the caller's.
Result<hub::Pruned> pruneWithin(sqlite::Database& database, UtcTime before, std::int64_t after,
                                std::size_t limit);

/// `boundPages`: as setBound() gave them; 0: there is no bound.
Result<hub::Space> spaceOf(sqlite::Database& database, std::uint64_t boundPages);
/// Of this connection, in pages. A file that is greater already stays so, and grows no more.
Result<std::uint64_t> setBound(sqlite::Database& database, std::uint64_t octets);

/// While it lives, the file may be somewhat greater than its bound: removing what is scattered
/// frees no page before it needs one for a key that stays. Around the transaction.
class Roomier {
 public:
  static constexpr std::uint64_t kPages = 256;

  /// `pages`: the bound, which is set again at the end; 0: there is none.
  Roomier(sqlite::Database& database, std::uint64_t pages);
  ~Roomier();
  Roomier(const Roomier&) = delete;
  Roomier& operator=(const Roomier&) = delete;

 private:
  void set(std::uint64_t pages);

  sqlite::Database& database_;
  std::uint64_t pages_;
};

}  // namespace vardnav::store
