// VirtualQueue: a reactor's queue in virtual time, as little of one as journals need.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace wfc::journal {

class VirtualQueue {
 public:
  void Post(std::function<void()> task) { PostLater(0, std::move(task)); }
  void PostLater(int64_t delay, std::function<void()> task) {
    tasks_.emplace(now_ + delay, std::move(task));
  }
  /// Runs the next task; false when there is none.
  bool RunOne() {
    if (tasks_.empty()) return false;
    const auto first = tasks_.begin();
    now_ = first->first;
    const std::function<void()> task = std::move(first->second);
    tasks_.erase(first);
    task();
    return true;
  }
  void RunAll() {
    while (RunOne()) {
    }
  }

 private:
  int64_t now_ = 0;
  std::multimap<int64_t, std::function<void()>> tasks_;
};

}  // namespace wfc::journal
