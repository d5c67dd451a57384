// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/virtual/home_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace vardnav::test {

HomeProcess::HomeProcess() {
  std::string pattern = std::filesystem::temp_directory_path() / "vardnav-home-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  directory_ = pattern;
}

HomeProcess::~HomeProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void HomeProcess::start(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{VARDNAV_HOME_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string out = file("out");
  const std::string err = file("err");
  pid_ = ::fork();
  if (pid_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr int kFlags = O_CREAT | O_WRONLY | O_APPEND;
  ::dup2(::open(out.c_str(), kFlags, 0600), STDOUT_FILENO);
  ::dup2(::open(err.c_str(), kFlags, 0600), STDERR_FILENO);
  ::execv(pointers[0], pointers.data());
  ::_exit(127);
}

int HomeProcess::reap(int seconds) {
  const int child = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd ended{child, POLLIN, 0};
  const bool hasEnded = ::poll(&ended, 1, seconds * 1000) == 1;
  ::close(child);
  if (!hasEnded) return -1;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int HomeProcess::stop() {
  ::kill(pid_, SIGTERM);
  return reap(10);
}

int HomeProcess::wait() { return reap(10); }

std::string HomeProcess::contents(const std::string& name) const {
  std::ifstream stream(file(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace vardnav::test
