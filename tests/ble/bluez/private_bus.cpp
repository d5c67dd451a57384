// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/bluez/private_bus.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace vardnav::test {

PrivateBus::PrivateBus() {
  std::string pattern = std::filesystem::temp_directory_path() / "vardnav-bus-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  directory_ = pattern;
  const std::string config = directory_ + "/bus.conf";
  std::ofstream(config) << "<busconfig><type>custom</type><listen>unix:path=" << directory_
                        << "/bus</listen><auth>EXTERNAL</auth><policy context=\"default\">"
                           "<allow user=\"*\"/><allow own=\"*\"/><allow send_type=\"*\"/>"
                           "<allow receive_type=\"*\"/><allow send_destination=\"*\"/>"
                           "</policy></busconfig>\n";
  std::array<int, 2> channel{};
  if (::pipe2(channel.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  const int parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    const int log = ::open((directory_ + "/log").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ::dup2(log, STDERR_FILENO);
    const int address = ::fcntl(channel[1], F_DUPFD, 3);
    const std::string file = "--config-file=" + config;
    const std::string print = "--print-address=" + std::to_string(address);
    ::execlp("dbus-daemon", "dbus-daemon", file.c_str(), "--nofork", print.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(channel[1]);
  std::string address;
  char c = 0;
  while (::read(channel[0], &c, 1) == 1 && c != '\n') address += c;
  ::close(channel[0]);
  if (address.empty()) {
    std::ifstream log(directory_ + "/log");
    throw std::runtime_error("dbus-daemon did not start: " +
                             std::string(std::istreambuf_iterator<char>(log), {}));
  }
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1);
}

PrivateBus::~PrivateBus() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void PrivateBus::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace vardnav::test
