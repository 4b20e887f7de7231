#include "backend-runtime/host/marked_processes.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend-runtime/host/process_identity.h"

namespace wfc::host {
namespace {

constexpr const char* kVariable = "WFC_MARKED_PROCESSES_TEST";

/// Starts a shell with this in its environment, which starts a process in a session of its own and
/// ends.
void LeaveBehind(const std::string& mark) {
  const std::string variable = fmt::format("{}={}", kVariable, mark);
  const pid_t child = fork();
  if (child == 0) {
    const char* words[] = {"sh", "-c", "setsid sleep 600 >/dev/null 2>&1 &", nullptr};
    const char* environment[] = {"PATH=/usr/bin:/bin", variable.c_str(), nullptr};
    execve("/bin/sh", const_cast<char**>(words), const_cast<char**>(environment));
    _exit(127);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
}

std::vector<MarkedProcess> WaitFor(size_t count, std::string_view prefix) {
  for (int look = 0; look < 500; ++look) {
    std::vector<MarkedProcess> found = FindMarked(kVariable, prefix);
    const bool are_there = std::ranges::all_of(
        found, [](const MarkedProcess& process) { return process.program == "sleep"; });
    if (found.size() == count && are_there) return found;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

TEST(MarkedProcesses, AreFoundInWhateverSessionTheyAreAndCanBeEnded) {
  const std::string run = fmt::format("run{}", getpid());
  LeaveBehind(run + "/1");
  LeaveBehind(run + "/2");
  LeaveBehind("other" + run + "/1");
  std::vector<MarkedProcess> found = WaitFor(2, run + "/");
  ASSERT_EQ(found.size(), 2U);
  for (const MarkedProcess& process : found) EXPECT_TRUE(KillAndWait(process.process, 5000));
  EXPECT_TRUE(FindMarked(kVariable, run + "/").empty());
  found = WaitFor(1, "other" + run);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].mark, "other" + run + "/1");
  EXPECT_TRUE(KillAndWait(found[0].process, 5000));
}

TEST(MarkedProcesses, AVariableOfALongerNameIsAnother) {
  const std::string run = fmt::format("named{}", getpid());
  LeaveBehind(run);
  ASSERT_EQ(WaitFor(1, run).size(), 1U);
  EXPECT_TRUE(FindMarked("WFC_MARKED_PROCESSES", run).empty());
  for (const MarkedProcess& process : FindMarked(kVariable, run)) {
    EXPECT_TRUE(KillAndWait(process.process, 5000));
  }
}

}  // namespace
}  // namespace wfc::host
