// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/in_hand_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <type_traits>

#include "pipelines/model/digest.h"

namespace vardnav::cloud::store {

// What the file holds, in the byte order of the machine: it never leaves it.
struct InHandFile::Page {
  struct Suspect {
    Key128 work;
    std::uint32_t endings;  ///< 0: free
    std::uint32_t order;    ///< of its newest ending
  };
  Key128 mark;
  Key128 atWork;
  std::atomic<std::uint32_t> isAtWork;  ///< set after atWork: a torn note is none
  std::uint32_t newest;
  std::array<Suspect, 64> suspects;
};

namespace {

Key128 markOf(std::string_view version) {
  return DigestBuilder().add("vardnav-care in hand 1").add(version).key();
}

}  // namespace

Result<std::unique_ptr<InHandFile>> InHandFile::open(const std::string& path,
                                                     std::string_view version) {
  static_assert(std::is_standard_layout_v<Page> && std::atomic<std::uint32_t>::is_always_lock_free);
  const auto cannot = [&path] {
    return fail(ErrorCode::kStorage, path + " cannot be mapped (" + std::strerror(errno) +
                                         "): its directory must be writable, on a local disk");
  };
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return cannot();
  // Blocks of its own: a disk that fills up later must not end the process at a write.
  const int refused = ::posix_fallocate(descriptor, 0, sizeof(Page));
  void* memory = MAP_FAILED;
  if (refused == 0) {
    memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  } else {
    errno = refused;
  }
  if (memory == MAP_FAILED) {
    auto fault = cannot();
    ::close(descriptor);
    return fault;
  }
  ::close(descriptor);
  std::unique_ptr<InHandFile> file(new InHandFile(static_cast<Page*>(memory)));
  if (const Key128 mark = markOf(version); file->page_->mark != mark) {
    std::memset(memory, 0, sizeof(Page));
    file->page_->mark = mark;
  }
  file->countEnding();
  return file;
}

InHandFile::~InHandFile() { ::munmap(page_, sizeof(Page)); }

void InHandFile::countEnding() {
  if (page_->isAtWork.load() == 0) return;
  auto& suspects = page_->suspects;
  auto place = std::ranges::find_if(suspects, [this](const Page::Suspect& one) {
    return one.endings > 0 && one.work == page_->atWork;
  });
  if (place == suspects.end()) {
    place = std::ranges::min_element(suspects, {}, &Page::Suspect::order);  // free, or the oldest
    *place = {page_->atWork, 0, 0};
  }
  ++place->endings;
  place->order = ++page_->newest;
  end();
}

std::uint32_t InHandFile::endings(const Key128& work) const {
  const auto& suspects = page_->suspects;
  const auto found = std::ranges::find_if(
      suspects, [&](const Page::Suspect& one) { return one.endings > 0 && one.work == work; });
  return found == suspects.end() ? 0 : found->endings;
}

void InHandFile::begin(const Key128& work) {
  end();
  page_->atWork = work;
  page_->isAtWork.store(1, std::memory_order_release);
  if (endings(work) > 0) tried_.push_back(work);
}

void InHandFile::end() { page_->isAtWork.store(0, std::memory_order_release); }

void InHandFile::done() {
  end();
  for (const Key128& work : tried_) {
    for (Page::Suspect& one : page_->suspects) {
      if (one.work == work) one = {};
    }
  }
  tried_.clear();
}

void InHandFile::gaveUp() {
  end();
  tried_.clear();
}

}  // namespace vardnav::cloud::store
