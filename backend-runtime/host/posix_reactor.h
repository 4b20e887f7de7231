// PosixReactor: epoll, a timerfd on the boot clock, an eventfd that other threads ring, a thread
// that hears signals, and the workers.
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

/// Names a watched descriptor.
using WatchId = uint64_t;

class PosixReactor : public Reactor {
 public:
  /// Gets the events of epoll_wait.
  using ReadyTask = std::function<void(uint32_t)>;

  static Result<std::unique_ptr<PosixReactor>> Make(int worker_count);
  ~PosixReactor() override;

  [[nodiscard]] const Clock& clock() const override { return clock_; }
  void Post(Task task) override;
  TimerId StartTimer(int64_t at, Task task) override;
  void StopTimer(TimerId id) override { timers_.Remove(id); }
  void RunOnWorker(Task work, Task done) override;
  void OnInterrupt(std::function<void(int)> handler) override;
  void Run() override;
  void Stop() override { is_stopped_ = true; }

  /// Level-triggered; keeps `Run` going until it is unwatched. Unwatch before the descriptor
  /// closes.
  WatchId Watch(int descriptor, uint32_t events, ReadyTask task);
  /// Forgets the watch; `Closing::Yes` when the descriptor is closed next, which tells epoll
  /// itself.
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
  /// On a thread of its own, so that signals are heard while the reactor's is busy.
  void HearSignals();
  void TakeSignals();

  PosixClock clock_;
  OwnedDescriptor epoll_;
  OwnedDescriptor timer_;
  OwnedDescriptor bell_;
  OwnedDescriptor signals_;
  int64_t armed_for_ = 0;  // what the timerfd is set to; 0: nothing

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
  std::atomic<std::thread::id> thread_;  // that runs
  WorkerPool workers_;                   // last: its threads post
};

}  // namespace wfc::host
