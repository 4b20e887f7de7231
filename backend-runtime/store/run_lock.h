// RunLock: one process drives a run at a time. The lock is an OFD lock of the file `lock` in the
// run's folder, which the kernel frees when its holder ends, however that happens. What the file
// says of the holder is for others to name it by; only the lock itself counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/process_identity.h"
#include "ir/base/result.h"

namespace wfc::store {

/// Why a run's lock was not taken.
struct LockError {
  enum class Kind : uint8_t {
    Held,    ///< another process has it
    Failed,  ///< the file cannot be used
  };
  Kind kind = Kind::Failed;
  std::string message;                          ///< for people
  std::optional<host::ProcessIdentity> holder;  ///< what the file says of it, if anything
};

/// Whether somebody drives a run, as its lock says.
struct LockState {
  bool is_held = false;
  std::optional<host::ProcessIdentity> holder = {};  ///< what the file says of it, if anything
};
/// Asks the lock of the run in `folder` without taking it, so that nobody is kept from taking it
/// meanwhile. A lock that cannot be asked counts as one that nobody holds.
[[nodiscard]] LockState InspectLock(const std::string& folder);

/// A lock that is held until it is destroyed.
class RunLock {
 public:
  using Taken = Result<RunLock, LockError>;

  RunLock(RunLock&&) = default;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

  /// Takes the lock of the run in `folder`, an absolute path, if nobody holds it.
  [[nodiscard]] static Taken Take(const std::string& folder);
  /// Takes the lock also from a process that holds it. That process is killed first, if it is
  /// known for certain: by its number and start, on this machine since its last boot. Otherwise the
  /// error is the one of `Take`. Blocks until the process has ended.
  [[nodiscard]] static Taken TakeOver(const std::string& folder);

 private:
  explicit RunLock(host::OwnedDescriptor file) : file_(std::move(file)) {}

  host::OwnedDescriptor file_;
};

}  // namespace wfc::store
