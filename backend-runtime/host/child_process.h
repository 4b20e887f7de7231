// ChildProcess: one running child of PosixProcesses. It feeds the child's standard input, collects
// its output, enforces its deadline, and ends the child together with every process that the child
// started.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "backend-runtime/host/posix_reactor.h"
#include "backend-runtime/host/process_tree.h"
#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/spawn.h"

namespace wfc::host {

/// Used on the reactor's thread only.
class ChildProcess {
 public:
  /// Watches the pipes and the pidfd of `child`. `ended` is called at most once, as the last thing
  /// this object does, so it may destroy this object. `reactor` and `leftovers` must outlive it.
  ChildProcess(PosixReactor& reactor, Leftovers& leftovers, SpawnedChild child, ProcessSpec spec,
               std::function<void(ProcessResult)> ended);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Kills the child and its descendants if the child still runs, and reaps it; `ended` is not
  /// called.
  ~ChildProcess();

  /// Sends TERM to the whole tree now, and KILL after `kKillDelay`. Does nothing once the child has
  /// exited or its end was requested before: the first cause is the one reported.
  void Terminate(ProcessEnd cause);
  /// Sends KILL to the whole tree now. `cause` is reported unless an earlier cause stands.
  void Kill(ProcessEnd cause);

 private:
  /// Our end of a pipe, or the child's pidfd: watched while it is open.
  struct Channel {
    OwnedDescriptor pipe;
    WatchId watch = 0;
  };

  void Close(Channel& channel);
  void WriteInput();
  /// Reads once and appends to `bytes` what fits within `limit`. Returns false when nothing was
  /// read, because the pipe is at its end (it is closed then) or has no data now.
  [[nodiscard]] bool ReadSome(Channel& channel, std::string& bytes, uint64_t limit);
  void ReadOutput();
  void ReadErrors();
  void SignalTree(int signal);
  void SignalEach(const std::vector<HeldProcess>& processes, int signal);
  void Exited();
  void EndTree();
  void ReadTheRest();
  void Finish();
  void Reap();

  PosixReactor& reactor_;
  Leftovers& leftovers_;
  pid_t pid_;
  Channel process_;
  Channel stdin_;
  Channel stdout_;
  Channel stderr_;
  std::string stdin_bytes_;
  size_t stdin_written_ = 0;
  uint64_t stdout_limit_;
  uint64_t stderr_limit_;
  int64_t started_at_;
  // The times below are readings of Clock::Now. Survivors of the child receive KILL from `kill_at_`
  // on (0 means at once), and are no longer waited for after `give_up_at_`.
  int64_t kill_at_ = 0;
  int64_t give_up_at_ = 0;
  TimerId deadline_;
  TimerId tree_timer_;  // the KILL after a TERM; after the exit, the next poll for survivors
  // Processes outside the child's group that have received TERM.
  std::unordered_set<pid_t> terminated_ = {};
  bool has_exited_ = false;
  bool is_reaped_ = false;
  bool is_over_limit_ = false;
  ProcessResult result_;
  std::function<void(ProcessResult)> ended_;
};

}  // namespace wfc::host
