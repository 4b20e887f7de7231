// 5,000 commands that do nothing, two at a time: through the reactor, their output captured,
// against a bare loop of posix_spawn and waitpid with two children outstanding.
#include <algorithm>
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include "backend-runtime/host/posix_host.h"
#include "tests/bench/bounds.h"
#include "tests/bench/stopwatch.h"

namespace wfc::bench {
namespace {

constexpr int kCommands = 5000;
constexpr int kOutstanding = 2;
constexpr int kRepeats = 3;
constexpr const char* kTrue = "/bin/true";

void RunBareLoop(int count) {
  char name[] = "true";
  char* argv[] = {name, nullptr};
  char* environment[] = {nullptr};
  int started = 0;
  for (int running = 0; started < count || running > 0;) {
    if (started < count && running < kOutstanding) {
      pid_t pid = 0;
      if (posix_spawn(&pid, kTrue, nullptr, nullptr, argv, environment) != 0) return;
      ++started;
      ++running;
      continue;
    }
    waitpid(-1, nullptr, 0);
    --running;
  }
}

int RunOnHost(host::PosixHost& host, int count) {
  int started = 0;
  int succeeded = 0;
  std::function<void()> start = [&] {
    if (started == count) return;
    ++started;
    const auto id = host.processes().Start({.executable = kTrue, .argv = {"true"}},
                                           [&](const host::ProcessResult& result) {
                                             succeeded += result.exit_code == 0 ? 1 : 0;
                                             start();
                                           });
    WFC_CHECK(id.ok());
  };
  for (int i = 0; i < kOutstanding; ++i) start();
  host.reactor().Run();
  return succeeded;
}

}  // namespace
}  // namespace wfc::bench

int main() {
  using namespace wfc;
  auto host = host::MakePosixHost();
  WFC_CHECK(host.ok());
  double bare = std::numeric_limits<double>::max();
  double ours = bare;
  for (int i = 0; i < bench::kRepeats; ++i) {
    bare = std::min(bare, bench::Time([] { bench::RunBareLoop(bench::kCommands); }));
    int succeeded = 0;
    ours = std::min(ours,
                    bench::Time([&] { succeeded = bench::RunOnHost(**host, bench::kCommands); }));
    WFC_CHECK(succeeded == bench::kCommands);
  }
  fmt::print("commands, two at a time: bare loop {:.0f}/s, reactor {:.0f}/s\n",
             bench::kCommands / bare, bench::kCommands / ours);
  bench::Bounds bounds;
  // 0.9 of its rate.
  bounds.Keep("5,000 commands, two at a time: of the bare loop's time", ours / bare, 1 / 0.9,
              "times");
  return bounds.exit_code();
}
