// FaultyVfs: a layer between SQLite and the system that fails when it is told to, and that can lose
// what was written since the last sync, as a power cut does.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/random.h"

namespace wfc::store {

/// One layer at a time. All files that are opened under its name go through it.
class FaultyVfs {
 public:
  enum class Kind : uint8_t {
    IoError,     ///< any operation fails
    NoSpace,     ///< a write fails
    ShortWrite,  ///< a write fails after half of its bytes
    SyncFails,
  };
  struct Fault {
    Kind kind = Kind::IoError;
    int64_t at = -1;  ///< the operation that fails, of those the kind concerns; -1: none
    bool lasts = false;
  };
  /// The operations that a fault can hit.
  enum class Operation : uint8_t { Open, Delete, Read, Write, Truncate, Sync };

  FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  [[nodiscard]] static std::string name() { return "faulty"; }

  /// Counts operations from now on, and fails as told.
  void Arm(Fault fault);
  /// How often the log was locked since, which everything begins with that is done to a database.
  [[nodiscard]] int64_t lock_count() const { return lock_count_; }
  /// Whether an operation has failed since.
  [[nodiscard]] bool has_failed() const;
  /// Of what was written since each file's last sync, keeps any subset of the sectors of 512 bytes.
  /// Nothing may be open.
  void LoseUnsynced(Random& random);

  /// For the functions that SQLite calls.
  [[nodiscard]] bool Fails(Operation operation);
  [[nodiscard]] Kind kind() const;
  void CountLock() { ++lock_count_; }
  void BeforeWrite(const std::string& path, int64_t offset, int64_t size);
  void BeforeTruncate(const std::string& path, int64_t size);
  void AfterSync(const std::string& path);
  void AfterDelete(const std::string& path);

 private:
  /// What a file was at its last sync, as far as it was changed since.
  struct Unsynced {
    int64_t size = 0;
    std::map<int64_t, std::vector<uint8_t>> sectors;
    /// The whole file before it was truncated, which happens or does not.
    std::optional<std::vector<uint8_t>> untruncated;
  };
  Unsynced& UnsyncedOf(const std::string& path);
  static void LoseSectors(const std::string& path, const Unsynced& unsynced, Random& random);

  struct Registration;
  std::unique_ptr<Registration> registration_;
  mutable std::mutex mutex_;
  Fault fault_;
  int64_t count_ = 0;
  std::atomic<int64_t> lock_count_ = 0;
  bool has_failed_ = false;
  std::map<std::string, Unsynced> unsynced_;
};

}  // namespace wfc::store
