// WorkerPool: a few threads that run closures, for what blocks or burns CPU.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace wfc::host {

class WorkerPool {
 public:
  /// Threads start with the first job.
  explicit WorkerPool(int worker_count) : worker_count_(worker_count) {}
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// Waits for the jobs that have begun; the others are dropped.
  ~WorkerPool();

  /// From one thread only.
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
