// PosixHost: the reactor and the processes of the real machine: epoll over pidfds, pipes, a
// signalfd and an eventfd, timers in a heap, and a few worker threads.
#pragma once

#include <memory>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/reactor.h"

namespace wfc::host {

struct PosixHostOptions {
  int worker_count = 2;
};

class PosixHost {
 public:
  virtual ~PosixHost() = default;
  [[nodiscard]] virtual Reactor& reactor() = 0;
  [[nodiscard]] virtual Processes& processes() = 0;
};

/// Ignores SIGPIPE and SIGXFSZ, so that writes fail with an error, lets children tell how they
/// ended, and keeps the standard descriptors' numbers taken. Once, at the start of `main`;
/// `MakePosixHost` does it too.
void PrepareProcess();

/// The error is why the kernel refused, for people.
[[nodiscard]] Result<std::unique_ptr<PosixHost>> MakePosixHost(
    const PosixHostOptions& options = {});

}  // namespace wfc::host
