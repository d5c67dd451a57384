// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/pipelines/uplink/mosquitto.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace vardnav::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool accepts(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool is = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return is;
}

}  // namespace

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "vardnav-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder");
  folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Scratch::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name)) << text;
  std::filesystem::permissions(
      path(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path(name);
}

void openssl(const std::string& arguments) {
  const std::string command = "openssl " + arguments + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

Authority::Authority(const Scratch& scratch, std::string name)
    : scratch_(scratch), name_(std::move(name)) {
  openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " +
          scratch_.path(name_ + ".key") + " -out " + certificate() + " -subj '/CN=" + name_ +
          "' -days 1 -addext basicConstraints=critical,CA:TRUE");
}

uplink::TlsFiles Authority::issue(const std::string& commonName, bool isExpired,
                                  const std::string& alternativeName) const {
  const std::string base = scratch_.path(name_ + "-" + commonName + (isExpired ? "-old" : ""));
  openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + base + ".key -out " +
          base + ".csr -subj '/CN=" + commonName + "'");
  std::ofstream(base + ".ext") << "basicConstraints=CA:FALSE\n"
                                  "extendedKeyUsage=serverAuth,clientAuth\n"
                                  "subjectAltName="
                               << alternativeName << "\n";
  openssl("x509 -req -in " + base + ".csr -CA " + certificate() + " -CAkey " +
          scratch_.path(name_ + ".key") + " -CAcreateserial -out " + base + ".crt -days " +
          (isExpired ? "-1" : "1") + " -extfile " + base + ".ext");
  return {certificate(), base + ".crt", base + ".key"};
}

std::uint16_t freePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  close(fd);
  return ntohs(address.sin_port);
}

Mosquitto::Mosquitto(const Scratch& scratch, const Authority& authority,
                     const std::string& alternativeName)
    : port_(freePort()) {
  const uplink::TlsFiles broker = authority.issue("broker", false, alternativeName);
  const std::string acl = scratch.write("acl",
                                        "pattern write vardnav/1/%u/up/#\n"
                                        "pattern read vardnav/1/%u/down/#\n\n"
                                        "user vardnav-care\n"
                                        "topic read vardnav/1/+/up/+\n"
                                        "topic write vardnav/1/+/down/+\n");
  config_ = scratch.write(
      "mosquitto.conf",
      "listener " + std::to_string(port_) + " 127.0.0.1\ncafile " + broker.ca + "\ncertfile " +
          broker.certificate + "\nkeyfile " + broker.key +
          "\nrequire_certificate true\nuse_identity_as_username true\nallow_anonymous false\n"
          "acl_file " +
          acl + "\nset_tcp_nodelay true\npersistence false\nmax_queued_messages 10000\n" +
          (getuid() == 0 ? "user root\n" : ""));
}

Mosquitto::~Mosquitto() { kill(); }

void Mosquitto::start() {
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execl("/usr/sbin/mosquitto", "mosquitto", "-c", config_.c_str(), nullptr);
    _exit(127);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!accepts(port_)) {
    if (std::chrono::steady_clock::now() > deadline || waitpid(pid_, nullptr, WNOHANG) != 0) {
      throw std::runtime_error("mosquitto did not start");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

void Mosquitto::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void Mosquitto::freeze() { ::kill(pid_, SIGSTOP); }
void Mosquitto::thaw() { ::kill(pid_, SIGCONT); }

void TestLoop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

bool TestLoop::runUntil(const std::function<bool()>& isDone) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!isDone()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::unique_lock lock(mutex_);
    // Conditions may also change without a task.
    changed_.wait_for(lock, std::chrono::milliseconds{20}, [this] { return !tasks_.empty(); });
    if (tasks_.empty()) continue;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
  return true;
}

NoDelay noDelayTowards(std::uint16_t port) {
  NoDelay found;
  for (int fd = 0; fd < 256; ++fd) {
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) != 0 ||
        peer.sin_family != AF_INET || ntohs(peer.sin_port) != port) {
      continue;
    }
    int on = 0;
    socklen_t size = sizeof on;
    getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &size);
    ++found.connections;
    if (on != 0) ++found.withIt;
  }
  return found;
}

}  // namespace vardnav::test
