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

/// The child dies with the thread that starts it, and is the subreaper of its own tree.
/// `null_device` is a descriptor of /dev/null.
[[nodiscard]] Result<SpawnedChild, SpawnError> Spawn(const ProcessSpec& spec, int null_device);

}  // namespace wfc::host
