// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/power_cut_vfs.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace vardnav::simulation {

namespace {

struct File {
  sqlite3_file base;
  PowerCutVfs* owner;
  std::string* path;
  sqlite3_file* real;  // behind this struct
};

File* fileOf(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* realOf(sqlite3_file* file) { return fileOf(file)->real; }

/// What SQLite is given. It stays: connections to other files, opened meanwhile, may outlive the
/// disk, and ask it when they are closed.
sqlite3_vfs& given() {
  static sqlite3_vfs vfs{};
  return vfs;
}
/// SQLite's own.
sqlite3_vfs*& real() {
  static sqlite3_vfs* vfs = nullptr;
  return vfs;
}

}  // namespace

/// What SQLite calls.
struct VfsCalls {
  /// nullptr: the disk is gone.
  static PowerCutVfs* ownerOf(sqlite3_vfs* vfs) { return static_cast<PowerCutVfs*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* outFlags) {
    PowerCutVfs* owner = ownerOf(vfs);
    if (owner == nullptr || name == nullptr || !owner->isOurs(name)) {
      return real()->xOpen(real(), name, out, flags, outFlags);
    }
    if (owner->power_.isOff) return SQLITE_CANTOPEN;
    File* file = fileOf(out);
    file->base.pMethods = nullptr;
    file->owner = owner;
    file->real = reinterpret_cast<sqlite3_file*>(file + 1);
    const int opened = real()->xOpen(real(), name, file->real, flags, outFlags);
    if (opened != SQLITE_OK) return opened;
    file->path = new std::string(name);
    file->base.pMethods = &kMethods;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int syncDirectory) {
    PowerCutVfs* owner = ownerOf(vfs);
    if (owner != nullptr && owner->isOurs(name)) {
      if (owner->power_.isOff) return SQLITE_IOERR_DELETE;
      owner->unsynced_.erase(name);
    }
    return real()->xDelete(real(), name, syncDirectory);
  }

  static int close(sqlite3_file* file) {
    delete fileOf(file)->path;
    return realOf(file)->pMethods->xClose(realOf(file));
  }
  static int read(sqlite3_file* file, void* to, int length, sqlite3_int64 offset) {
    return realOf(file)->pMethods->xRead(realOf(file), to, length, offset);
  }
  static int write(sqlite3_file* file, const void* from, int length, sqlite3_int64 offset) {
    File* self = fileOf(file);
    PowerCutVfs& owner = *self->owner;
    if (owner.power_.isDiskFull) return SQLITE_FULL;
    if (owner.fails()) return SQLITE_IOERR_WRITE;
    owner.unsynced_[*self->path].push_back(writeOver(self->real, offset, length));
    return self->real->pMethods->xWrite(self->real, from, length, offset);
  }
  static PowerCutVfs::Write writeOver(sqlite3_file* real, sqlite3_int64 offset, int length) {
    PowerCutVfs::Write write;
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    write.offset = offset;
    write.length = length;
    write.sizeBefore = size;
    const auto had = std::clamp<sqlite3_int64>(size - offset, 0, length);
    write.before.resize(static_cast<std::size_t>(had));
    if (had > 0) real->pMethods->xRead(real, write.before.data(), static_cast<int>(had), offset);
    return write;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    File* self = fileOf(file);
    if (self->owner->fails()) return SQLITE_IOERR_TRUNCATE;
    sqlite3_int64 before = 0;
    self->real->pMethods->xFileSize(self->real, &before);
    if (size < before) {
      self->owner->unsynced_[*self->path].push_back(
          writeOver(self->real, size, static_cast<int>(before - size)));
    }
    return self->real->pMethods->xTruncate(self->real, size);
  }
  static int sync(sqlite3_file* file, int /*flags*/) {
    File* self = fileOf(file);
    if (self->owner->fails()) return SQLITE_IOERR_FSYNC;
    self->owner->unsynced_.erase(*self->path);
    return SQLITE_OK;  // in memory there is nothing to wait for
  }
  static int size(sqlite3_file* file, sqlite3_int64* size) {
    return realOf(file)->pMethods->xFileSize(realOf(file), size);
  }
  static int lock(sqlite3_file* file, int level) {
    return realOf(file)->pMethods->xLock(realOf(file), level);
  }
  static int unlock(sqlite3_file* file, int level) {
    return realOf(file)->pMethods->xUnlock(realOf(file), level);
  }
  static int reserved(sqlite3_file* file, int* isReserved) {
    return realOf(file)->pMethods->xCheckReservedLock(realOf(file), isReserved);
  }
  static int control(sqlite3_file* file, int operation, void* argument) {
    return realOf(file)->pMethods->xFileControl(realOf(file), operation, argument);
  }
  static int sectorSize(sqlite3_file* file) {
    return realOf(file)->pMethods->xSectorSize(realOf(file));
  }
  static int characteristics(sqlite3_file* /*file*/) { return 0; }  // promises nothing
  static int shmMap(sqlite3_file* file, int region, int size, int extend, void volatile** to) {
    return realOf(file)->pMethods->xShmMap(realOf(file), region, size, extend, to);
  }
  static int shmLock(sqlite3_file* file, int offset, int count, int flags) {
    return realOf(file)->pMethods->xShmLock(realOf(file), offset, count, flags);
  }
  static void shmBarrier(sqlite3_file* file) { realOf(file)->pMethods->xShmBarrier(realOf(file)); }
  static int shmUnmap(sqlite3_file* file, int isDeleted) {
    return realOf(file)->pMethods->xShmUnmap(realOf(file), isDeleted);
  }

