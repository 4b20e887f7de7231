// Reactor: one thread on which everything of a run happens, one closure at a time; timers, results
// of workers and ends of processes are its events.
#pragma once

#include <cstdint>
#include <functional>

#include "backend-runtime/host/clock.h"

namespace wfc::host {

using Task = std::function<void()>;

/// Names a timer until it has fired or been stopped.
using TimerId = uint64_t;

class Reactor {
 public:
  virtual ~Reactor() = default;
  [[nodiscard]] virtual const Clock& clock() const = 0;

  /// Calls `task` on the reactor's thread, after the current one. From any thread.
  virtual void Post(Task task) = 0;
  /// Calls `task` when the clock shows `at`; timers of one instant in the order they were started.
  virtual TimerId StartTimer(int64_t at, Task task) = 0;
  /// After it the task is not called; nothing if it has been.
  virtual void StopTimer(TimerId id) = 0;
  /// `work` on a worker thread (it blocks, or burns CPU; it shares nothing), then `done` on the
  /// reactor's.
  virtual void RunOnWorker(Task work, Task done) = 0;
  /// INT, TERM, QUIT, XCPU, and HUP unless it is ignored: `handler` gets 1 for the first, 2 for the
  /// second…; without a handler they end the process as usual.
  virtual void OnInterrupt(std::function<void(int)> handler) = 0;

  /// Runs events until `Stop`, or until nothing can happen any more.
  virtual void Run() = 0;
  /// Ends `Run` after the current task.
  virtual void Stop() = 0;
};

}  // namespace wfc::host
