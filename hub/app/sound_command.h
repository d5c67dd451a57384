// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A sound in the home: a program that plays it, run without a shell. At once when something is to
// be told, and again after 1, 2, 4, … minutes, half an hour at most: a sound that never ends is
// unplugged, and the hub with it. An alert more begins anew. A program that has not ended after
// half a minute, or when there is nothing more to tell, is ended. Loop thread only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hub/core/home_signal.h"

namespace vardnav::hub {

class SoundCommand final : public HomeSignal {
 public:
  static constexpr Milliseconds kFirstPause{std::chrono::minutes{1}};
  static constexpr Milliseconds kLongestPause{std::chrono::minutes{30}};
  static constexpr Milliseconds kLongestPlay{std::chrono::seconds{30}};

  /// Not empty: an absolute path, and arguments.
  explicit SoundCommand(std::vector<std::string> command) : command_(std::move(command)) {}
  ~SoundCommand() override;
  SoundCommand(const SoundCommand&) = delete;
  SoundCommand& operator=(const SoundCommand&) = delete;

  /// What the last run said by its exit status stays an error until the next one.
  Result<bool> show(const std::vector<Notice>& notices, SteadyTime now) override;

 private:
  void play(SteadyTime now);
  std::unexpected<Error> broken(const std::string& fault) const;
  void reap(SteadyTime now);
  void end();  ///< reaped later: one that hangs in the kernel must not hold up the loop

  std::vector<std::string> command_;
  std::uint64_t told_ = 0;  ///< the newest alert
  std::optional<SteadyTime> nextAt_;
  Milliseconds pause_ = kFirstPause;
  pid_t player_ = 0;  ///< its process group too; 0: none runs
  bool isEnding_ = false;
  SteadyTime playingSince_{};
  std::string fault_;  ///< of the last run: "ended with status 1"
};

}  // namespace vardnav::hub
