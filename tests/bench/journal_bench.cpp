// The journal on the disk: rows in large batches, a chain of rows that are each waited for, against
// bare fdatasync in alternating blocks, and the reading of a million rows.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/store/driven_run.h"
#include "backend-runtime/store/run_reader.h"
#include "ir/base/check.h"
#include "tests/bench/bounds.h"
#include "tests/bench/stopwatch.h"

namespace wfc::bench {
namespace {

constexpr int kRepeats = 5;
constexpr uint64_t kBatchRows = 100'000;
constexpr uint64_t kReadRows = 1'000'000;
constexpr int kChainBlocks = 20;
constexpr int kChainSteps = 50;  // in each block

/// A queue that stands for the reactor's.
class Queue {
 public:
  journal::Post post() {
    return [this](std::function<void()> task) {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    };
  }
  void RunReady() {
    std::unique_lock lock(mutex_);
    const auto tasks = std::exchange(tasks_, {});
    lock.unlock();
    for (const auto& task : tasks) task();
  }

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
};

/// A run in a folder of its own, which is removed with it.
class Run {
 public:
  Run() : folder_("build/journal-bench-XXXXXX") {
    WFC_CHECK(mkdtemp(folder_.data()) != nullptr);
    folder_ = std::filesystem::absolute(folder_);
    auto opened =
        store::DrivenRun::Create({.folder = folder_, .post = queue_.post(), .clock = &clock_}, {});
    WFC_CHECK(opened.ok());
    run_ = *std::move(opened);
    WFC_CHECK(journal().Load([](const journal::Row&) { return Result<void>(); }).ok());
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    run_.reset();
    std::filesystem::remove_all(folder_);
  }

  journal::Journal& journal() { return run_->journal(); }
  Queue& queue() { return queue_; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  Queue queue_;
  host::PosixClock clock_;
  std::unique_ptr<store::DrivenRun> run_;
};

/// A row as a transform's success records it: a small value.
uint64_t AppendRow(journal::Journal& journal, uint32_t node) {
  static const std::vector<uint8_t> kValue(8, 0x11);
  return journal.Append({.at = int64_t{1000} * node,
                         .type = 4,
                         .node = journal::RowNode(node),
                         .attempt = 1,
                         .payload = kValue});
}

void AwaitAll(Run& run) {
  journal::Journal& journal = run.journal();
  journal.Request(journal.last_seq());
  while (journal.durable() < journal.last_seq()) {
    WFC_CHECK(!journal.failure());
    journal.Idle();
    run.queue().RunReady();
    usleep(100);
  }
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void AppendBatches(Bounds& bounds) {
  std::vector<double> seconds;
  for (int i = 0; i < kRepeats; ++i) {
    Run run;
    seconds.push_back(Time([&] {
      for (uint32_t node = 0; node < kBatchRows; ++node) AppendRow(run.journal(), node);
      AwaitAll(run);
    }));
  }
  const double rate = kBatchRows / Median(seconds);
  fmt::print("journal: {:.0f} rows/s in batches, until durable\n", rate);
  bounds.Keep("journal: 100,000 rows until durable", Median(seconds) * 1e3, 333, "ms");
}

/// One block of steps, each of which needs the one before on the disk.
double TimeChain(Run& run) {
  journal::Journal& journal = run.journal();
  return Time([&] {
    for (uint32_t step = 0; step < kChainSteps; ++step) {
      const uint64_t seq = AppendRow(journal, step);
      journal.Request(seq);
      journal.Idle();
      while (journal.durable() < seq) run.queue().RunReady();
      run.queue().RunReady();
    }
  });
}

double TimeSyncs(int file) {
  static const std::vector<char> kPage(1048, 'x');
  return Time([&] {
    for (int step = 0; step < kChainSteps; ++step) {
      WFC_CHECK(write(file, kPage.data(), kPage.size()) == static_cast<ssize_t>(kPage.size()));
      WFC_CHECK(fdatasync(file) == 0);
    }
  });
}

void AppendChain(Bounds& bounds) {
  Run run;
  const std::string path = run.folder() + "/bare";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  WFC_CHECK(file >= 0);
  std::vector<double> ratios;
  std::vector<double> steps;
  // The first blocks are not counted: files are made in them.
  TimeChain(run);
  TimeSyncs(file);
  for (int block = 0; block < kChainBlocks; ++block) {
    const double bare = TimeSyncs(file);
    const double chain = TimeChain(run);
    ratios.push_back(chain / bare);
    steps.push_back(chain / kChainSteps);
  }
  close(file);
  fmt::print("journal: {:.0f} us a step of a chain\n", Median(steps) * 1e6);
  bounds.Keep("journal: a chain of 1,000 rows, of bare fdatasync", Median(ratios), 1.5, "times");
}

void ReadRows(Bounds& bounds) {
  Run run;
  for (uint32_t node = 0; node < kReadRows; ++node) AppendRow(run.journal(), node);
  AwaitAll(run);
  WFC_CHECK(run.journal().Close(journal::CloseHow::Parked).ok());
  std::vector<double> seconds;
  for (int i = 0; i < kRepeats; ++i) {
    auto reader = store::RunReader::Open(run.folder(), std::nullopt);
    WFC_CHECK(reader.ok());
    uint64_t count = 0;
    seconds.push_back(ProcessorTime([&] {
      const auto read = reader->Rows([&](const journal::Row&) {
        ++count;
        return Result<void>();
      });
      WFC_CHECK(read.ok());
    }));
    WFC_CHECK(count == kReadRows);
  }
  bounds.Keep("journal: reading 1,000,000 rows, verified", Median(seconds), 0.3, "s");
}

}  // namespace
}  // namespace wfc::bench

int main() {
  using namespace wfc;
  std::filesystem::create_directories("build");
  bench::Bounds bounds;
  bench::AppendBatches(bounds);
  bench::AppendChain(bounds);
  bench::ReadRows(bounds);
  return bounds.exit_code();
}
