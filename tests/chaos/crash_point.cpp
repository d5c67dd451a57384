// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Preloaded into a program under test (LD_PRELOAD): kills it with SIGKILL just before its n-th
// change of certain files, and notes every change that has not been synced, with what it
// replaced, so that the test can take it back as a power cut would.
//
//   VARDNAV_CRASH_FILES   changes of files whose paths begin with one of these count; ':' between
//   VARDNAV_CRASH_AT      n, from 1; 0: never
//   VARDNAV_CRASH_NOTES   file that the notes go to
//
// A note is one line of text before its octets: "W <path length> <offset> <size before> <length>\n",
// the path and the octets that were replaced; or "S <path length>\n" and the path: it is synced.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace {

template <class F>
F real(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

using Pwrite = ssize_t (*)(int, const void*, size_t, off64_t);
using Pread = ssize_t (*)(int, void*, size_t, off64_t);
using Write = ssize_t (*)(int, const void*, size_t);
using Truncate = int (*)(int, off64_t);
using Sync = int (*)(int);
using Unlink = int (*)(const char*);

class CrashPoint {
 public:
  CrashPoint() {
    const char* files = std::getenv("VARDNAV_CRASH_FILES");
    const char* at = std::getenv("VARDNAV_CRASH_AT");
    const char* notes = std::getenv("VARDNAV_CRASH_NOTES");
    if (files == nullptr || at == nullptr || notes == nullptr) return;
    std::istringstream list(files);
    for (std::string one; std::getline(list, one, ':');) files_.push_back(one);
    left_ = std::atol(at);
    notes_ = ::open(notes, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }

  /// Of a descriptor that counts; empty otherwise.
  std::string pathOf(int descriptor) const {
    if (files_.empty()) return {};
    std::array<char, 4096> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
    const std::string found(path.data(), static_cast<size_t>(std::max<ssize_t>(length, 0)));
    return isOurs(found) ? found : std::string();
  }
  bool isOurs(const std::string& path) const {
    const auto begins = [&](const std::string& file) { return path.starts_with(file); };
    return std::ranges::any_of(files_, begins) && !path.ends_with("-shm");
  }
  /// Before each change. Does not return at the n-th.
  void count() {
    if (left_ > 0 && --left_ == 0) ::kill(::getpid(), SIGKILL);
  }
  void noteWrite(int descriptor, const std::string& path, off64_t offset, size_t length) {
    struct stat info{};
    if (::fstat(descriptor, &info) != 0) return;
    const auto had = static_cast<size_t>(
        std::clamp<off64_t>(info.st_size - offset, 0, static_cast<off64_t>(length)));
    std::string note = "W " + std::to_string(path.size()) + " " + std::to_string(offset) + " " +
                       std::to_string(info.st_size) + " " + std::to_string(had) + "\n" + path;
    const size_t head = note.size();
    note.resize(head + had);
    if (had > 0) real<Pread>("pread64")(descriptor, note.data() + head, had, offset);
    put(note);
  }
  void noteSync(const std::string& path) {
    put("S " + std::to_string(path.size()) + "\n" + path);
  }

  std::mutex mutex;

 private:
  void put(const std::string& note) const {
    (void)!real<Write>("write")(notes_, note.data(), note.size());
  }

  std::vector<std::string> files_;
  std::atomic<long> left_ = 0;
  int notes_ = -1;
};

CrashPoint& point() {
  static CrashPoint made;
  return made;
}

ssize_t writeAt(int descriptor, const void* from, size_t length, off64_t offset) {
  const std::string path = point().pathOf(descriptor);
  const auto call = real<Pwrite>("pwrite64");
  if (path.empty()) return call(descriptor, from, length, offset);
  const std::lock_guard lock(point().mutex);
  point().count();
  point().noteWrite(descriptor, path, offset, length);
  return call(descriptor, from, length, offset);
}

int truncateTo(int descriptor, off64_t size) {
  const std::string path = point().pathOf(descriptor);
  const auto call = real<Truncate>("ftruncate64");
  if (path.empty()) return call(descriptor, size);
  const std::lock_guard lock(point().mutex);
  point().count();
  struct stat info{};
  if (::fstat(descriptor, &info) == 0 && info.st_size > size) {
    point().noteWrite(descriptor, path, size, static_cast<size_t>(info.st_size - size));
  }
  return call(descriptor, size);
}

int syncBy(const char* name, int descriptor) {
  const std::string path = point().pathOf(descriptor);
  if (path.empty()) return real<Sync>(name)(descriptor);
  const std::lock_guard lock(point().mutex);
  point().count();
  const int done = real<Sync>(name)(descriptor);
  if (done == 0) point().noteSync(path);
  return done;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int descriptor, const void* from, size_t length, off64_t offset) {
  return writeAt(descriptor, from, length, offset);
}
ssize_t pwrite(int descriptor, const void* from, size_t length, off_t offset) {
  return writeAt(descriptor, from, length, offset);
}
ssize_t write(int descriptor, const void* from, size_t length) {
  const std::string path = point().pathOf(descriptor);
  if (path.empty()) return real<Write>("write")(descriptor, from, length);
  const off_t offset = ::lseek(descriptor, 0, SEEK_CUR);
  const std::lock_guard lock(point().mutex);
  point().count();
  point().noteWrite(descriptor, path, offset, length);
  return real<Write>("write")(descriptor, from, length);
}
int ftruncate64(int descriptor, off64_t size) noexcept { return truncateTo(descriptor, size); }
int ftruncate(int descriptor, off_t size) noexcept { return truncateTo(descriptor, size); }
int fdatasync(int descriptor) { return syncBy("fdatasync", descriptor); }
int fsync(int descriptor) { return syncBy("fsync", descriptor); }
int unlink(const char* path) noexcept {
  if (point().isOurs(path)) {
    const std::lock_guard lock(point().mutex);
    point().count();
    point().noteSync(path);
  }
  return real<Unlink>("unlink")(path);
}

}  // extern "C"
