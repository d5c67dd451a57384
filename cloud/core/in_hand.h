// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the note of what is being evaluated: something a hub sends that ends the process (a
// poison item) must not end it for ever. Each message, and each item of it, is noted before it is
// evaluated; one at which the process has ended twice is set aside unread. Dying in a commit is no
// sign of poison: that is the disk's, or whoever kills the backend. The note need survive the
// process, not a power cut: it is not synced. Core thread only.
#pragma once

#include <cstdint>

#include "pipelines/model/digest.h"

namespace vardnav::cloud {

class InHandNote {
 public:
  /// At so many endings it is poison: one may be a kill that had nothing to do with it.
  static constexpr std::uint32_t kPoison = 2;

  virtual ~InHandNote() = default;
  /// How often the process has ended while this was at work.
  virtual std::uint32_t endings(const Key128& work) const = 0;
  /// This is at work, in the place of what was.
  virtual void begin(const Key128& work) = 0;
  /// Nothing is at work.
  virtual void end() = 0;
  /// What was begun since the last time is stored: the earlier endings were not its fault.
  virtual void done() = 0;
  /// Nothing is at work, and what was begun is not stored.
  virtual void gaveUp() = 0;
};

/// For where nothing is to be noted.
class NoInHandNote final : public InHandNote {
 public:
  std::uint32_t endings(const Key128& /*work*/) const override { return 0; }
  void begin(const Key128& /*work*/) override {}
  void end() override {}
  void done() override {}
  void gaveUp() override {}
};

}  // namespace vardnav::cloud
