// TimerQueue: tasks by the time they are due, and in the order of their start within one instant.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "backend-runtime/host/reactor.h"

namespace wfc::host {

class TimerQueue {
 public:
  TimerId Add(int64_t at, Task task) {
    const TimerId id = next_id_++;
    tasks_.emplace(std::pair(at, id), std::move(task));
    due_times_.emplace(id, at);
    return id;
  }
  void Remove(TimerId id) {
    const auto found = due_times_.find(id);
    if (found == due_times_.end()) return;
    tasks_.erase({found->second, id});
    due_times_.erase(found);
  }
  [[nodiscard]] bool empty() const { return tasks_.empty(); }
  /// When the first is due; not empty.
  [[nodiscard]] int64_t first_due() const { return tasks_.begin()->first.first; }
  /// Takes the first task that is due at `now` out.
  std::optional<Task> Pop(int64_t now) {
    if (tasks_.empty() || first_due() > now) return std::nullopt;
    auto node = tasks_.extract(tasks_.begin());
    due_times_.erase(node.key().second);
    return std::move(node.mapped());
  }

 private:
  std::map<std::pair<int64_t, TimerId>, Task> tasks_;
  std::unordered_map<TimerId, int64_t> due_times_;
  TimerId next_id_ = 1;
};

}  // namespace wfc::host
