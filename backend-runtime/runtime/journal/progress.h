// ProgressPoster: how the forms of Journal tell the driver that something has become durable.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "backend-runtime/runtime/journal/journal.h"

namespace wfc::journal {

/// Posts a handler to the reactor, once for any number of notifications that arrive before it runs.
class ProgressPoster {
 public:
  explicit ProgressPoster(Post post) : post_(std::move(post)) {}

  /// Call it on the reactor's thread, where the handler is called, too.
  void SetHandler(std::function<void()> handler) { state_->handler = std::move(handler); }
  /// Can be called from any thread. After the poster is gone the handler is not called.
  void Notify() {
    if (state_->is_posted.exchange(true)) return;
    post_([weak = std::weak_ptr(state_)] {
      if (const std::shared_ptr<State> state = weak.lock()) Call(*state);
    });
  }

 private:
  struct State {
    std::atomic<bool> is_posted = false;
    std::function<void()> handler;
  };

  static void Call(State& state) {
    state.is_posted = false;
    if (state.handler) state.handler();
  }

  Post post_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace wfc::journal
