// ChildProcess: a running child: what it has written, what it is still to read, and how it ends,
// with all that it started.
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

class ChildProcess {
 public:
  /// `ended` is called once, as the last thing; it may destroy the child. `leftovers` outlives it.
  ChildProcess(PosixReactor& reactor, Leftovers& leftovers, SpawnedChild child, ProcessSpec spec,
               std::function<void(ProcessResult)> ended);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Kills and reaps the child if it runs.
  ~ChildProcess();

  /// TERM to its whole tree now, KILL after `kKillDelay`. The first cause is the one that is
  /// reported.
  void Terminate(ProcessEnd cause);
  void Kill(ProcessEnd cause);

 private:
  /// Our end of a pipe, watched or closed.
  struct Channel {
    OwnedDescriptor pipe;
    WatchId watch = 0;
  };

  void Close(Channel& channel);
  void WriteInput();
  /// False once the pipe is at its end, or has nothing more now.
  [[nodiscard]] bool ReadSome(Channel& channel, std::string& bytes, uint64_t limit);
  void ReadOutput();
  void ReadErrors();
  void SignalTree(int signal);
  void Signal(const std::vector<HeldProcess>& processes, int signal);
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
  int64_t kill_at_ = 0;     // from when on what is left is killed; 0: at once
  int64_t give_up_at_ = 0;  // from when on nothing that is left is waited for
  TimerId deadline_ = 0;
  TimerId tree_timer_ = 0;  // the KILL after a TERM, then the next look at what is left
  std::unordered_set<pid_t> told_to_end_ = {};  // by TERM, besides the group
  bool has_exited_ = false;
  bool is_reaped_ = false;
  bool is_over_limit_ = false;
  ProcessResult result_;
  std::function<void(ProcessResult)> ended_;
};

}  // namespace wfc::host
