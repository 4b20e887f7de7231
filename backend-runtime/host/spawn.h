// Spawn: one child that shares our memory until it executes, so that our size does not matter, with
// pipes to it and a pidfd.
#pragma once

#include <sys/types.h>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/processes.h"

namespace wfc::host {

struct SpawnedChild {
  pid_t pid = 0;  ///< of the child and of its group
  OwnedDescriptor pidfd;
  OwnedDescriptor stdin_pipe;   ///< to write to; not open when there is nothing to write
  OwnedDescriptor stdout_pipe;  ///< to read from, like stderr_pipe; none of them blocks
  OwnedDescriptor stderr_pipe;
};

/// Where a child runs until it executes: its stack, and what it is told. For one start at a time.
class SpawnMemory {
 public:
  SpawnMemory();
  SpawnMemory(const SpawnMemory&) = delete;
  SpawnMemory& operator=(const SpawnMemory&) = delete;
  ~SpawnMemory();

  [[nodiscard]] void* begin() const { return begin_; }
  [[nodiscard]] void* end() const { return static_cast<char*>(begin_) + kSize; }

 private:
  static constexpr size_t kSize = 64 << 10;

  void* begin_;
};

/// The child dies with the thread that starts it, and is the subreaper of its own tree.
/// `null_device` is a descriptor of /dev/null.
[[nodiscard]] Result<SpawnedChild, SpawnError> Spawn(const ProcessSpec& spec, int null_device,
                                                     const SpawnMemory& memory);

}  // namespace wfc::host
