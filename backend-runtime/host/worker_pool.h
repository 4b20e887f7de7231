// WorkerPool: the threads on which PosixReactor runs closures that block or need much CPU time.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace wfc::host {

/// Jobs start in the order of submission; they must not throw.
class WorkerPool {
 public:
  /// `worker_count` is at least 1. The threads start with the first job.
  explicit WorkerPool(int worker_count) : worker_count_(worker_count) {}
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// Waits for the jobs that have begun; jobs that have not begun are dropped.
  ~WorkerPool();

  /// Call it from one thread only.
  void Submit(std::function<void()> job);

 private:
  void StartThreads();
  void Work();

  int worker_count_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<std::function<void()>> jobs_;
  bool is_closing_ = false;
};

}  // namespace wfc::host