  static constexpr sqlite3_io_methods kMethods = {
      2,        close,    read,    write,      truncate,        sync,   size,    lock,
      unlock,   reserved, control, sectorSize, characteristics, shmMap, shmLock, shmBarrier,
      shmUnmap, nullptr,  nullptr};
};

PowerCutVfs::PowerCutVfs(std::string folder, Power& power, Chance& chance)
    : folder_(std::move(folder)), power_(power), chance_(chance) {
  if (real() == nullptr) real() = sqlite3_vfs_find(nullptr);
  sqlite3_vfs& vfs = given();
  vfs = *real();
  vfs.pNext = nullptr;
  vfs.zName = "vardnav-power-cut";
  vfs.pAppData = this;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real()->szOsFile;
  vfs.xOpen = VfsCalls::open;
  vfs.xDelete = VfsCalls::remove;
  sqlite3_vfs_register(&vfs, 1);
}

PowerCutVfs::~PowerCutVfs() {
  given().pAppData = nullptr;
  sqlite3_vfs_unregister(&given());
  sqlite3_vfs_register(real(), 1);
}

bool PowerCutVfs::fails() {
  if (power_.isOff) return true;
  if (power_.operationsLeft < 0 || power_.operationsLeft-- > 0) return false;
  power_.off();
  return true;
}

void PowerCutVfs::restore() {
  for (auto& [path, writes] : unsynced_) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) continue;
    const auto kept =
        static_cast<std::size_t>(chance_.between(0, static_cast<std::int64_t>(writes.size())));
    while (writes.size() > kept) {
      const Write& write = writes.back();
      // The first one taken back may have reached the disk in part.
      const bool isTorn = writes.size() == kept + 1 && chance_.happens(500);
      const auto from = static_cast<std::size_t>(
          isTorn ? chance_.between(0, static_cast<std::int64_t>(write.before.size())) : 0);
      (void)!::pwrite(file, write.before.data() + from, write.before.size() - from,
                      write.offset + static_cast<std::int64_t>(from));
      if (!isTorn) (void)!::ftruncate(file, write.sizeBefore);
      writes.pop_back();
      ++takenBack;
    }
    ::close(file);
  }
  unsynced_.clear();
  // The shared memory of a WAL is gone with the machine.
  ::unlink((folder_ + "/journal.db-shm").c_str());
}

}  // namespace vardnav::simulation
