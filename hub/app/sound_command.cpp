// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/sound_command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace vardnav::hub {
namespace {

/// Why it cannot be run; empty: it can.
std::string faultOf(const std::string& program) {
  struct stat status{};
  if (::stat(program.c_str(), &status) != 0) {
    return std::string("is not there (") + std::strerror(errno) + ")";
  }
  if (!S_ISREG(status.st_mode)) return "is no program";
  if (::access(program.c_str(), X_OK) != 0) return "may not be run by the hub's user";
  return {};
}

std::string outcomeOf(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) return "ended with status " + std::to_string(WEXITSTATUS(status));
  return "was ended by signal " + std::to_string(WTERMSIG(status));
}

class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO}) {
      ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    }
    // Not the hub's journal, bus or broker.
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);  // the loop blocks those that end it
    sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

}  // namespace

SoundCommand::~SoundCommand() {
  end();
  // Killed, so that this is short; a player that is not waited for stays in the process table.
  if (player_ != 0) ::waitpid(player_, nullptr, 0);
}

Result<bool> SoundCommand::show(const std::vector<Notice>& notices, SteadyTime now) {
  reap(now);
  std::uint64_t newest = 0;
  for (const Notice& notice : notices) newest = std::max(newest, notice.newest);
  if (notices.empty()) {
    end();
    nextAt_.reset();
  } else if (!nextAt_ || newest > told_) {
    nextAt_ = now;
    pause_ = kFirstPause;
  }
  told_ = newest;
  if (nextAt_ && now >= *nextAt_ && player_ == 0) {
    nextAt_ = now + pause_;
    pause_ = std::min(pause_ * 2, kLongestPause);
    play(now);
  }
  if (!fault_.empty()) return broken(fault_);
  // Whether it could be run is known before it is needed.
  if (const std::string fault = faultOf(command_[0]); !fault.empty()) return broken(fault);
  return true;
}

std::unexpected<Error> SoundCommand::broken(const std::string& fault) const {
  return fail(ErrorCode::kUnavailable, command_[0] + " " + fault + ": correct signal.sound");
}

void SoundCommand::play(SteadyTime now) {
  const SpawnSettings settings;
  std::vector<char*> arguments;
  for (std::string& word : command_) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int error = ::posix_spawn(&player_, command_[0].c_str(), &settings.actions,
                                  &settings.attributes, arguments.data(), environ);
  playingSince_ = now;
  isEnding_ = false;
  if (error == 0) return;
  player_ = 0;
  fault_ = std::string("cannot be run (") + std::strerror(error) + ")";
}

void SoundCommand::reap(SteadyTime now) {
  if (player_ == 0) return;
  int status = 0;
  if (::waitpid(player_, &status, WNOHANG) != 0) {
    player_ = 0;
    if (!isEnding_) fault_ = outcomeOf(status);
  } else if (!isEnding_ && now - playingSince_ >= kLongestPlay) {
    end();
    fault_ = "did not end within half a minute";
  }
}

void SoundCommand::end() {
  if (player_ == 0 || isEnding_) return;
  isEnding_ = true;
  ::kill(-player_, SIGKILL);
  if (::waitpid(player_, nullptr, WNOHANG) != 0) player_ = 0;
}

}  // namespace vardnav::hub
