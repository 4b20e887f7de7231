#include "backend-runtime/host/process_identity.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend-runtime/host/process_tree.h"

namespace wfc::host {
namespace {

TEST(ProcessIdentity, NamesThisProcess) {
  const ProcessIdentity identity = OwnIdentity();
  EXPECT_EQ(identity.pid, getpid());
  EXPECT_GT(identity.start_ticks, 0u);
  EXPECT_FALSE(identity.boot_id.empty());
  EXPECT_EQ(identity, OwnIdentity());
  EXPECT_TRUE(IsOfThisBoot(identity));
  EXPECT_TRUE(OpenProcess(identity).has_value());
}

TEST(ProcessIdentity, NoOtherProcessIsTakenForIt) {
  const ProcessIdentity identity = OwnIdentity();
  ProcessIdentity other = identity;
  other.start_ticks += 1;
  EXPECT_FALSE(OpenProcess(other).has_value());
  other = identity;
  other.boot_id += "x";
  EXPECT_FALSE(OpenProcess(other).has_value());
  other = identity;
  other.host += "x";
  EXPECT_FALSE(OpenProcess(other).has_value());
  EXPECT_FALSE(OpenProcess(ProcessIdentity()).has_value());
}

TEST(ProcessIdentity, AProcessIsKilledByIt) {
  const pid_t child = fork();
  if (child == 0) {
    while (true) pause();
  }
  ProcessIdentity identity = OwnIdentity();
  identity.pid = child;
  identity.start_ticks = FindProcess(child)->start_ticks;
  const auto process = OpenProcess(identity);
  ASSERT_TRUE(process.has_value());
  EXPECT_TRUE(KillAndWait(*process, 10'000));
  EXPECT_FALSE(OpenProcess(identity).has_value());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

}  // namespace
}  // namespace wfc::host
