// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A look at a write-ahead log before SQLite has one. SQLite ends a log silently at its first frame
// with a wrong checksum, because a power cut leaves such a tail; where the disk has damaged what
// was synced long ago, that would take back commits that others have built on, and give their
// sequences a second time. Format: sqlite.org/walformat.html. Any thread.
#pragma once

#include <string>

#include "pipelines/model/error.h"

namespace vardnav::store {

/// True if commits are in the log that SQLite would not see: its header does not hold, or a commit
/// that others built on lies behind a frame that does not hold. What power cuts can leave of
/// transactions without a sync, however many cuts, is none. false: the log is sound, or there is
/// none.
Result<bool> hidesCommits(const std::string& path);

}  // namespace vardnav::store
