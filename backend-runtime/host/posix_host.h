// PosixHost: the reactor and the processes of the real machine; wfc-run makes one. They use epoll,
// pidfds, pipes, a signalfd, an eventfd, a timerfd and a few worker threads.
#pragma once

#include <memory>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/reactor.h"

namespace wfc::host {

/// How a PosixHost is set up.
struct PosixHostOptions {
  /// Threads for blocking work (Reactor::RunOnWorker).
  int worker_count = 2;
};

/// Owns both; children that still run when it is destroyed are killed.
class PosixHost {
 public:
  virtual ~PosixHost() = default;
  [[nodiscard]] virtual Reactor& reactor() = 0;
  [[nodiscard]] virtual Processes& processes() = 0;
};

/// Prepares the process for running children. It ignores SIGPIPE and SIGXFSZ, so that the writes
/// concerned fail with an error; resets SIGCHLD, so that the exit status of children is available;
/// and keeps the numbers of the standard descriptors occupied. Call it once, at the start of
/// `main`; `MakePosixHost` calls it too.
void PrepareProcess();

/// Fails, with a message for people, when the kernel does not provide the descriptors.
[[nodiscard]] Result<std::unique_ptr<PosixHost>> MakePosixHost(
    const PosixHostOptions& options = {});

}  // namespace wfc::host
