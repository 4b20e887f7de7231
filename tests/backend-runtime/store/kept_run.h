// What the tests of kept runs share: a folder, a reactor's queue, and runs in both.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/store/driven_run.h"
#include "backend-runtime/store/run_reader.h"
#include "ir/base/check.h"
#include "tests/support/journal_rows.h"

namespace wfc::store {

/// A folder that is removed in the end.
class TemporaryFolder {
 public:
  /// In memory where the system has a file system for that: tests of contents need no disk.
  TemporaryFolder() {
    const bool has_memory = std::filesystem::is_directory("/dev/shm");
    path_ = fmt::format("{}/wfc-store-XXXXXX", has_memory ? "/dev/shm" : "/tmp");
    WFC_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }
  /// A new folder in this one.
  [[nodiscard]] std::string Make(const std::string& name) const {
    std::filesystem::create_directory(path_ + "/" + name);
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

/// The queue of a reactor, run by the thread of the test.
class TestReactor {
 public:
  [[nodiscard]] journal::Post post() {
    return [this](std::function<void()> task) {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
      has_tasks_.notify_one();
    };
  }
  /// Runs tasks until `is_done`; false when that takes longer than half a minute.
  bool RunUntil(const std::function<bool()>& is_done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!is_done()) {
      std::unique_lock lock(mutex_);
      if (!has_tasks_.wait_until(lock, deadline, [this] { return !tasks_.empty(); })) return false;
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
    return true;
  }
  /// Runs the tasks that are there.
  void RunReady() {
    std::unique_lock lock(mutex_);
    std::deque<std::function<void()>> tasks = std::exchange(tasks_, {});
    lock.unlock();
    for (const std::function<void()>& task : tasks) task();
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_tasks_;
  std::deque<std::function<void()>> tasks_;
};

/// A clock that stands still.
class StoppedClock : public host::Clock {
 public:
  [[nodiscard]] int64_t Now() const override { return 0; }
  [[nodiscard]] int64_t WallNow() const override { return 1'700'000'000'000'000'000; }
};

/// What a test opens runs with.
class RunOpener {
 public:
  explicit RunOpener(std::string folder) : folder_(std::move(folder)) {}

  [[nodiscard]] DrivenRun::Options options() {
    return {.folder = folder_, .post = reactor_.post(), .clock = &clock_};
  }
  /// What a plan of three nodes makes.
  [[nodiscard]] static NewRun MakeNewRun() {
    return {.meta = {.run_id = "r1", .workflow = "main", .plan_sha256 = "ab", .created = 5},
            .nodes = {{"fetch", "tool"}, {"each", "map"}, {"each.do", "transform"}},
            .types = {{1, "RunStarted"}, {128, "skipped"}}};
  }
  [[nodiscard]] std::unique_ptr<DrivenRun> Create() {
    auto run = DrivenRun::Create(options(), MakeNewRun());
    return Loaded(std::move(run));
  }
  [[nodiscard]] std::unique_ptr<DrivenRun> Resume() { return Loaded(DrivenRun::Resume(options())); }
  /// A run whose journal is loaded; null when that fails, which `error` then tells.
  [[nodiscard]] std::unique_ptr<DrivenRun> Loaded(DrivenRun::Opened opened) {
    rows_.clear();
    if (!opened) {
      error_ = opened.error().message;
      return nullptr;
    }
    const auto loaded = (*opened)->journal().Load([&](const journal::Row& row) {
      rows_.emplace_back(row);
      return Result<void>();
    });
    if (loaded) return *std::move(opened);
    error_ = loaded.error().message;
    return nullptr;
  }

  [[nodiscard]] TestReactor& reactor() { return reactor_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const StoppedClock& clock() const { return clock_; }
  /// The rows that the last journal loaded.
  [[nodiscard]] const std::vector<journal::OwnedRow>& rows() const { return rows_; }
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  std::string folder_;
  TestReactor reactor_;
  StoppedClock clock_;
  std::vector<journal::OwnedRow> rows_;
  std::string error_;
};

/// The rows of a run as others read them; nothing when they are damaged.
inline std::optional<std::vector<journal::OwnedRow>> ReadAll(const std::string& folder) {
  auto reader = RunReader::Open(folder, std::nullopt);
  if (!reader) return std::nullopt;
  std::vector<journal::OwnedRow> rows;
  const auto read = reader->Rows([&](const journal::Row& row) {
    rows.emplace_back(row);
    return Result<void>();
  });
  if (!read) return std::nullopt;
  return rows;
}

}  // namespace wfc::store
