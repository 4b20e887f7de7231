#include "tests/backend-runtime/store/faulty_vfs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

#include <sqlite3.h>
#include <unistd.h>

#include "ir/base/check.h"

namespace wfc::store {
namespace {

constexpr int64_t kSectorBytes = 512;

using Operation = FaultyVfs::Operation;

// SQLite hands functions no more than a file, and opens files through a name.
FaultyVfs* current = nullptr;

/// A file of SQLite; the one of the layer below lies behind it.
struct File {
  sqlite3_file base;
  std::string* path;

  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& Of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}
sqlite3_file* Below(sqlite3_file* file) {
  return Of(file).below();
}

int Close(sqlite3_file* file) {
  const int code = Below(file)->pMethods->xClose(Below(file));
  delete Of(file).path;
  return code;
}
int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  if (current->Fails(Operation::Read)) return SQLITE_IOERR_READ;
  return Below(file)->pMethods->xRead(Below(file), to, size, offset);
}
int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  const bool fails = current->Fails(Operation::Write);
  // Systems cut writes at the boundaries of blocks.
  constexpr int kBlock = static_cast<int>(kSectorBytes);
  const bool is_short = fails && current->kind() == FaultyVfs::Kind::ShortWrite;
  const int written = is_short ? size / 2 / kBlock * kBlock : size;
  if (fails && !is_short) {
    return current->kind() == FaultyVfs::Kind::NoSpace ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  current->BeforeWrite(*Of(file).path, offset, written);
  const int code = Below(file)->pMethods->xWrite(Below(file), from, written, offset);
  return fails ? SQLITE_FULL : code;
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (current->Fails(Operation::Truncate)) return SQLITE_IOERR_TRUNCATE;
  current->BeforeTruncate(*Of(file).path, size);
  return Below(file)->pMethods->xTruncate(Below(file), size);
}
int Sync(sqlite3_file* file, int flags) {
  if (current->Fails(Operation::Sync)) return SQLITE_IOERR_FSYNC;
  const int code = Below(file)->pMethods->xSync(Below(file), flags);
  current->AfterSync(*Of(file).path);
  return code;
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Below(file)->pMethods->xFileSize(Below(file), size);
}
int Lock(sqlite3_file* file, int kind) {
  return Below(file)->pMethods->xLock(Below(file), kind);
}
int Unlock(sqlite3_file* file, int kind) {
  return Below(file)->pMethods->xUnlock(Below(file), kind);
}
int CheckReservedLock(sqlite3_file* file, int* result) {
  return Below(file)->pMethods->xCheckReservedLock(Below(file), result);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Below(file)->pMethods->xFileControl(Below(file), operation, argument);
}
int SectorSize(sqlite3_file* file) {
  return Below(file)->pMethods->xSectorSize(Below(file));
}
int DeviceCharacteristics(sqlite3_file* file) {
  return Below(file)->pMethods->xDeviceCharacteristics(Below(file));
}
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
  return Below(file)->pMethods->xShmMap(Below(file), page, size, extend, to);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  current->CountLock();
  return Below(file)->pMethods->xShmLock(Below(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) {
  Below(file)->pMethods->xShmBarrier(Below(file));
}
int ShmUnmap(sqlite3_file* file, int remove) {
  return Below(file)->pMethods->xShmUnmap(Below(file), remove);
}

const sqlite3_io_methods kMethods = {2,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     DeviceCharacteristics,
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     nullptr,
                                     nullptr};

sqlite3_vfs* BelowVfs(sqlite3_vfs* vfs) {
  return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (current->Fails(Operation::Open)) return SQLITE_CANTOPEN;
  const int code = BelowVfs(vfs)->xOpen(BelowVfs(vfs), path, Below(file), flags, out_flags);
  if (code != SQLITE_OK) return code;
  Of(file).path = new std::string(path != nullptr ? path : "");
  file->pMethods = &kMethods;
  return SQLITE_OK;
}
int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  if (current->Fails(Operation::Delete)) return SQLITE_IOERR_DELETE;
  const int code = BelowVfs(vfs)->xDelete(BelowVfs(vfs), path, sync_folder);
  current->AfterDelete(path);
  return code;
}

bool Concerns(FaultyVfs::Kind kind, Operation operation) {
  switch (kind) {
    case FaultyVfs::Kind::IoError:
      return true;
    case FaultyVfs::Kind::NoSpace:
    case FaultyVfs::Kind::ShortWrite:
      return operation == Operation::Write;
    case FaultyVfs::Kind::SyncFails:
      return operation == Operation::Sync;
  }
  return false;
}

int64_t SizeOf(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

std::vector<uint8_t> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::vector<uint8_t>& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(content.data()),
             static_cast<std::streamsize>(content.size()));
}

}  // namespace

