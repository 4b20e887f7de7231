// Reactor: the event loop of a run. Everything in a run happens on one thread, one closure at a
// time; timers, results of workers and ends of processes are its events.
#pragma once

#include <cstdint>
#include <functional>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/host/serial_id.h"

namespace wfc::host {

/// A closure that the reactor runs; it must not throw.
using Task = std::function<void()>;

struct TimerTag;
/// Names a timer until it has fired or been stopped.
using TimerId = SerialId<TimerTag>;

/// PosixReactor is the real one; SimulatedHost runs on virtual time.
class Reactor {
 public:
  virtual ~Reactor() = default;
  [[nodiscard]] virtual const Clock& clock() const = 0;

  /// Calls `task` on the reactor's thread, after the current task and after those posted before.
  /// May be called from any thread; all other functions only on the reactor's.
  virtual void Post(Task task) = 0;
  /// Calls `task` when `clock().Now()` reaches `at`; a time in the past is due at once. Timers that
  /// are due at the same instant run in the order in which they were started.
  virtual TimerId StartTimer(int64_t at, Task task) = 0;
  /// After this call the task is not called; does nothing if the timer has fired.
  virtual void StopTimer(TimerId id) = 0;
  /// Calls `work` on a worker thread, then `done` on the reactor's. For work that blocks or needs
  /// much CPU time; `work` must not share data with the reactor's thread.
  virtual void RunOnWorker(Task work, Task done) = 0;
  /// Handles SIGINT, SIGTERM, SIGQUIT, SIGXCPU, and SIGHUP unless that is ignored. `handler`
  /// receives the number of signals so far: 1 for the first, 2 for the second, and so on. Without a
  /// handler these signals end the process as usual.
  virtual void OnInterrupt(std::function<void(int)> handler) = 0;

  /// Runs events until `Stop`, or until no event can occur any more.
  virtual void Run() = 0;
  /// Ends `Run` after the current task.
  virtual void Stop() = 0;
};

}  // namespace wfc::host
