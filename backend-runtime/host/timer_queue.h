// TimerQueue: the pending timers of PosixReactor, ordered by due time and, within one instant, by
// the order in which they were added.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "backend-runtime/host/reactor.h"

namespace wfc::host {

/// Times are readings of Clock::Now. Not thread-safe.
class TimerQueue {
 public:
  TimerId Add(int64_t at, Task task) {
    const TimerId id(++added_count_);
    tasks_.emplace(std::pair(at, id), std::move(task));
    due_times_.emplace(id, at);
    return id;
  }
  /// Does nothing if the timer has been popped or removed.
  void Remove(TimerId id) {
    const auto found = due_times_.find(id);
    if (found == due_times_.end()) return;
    tasks_.erase({found->second, id});
    due_times_.erase(found);
  }
  [[nodiscard]] bool empty() const { return tasks_.empty(); }
  /// The due time of the first task. The queue must not be empty.
  [[nodiscard]] int64_t first_due() const { return tasks_.begin()->first.first; }
  /// Removes and returns the first task if it is due at `now`.
  std::optional<Task> Pop(int64_t now) {
    if (tasks_.empty() || first_due() > now) return std::nullopt;
    auto node = tasks_.extract(tasks_.begin());
    due_times_.erase(node.key().second);
    return std::move(node.mapped());
  }

 private:
  std::map<std::pair<int64_t, TimerId>, Task> tasks_;
  std::unordered_map<TimerId, int64_t> due_times_;
  uint64_t added_count_ = 0;
};

}  // namespace wfc::host
