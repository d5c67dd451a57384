// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/journal_recovery.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "pipelines/store/write_ahead_log.h"

namespace vardnav::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;  // of every journal
constexpr std::string_view kDatabaseMark{"SQLite format 3\0", 16};

std::unexpected<Error> diskFault(const std::string& path, const std::error_code& fault) {
  return fail(ErrorCode::kStorage, "the damaged journal cannot be set aside: " + path + ": " +
                                       fault.message() + "; free space, or mend the disk");
}

Result<void> syncDirectoryOf(const std::string& path) {
  const std::string directory = fs::path(path).parent_path().string();
  const int file = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_CLOEXEC);
  const bool isSynced = file >= 0 && ::fsync(file) == 0;
  const std::error_code fault(errno, std::generic_category());
  if (file >= 0) ::close(file);
  return isSynced ? Result<void>{} : diskFault(directory, fault);
}

Result<void> removeDatabase(const std::string& path) {
  for (const char* companion : {"", "-wal", "-shm"}) {
    std::error_code fault;
    fs::remove(path + companion, fault);
    if (fault) return diskFault(path + companion, fault);
  }
  return {};
}

/// The new journal takes the old one's place; false: there is none that waits for it.
Result<bool> finish(const std::string& path) {
  const std::string salvaged = path + ".salvaged";
  if (!fs::exists(salvaged)) return false;
  // A log that is left would be replayed into the new journal.
  if (auto removed = removeDatabase(path); !removed) return std::unexpected(removed.error());
  if (auto synced = syncDirectoryOf(path); !synced) return std::unexpected(synced.error());
  std::error_code fault;
  fs::rename(salvaged, path, fault);
  if (fault) return diskFault(salvaged, fault);
  if (auto synced = syncDirectoryOf(path); !synced) return std::unexpected(synced.error());
  return true;
}

/// Both files under a name of their own, without moving them: a kill in between loses neither.
Result<std::string> keep(const std::string& path, UtcTime now) {
  std::string stamp = toRfc3339(now).substr(0, 19) + "Z";
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  std::string kept = path + ".damaged-" + stamp;
  for (int number = 2; fs::exists(kept); ++number) {
    kept = path + ".damaged-" + stamp + "." + std::to_string(number);
  }
  for (const char* companion : {"-wal", ""}) {
    if (!fs::exists(path + companion)) continue;
    std::error_code fault;
    fs::create_hard_link(path + companion, kept + companion, fault);
    if (fault) fs::copy_file(path + companion, kept + companion, fault);
    if (fault) return diskFault(kept, fault);
  }
  if (auto synced = syncDirectoryOf(path); !synced) return std::unexpected(synced.error());
  return kept;
}

/// 0 also where it is missing.
std::uintmax_t sizeOf(const std::string& path) {
  std::error_code fault;
  const auto size = fs::file_size(path, fault);
  return fault ? 0 : size;
}

using Page = std::array<std::uint8_t, kPage>;

Page readPage(const std::string& path, std::uint32_t number) {
  Page page{};
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>((number - 1) * kPage));
  file.read(reinterpret_cast<char*>(page.data()), kPage);
  return page;
}

Result<void> writePage(const std::string& path, std::uint32_t number, const Page& page) {
  if (!fs::exists(path)) std::ofstream(path, std::ios::binary).flush();
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>((number - 1) * kPage));
  file.write(reinterpret_cast<const char*>(page.data()), kPage);
  file.flush();
  if (file) return {};
  return fail(ErrorCode::kStorage, path + " cannot be written: free space, or mend the disk");
}

std::uint32_t numberAt(const Page& page, std::size_t place, std::size_t octets) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < octets; ++i) number = number << 8 | page.at(place + i);
  return number;
}

/// Children of the first page, which is the root of the schema; none if it has all of it itself.
std::vector<std::uint32_t> schemaPages(const Page& first) {
  constexpr std::size_t kTree = 100;  // behind the file's header
  constexpr std::uint8_t kInterior = 5;
  std::vector<std::uint32_t> pages;
  if (first[kTree] != kInterior) return pages;
  const std::uint32_t cells = numberAt(first, kTree + 3, 2);
  for (std::uint32_t cell = 0; cell < cells; ++cell) {
    pages.push_back(numberAt(first, numberAt(first, kTree + 12 + 2 * cell, 2), 4));
  }
  pages.push_back(numberAt(first, kTree + 8, 4));
  return pages;
}

/// Without its schema SQLite reads nothing of a file. Journals that were begun alike have theirs on
/// the same pages: those of `target`, new and closed, are lent to `source`.
Result<void> lendSchema(const std::string& target, const std::string& source) {
  const Page first = readPage(target, 1);
  if (auto lent = writePage(source, 1, first); !lent) return lent;
  for (const std::uint32_t number : schemaPages(first)) {
    if (auto lent = writePage(source, number, readPage(target, number)); !lent) return lent;
  }
  return {};
}

