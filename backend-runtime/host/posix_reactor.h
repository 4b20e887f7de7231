// PosixReactor: the event loop of the real machine. It waits with epoll, for a timerfd on the boot
// clock and for an eventfd that other threads write to; a separate thread receives signals, and
// worker threads run blocking jobs.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "backend-runtime/host/files.h"
#include "backend-runtime/host/reactor.h"
#include "backend-runtime/host/timer_queue.h"
#include "backend-runtime/host/worker_pool.h"

namespace wfc::host {

/// Names a watched descriptor; never reused.
using WatchId = uint64_t;

/// Besides the interface of Reactor, it watches descriptors for ChildProcess.
class PosixReactor : public Reactor {
 public:
  /// Receives the events that epoll_wait reported for the descriptor.
  using ReadyTask = std::function<void(uint32_t)>;

  /// Fails, with a message for people, when the kernel does not provide the descriptors.
  static Result<std::unique_ptr<PosixReactor>> Make(int worker_count);
  /// Discards interrupt signals that no handler has received, and waits for running worker jobs.
  ~PosixReactor() override;

  [[nodiscard]] const Clock& clock() const override { return clock_; }
  void Post(Task task) override;
  TimerId StartTimer(int64_t at, Task task) override;
  void StopTimer(TimerId id) override { timers_.Remove(id); }
  void RunOnWorker(Task work, Task done) override;
  void OnInterrupt(std::function<void(int)> handler) override;
  void Run() override;
  void Stop() override { is_stopped_ = true; }

  /// Calls `task` while the descriptor is ready for one of `events` (EPOLLIN and the like),
  /// level-triggered. A watch keeps `Run` going, and must be removed before the descriptor is
  /// closed.
  WatchId Watch(int descriptor, uint32_t events, ReadyTask task);
  /// Removes the watch. `Closing::Yes` says that the descriptor is closed next, which removes it
  /// from epoll without a further system call.
  enum class Closing : uint8_t { No, Yes };
  void Unwatch(WatchId id, int descriptor, Closing closing);

 private:
  explicit PosixReactor(int worker_count) : workers_(worker_count) {}

  [[nodiscard]] bool has_pending() const;
  void RunPosted();
  void RunTimers();
  void ArmTimer();
  void WaitForEvents();
  void Dispatch(uint64_t id, uint32_t events);
  /// Runs on a thread of its own, so that signals are received while the reactor's thread is busy.
  void HearSignals();
  void TakeSignals();

  PosixClock clock_;
  OwnedDescriptor epoll_;
  OwnedDescriptor timer_;
  OwnedDescriptor bell_;
  OwnedDescriptor signals_;
  int64_t armed_for_ = 0;  // the time that the timerfd is set to; 0 means that it is not set

  TimerQueue timers_;
  std::unordered_map<WatchId, std::shared_ptr<ReadyTask>> watches_;
  WatchId next_watch_;
  uint64_t running_jobs_ = 0;
  std::function<void(int)> interrupt_;
  bool is_stopped_ = false;
  std::atomic<int> heard_signals_ = 0;
  std::atomic<int> taken_signals_ = 0;
  OwnedDescriptor hearing_ends_;
  std::thread hearing_;

  std::mutex mutex_;
  std::deque<Task> posted_;
  std::atomic<bool> has_posted_ = false;
  std::atomic<std::thread::id> thread_;  // the thread inside `Run`
  WorkerPool workers_;                   // last, because its threads call `Post`
};

}  // namespace wfc::host
