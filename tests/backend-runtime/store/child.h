// Processes of tests: children that can be stopped and killed, and memory that they share.
#pragma once

#include <csignal>
#include <functional>
#include <new>
#include <utility>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ir/base/check.h"

namespace wfc::store {

/// A copy of this process that runs one function. It is killed in the end if it has not ended.
class Child {
 public:
  /// The exit code is what `work` returns.
  explicit Child(const std::function<int()>& work) : pid_(fork()) {
    WFC_CHECK(pid_ >= 0);
    if (pid_ == 0) _exit(work());
  }
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ != 0) Kill();
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  void Signal(int signal) const { WFC_CHECK(kill(pid_, signal) == 0); }
  void Kill() {
    Signal(SIGKILL);
    Wait();
  }
  /// Stops the child and waits until it has stopped.
  void Stop() const {
    Signal(SIGSTOP);
    int status = 0;
    WFC_CHECK(waitpid(pid_, &status, WUNTRACED) == pid_ && WIFSTOPPED(status));
  }
  /// The exit code; 128 and more for a signal, as shells have it.
  int Wait() {
    int status = 0;
    WFC_CHECK(waitpid(std::exchange(pid_, 0), &status, 0) > 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

/// A value that this process and its children share. `T` holds atomic numbers.
template <class T>
class Shared {
 public:
  Shared() {
    void* memory =
        mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    WFC_CHECK(memory != MAP_FAILED);
    value_ = new (memory) T();
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { munmap(value_, sizeof(T)); }

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_;
};

}  // namespace wfc::store