struct FaultyVfs::Registration {
  std::string name = FaultyVfs::name();
  sqlite3_vfs vfs = {};
};

FaultyVfs::FaultyVfs() : registration_(std::make_unique<Registration>()) {
  WFC_CHECK(current == nullptr);
  current = this;
  sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
  sqlite3_vfs& vfs = registration_->vfs;
  vfs = *below;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + below->szOsFile;
  vfs.pNext = nullptr;
  vfs.zName = registration_->name.c_str();
  vfs.pAppData = below;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  // These are handed the layer that they belong to, which those of the layer below do not look at.
  WFC_CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&registration_->vfs);
  current = nullptr;
}

void FaultyVfs::Arm(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  count_ = 0;
  lock_count_ = 0;
  has_failed_ = false;
}

bool FaultyVfs::has_failed() const {
  const std::lock_guard lock(mutex_);
  return has_failed_;
}

FaultyVfs::Kind FaultyVfs::kind() const {
  const std::lock_guard lock(mutex_);
  return fault_.kind;
}

bool FaultyVfs::Fails(Operation operation) {
  const std::lock_guard lock(mutex_);
  if (fault_.at < 0 || !Concerns(fault_.kind, operation)) return false;
  const int64_t index = count_++;
  const bool fails = fault_.lasts ? index >= fault_.at : index == fault_.at;
  has_failed_ = has_failed_ || fails;
  return fails;
}

FaultyVfs::Unsynced& FaultyVfs::UnsyncedOf(const std::string& path) {
  const auto [found, is_new] = unsynced_.try_emplace(path);
  if (is_new) found->second.size = SizeOf(path);
  return found->second;
}

void FaultyVfs::BeforeWrite(const std::string& path, int64_t offset, int64_t size) {
  const std::lock_guard lock(mutex_);
  Unsynced& unsynced = UnsyncedOf(path);
  std::ifstream file(path, std::ios::binary);
  for (int64_t sector = offset / kSectorBytes; sector * kSectorBytes < offset + size; ++sector) {
    const auto [found, is_new] = unsynced.sectors.try_emplace(sector);
    if (!is_new) continue;
    // Beyond the end of the file the sector is zeros.
    found->second.resize(kSectorBytes);
    file.clear();
    file.seekg(sector * kSectorBytes);
    file.read(reinterpret_cast<char*>(found->second.data()), kSectorBytes);
  }
}

void FaultyVfs::BeforeTruncate(const std::string& path, int64_t size) {
  const std::lock_guard lock(mutex_);
  Unsynced& unsynced = UnsyncedOf(path);
  if (size < SizeOf(path) && !unsynced.untruncated) unsynced.untruncated = ReadFile(path);
}

void FaultyVfs::AfterSync(const std::string& path) {
  const std::lock_guard lock(mutex_);
  unsynced_.erase(path);
}

void FaultyVfs::AfterDelete(const std::string& path) {
  AfterSync(path);
}

void FaultyVfs::LoseUnsynced(Random& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, unsynced] : unsynced_) {
    if (!std::filesystem::exists(path)) continue;
    if (unsynced.untruncated && random.Below(2) == 0) {
      WriteFile(path, *unsynced.untruncated);
    } else if (!unsynced.untruncated) {
      LoseSectors(path, unsynced, random);
    }
  }
  unsynced_.clear();
}

void FaultyVfs::LoseSectors(const std::string& path, const Unsynced& unsynced, Random& random) {
  // In some crashes nearly everything is lost, and in others nearly nothing.
  const uint64_t lost_of_8 = random.Below(9);
  const int64_t size = SizeOf(path);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  for (const auto& [sector, content] : unsynced.sectors) {
    if (random.Below(8) >= lost_of_8) continue;
    file.seekp(sector * kSectorBytes);
    file.write(reinterpret_cast<const char*>(content.data()), kSectorBytes);
  }
  file.close();
  const int64_t left = random.Below(2) == 0 ? unsynced.size : std::max(size, unsynced.size);
  WFC_CHECK(truncate(path.c_str(), left) == 0);
}

}  // namespace wfc::store
