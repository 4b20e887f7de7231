// Spawn: starts one child, with pipes to it and a pidfd, for PosixProcesses. Until it executes, the
// child shares this process's memory, so that the cost does not grow with the size of the process.
#pragma once

#include <sys/types.h>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/processes.h"

namespace wfc::host {

/// A started child, and our ends of its pipes. None of the pipes blocks.
struct SpawnedChild {
  pid_t pid = 0;  ///< the number of the child and of its process group
  OwnedDescriptor pidfd;
  OwnedDescriptor stdin_pipe;   ///< to write to; not open when there is no input
  OwnedDescriptor stdout_pipe;  ///< to read from
  OwnedDescriptor stderr_pipe;
};

/// The stack and the parameters of a child until it executes; used for one start at a time.
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

/// Starts the executable of `spec`. The child dies with the thread that starts it, and is the
/// subreaper of its own tree. `null_device` is a descriptor of /dev/null. On failure nothing is
/// left running.
[[nodiscard]] Result<SpawnedChild, SpawnError> Spawn(const ProcessSpec& spec, int null_device,
                                                     const SpawnMemory& memory);

}  // namespace wfc::host
