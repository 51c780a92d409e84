// A shim round SQLite's file layer that fails at the n-th call: of writing, syncing, truncating, locking,
// opening and deleting. It takes the place of the usual one for the whole program. Calls may come from any
// thread.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

namespace faulty_vfs {

enum class Fault { io_error, no_space, short_write, interrupted, locked };

inline std::atomic<int> calls{0}, fails_at{0};
inline std::atomic<Fault> fault{Fault::io_error};
inline std::atomic<bool> stays{false};  ///< every later call fails too

inline void arm(int n, Fault kind, bool for_good = false) {
  calls = 0;
  fault = kind;
  stays = for_good;
  fails_at = n;
}
inline int disarm() {
  fails_at = 0;
  return calls;
}
inline bool strikes() {
  const int n = fails_at;
  if (n == 0) return false;
  const int now = ++calls;
  return now == n || (stays && now > n);
}
/// Of calls that take no lock: none of them is ever refused because somebody else holds one, and SQLite takes
/// SQLITE_BUSY of a write for a success of its own.
inline bool work_strikes() {
  return fault != Fault::locked && strikes();
}
/// What a call that fails returns; `usual` where it is of no such kind.
inline int result_of(int usual) {
  switch (fault.load()) {
    case Fault::no_space:
      return SQLITE_FULL;
    case Fault::interrupted:
      return SQLITE_INTERRUPT;
    case Fault::locked:
      return SQLITE_BUSY;
    default:
      return usual;
  }
}

struct File {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
inline sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->real();
}
inline sqlite3_vfs* usual = nullptr;

inline int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  if (!work_strikes()) return real(file)->pMethods->xWrite(real(file), data, size, at);
  if (fault == Fault::short_write) real(file)->pMethods->xWrite(real(file), data, size / 2, at);
  return result_of(SQLITE_IOERR_WRITE);
}
inline int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return work_strikes() ? result_of(SQLITE_IOERR_TRUNCATE)
                        : real(file)->pMethods->xTruncate(real(file), size);
}
inline int sync(sqlite3_file* file, int flags) {
  return work_strikes() ? result_of(SQLITE_IOERR_FSYNC) : real(file)->pMethods->xSync(real(file), flags);
}
inline int lock(sqlite3_file* file, int level) {
  return strikes() ? result_of(SQLITE_IOERR_LOCK) : real(file)->pMethods->xLock(real(file), level);
}
inline int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return work_strikes() ? result_of(SQLITE_IOERR_SHMMAP)
                        : real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
inline int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  const bool takes = (flags & SQLITE_SHM_LOCK) != 0;  // giving back does not fail
  return takes && strikes() ? result_of(SQLITE_IOERR_SHMLOCK)
                            : real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

inline const sqlite3_io_methods* methods() {
  static const sqlite3_io_methods all = [] {
    sqlite3_io_methods made{};
    made.iVersion = 2;
    made.xClose = [](sqlite3_file* f) {
      return real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
    };
    made.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
      return real(f)->pMethods->xRead(real(f), to, size, at);
    };
    made.xWrite = write;
    made.xTruncate = truncate;
    made.xSync = sync;
    made.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return real(f)->pMethods->xFileSize(real(f), size);
    };
    made.xLock = lock;
    made.xUnlock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); };
    made.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return real(f)->pMethods->xCheckReservedLock(real(f), out);
    };
    made.xFileControl = [](sqlite3_file* f, int op, void* argument) {
      return real(f)->pMethods->xFileControl(real(f), op, argument);
    };
    made.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
    made.xDeviceCharacteristics = [](sqlite3_file* f) {
      return real(f)->pMethods->xDeviceCharacteristics(real(f));
    };
    made.xShmMap = shm_map;
    made.xShmLock = shm_lock;
    made.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    made.xShmUnmap = [](sqlite3_file* f, int del) { return real(f)->pMethods->xShmUnmap(real(f), del); };
    return made;
  }();
  return &all;
}

inline int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* got) {
  file->pMethods = nullptr;
  if (work_strikes()) return result_of(SQLITE_CANTOPEN);
  std::memset(static_cast<void*>(real(file)), 0, static_cast<std::size_t>(usual->szOsFile));
  const int result = usual->xOpen(usual, name, real(file), flags, got);
  if (real(file)->pMethods) file->pMethods = methods();
  return result;
}

/// Before the first database is opened.
inline void install() {
  usual = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs shim;
  shim = *usual;
  shim.zName = "faulty";
  shim.szOsFile = static_cast<int>(sizeof(File)) + usual->szOsFile;
  shim.xOpen = open;
  shim.xDelete = [](sqlite3_vfs*, const char* name, int sync) {
    return work_strikes() ? result_of(SQLITE_IOERR_DELETE) : usual->xDelete(usual, name, sync);
  };
  shim.xAccess = [](sqlite3_vfs*, const char* name, int flags, int* out) {
    return usual->xAccess(usual, name, flags, out);
  };
  shim.xFullPathname = [](sqlite3_vfs*, const char* name, int size, char* out) {
    return usual->xFullPathname(usual, name, size, out);
  };
  sqlite3_vfs_register(&shim, 1);
}

}  // namespace faulty_vfs