/// SQLite refuses a file that is shorter than its header says, unless another program is said to
/// have changed it since.
Result<void> forgetLength(const std::string& source) {
  constexpr std::size_t kChanges = 24;
  constexpr std::size_t kLengthIsOf = 92;
  Page first = readPage(source, 1);
  first[kLengthIsOf] = static_cast<std::uint8_t>(first[kChanges] ^ 0xff);
  return writePage(source, 1, first);
}

bool beginsLikeADatabase(const std::string& path) {
  std::array<char, kDatabaseMark.size()> mark{};
  std::ifstream(path, std::ios::binary).read(mark.data(), mark.size());
  return std::string_view(mark.data(), mark.size()) == kDatabaseMark;
}

/// A new journal, closed, at `target`.
Result<void> makeNew(const std::string& target) {
  if (auto removed = removeDatabase(target); !removed) return removed;
  const auto made = SqliteJournal::open(target);
  return made ? Result<void>{} : std::unexpected(made.error());
}

Result<void> copyDatabase(const std::string& from, const std::string& to) {
  if (auto removed = removeDatabase(to); !removed) return removed;
  for (const char* companion : {"", "-wal"}) {
    if (!fs::exists(from + companion)) continue;
    std::error_code fault;
    fs::copy_file(from + companion, to + companion, fault);
    if (fault) return diskFault(to + companion, fault);
  }
  return {};
}

/// Closed when it returns, so that all of it is in `target` itself.
Result<Salvaged> salvageOnce(const std::string& source, const std::string& target, UtcTime now) {
  auto database = sqlite::Database::openAgain(target);
  if (!database) return std::unexpected(database.error());
  return salvage(source, *database, now);
}

Result<Salvaged> salvageAll(const std::string& path, const std::string& target, UtcTime now) {
  const std::string source = path + ".source";
  if (auto copied = copyDatabase(path, source); !copied) return std::unexpected(copied.error());
  Result<Salvaged> salvaged = Salvaged{.isWhole = false};
  bool isLent = false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (auto made = makeNew(target); !made) return std::unexpected(made.error());
    if (!isLent && (attempt == 1 || !beginsLikeADatabase(source))) {
      if (auto lent = lendSchema(target, source); !lent) return std::unexpected(lent.error());
      isLent = true;
    }
    if (auto done = forgetLength(source); !done) return std::unexpected(done.error());
    salvaged = salvageOnce(source, target, now);
    if (!salvaged) return salvaged;
    if (isLent) salvaged->isWhole = false;
    if (salvaged->isWhole || salvaged->captures > 0 || isLent) break;
  }
  if (auto removed = removeDatabase(source); !removed) return std::unexpected(removed.error());
  return salvaged;
}

Result<Recovery> recover(const std::string& path, UtcTime now) {
  const std::string target = path + ".salvaging";
  const auto salvaged = salvageAll(path, target, now);
  if (!salvaged) return std::unexpected(salvaged.error());
  const auto kept = keep(path, now);
  if (!kept) return std::unexpected(kept.error());
  std::error_code fault;
  fs::rename(target, path + ".salvaged", fault);
  if (fault) return diskFault(target, fault);
  if (auto synced = syncDirectoryOf(path); !synced) return std::unexpected(synced.error());
  if (auto finished = finish(path); !finished) return std::unexpected(finished.error());
  return Recovery{*kept, *salvaged};
}

}  // namespace

Result<OpenedJournal> openJournal(const std::string& path, UtcTime now) {
  if (auto finished = finish(path); !finished) return std::unexpected(finished.error());
  OpenedJournal opened;
  const auto hides = hidesCommits(path + "-wal");
  if (!hides) return std::unexpected(hides.error());
  // A log without its database is no new journal; SQLite would remove it.
  const bool isEmpty = sizeOf(path) == 0;
  opened.isNew = isEmpty && sizeOf(path + "-wal") == 0;
  if (opened.isNew || (!isEmpty && !*hides)) {
    auto journal = SqliteJournal::open(path);
    if (journal) {
      opened.journal = *std::move(journal);
      return opened;
    }
    if (!sqlite::isDamaged(path)) return std::unexpected(journal.error());
  }
  auto recovery = recover(path, now);
  if (!recovery) return std::unexpected(recovery.error());
  opened.recovery = *std::move(recovery);
  auto journal = SqliteJournal::open(path);
  if (!journal) return std::unexpected(journal.error());
  opened.journal = *std::move(journal);
  return opened;
}

}  // namespace vardnav::store
