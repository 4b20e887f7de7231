// Who descends from whom, as /proc has it: for ending what a command started, wherever in the
// system's groups and sessions it went. Used by PosixProcesses alone.
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include <sys/types.h>

#include "backend-runtime/host/files.h"

namespace wfc::host {

struct ProcessStatus {
  pid_t parent = 0;
  pid_t group = 0;
  bool is_dead = false;  ///< has ended, and waits for its parent to ask how
};

/// Nothing when there is no such process any more.
[[nodiscard]] std::optional<ProcessStatus> FindProcess(pid_t pid);

/// The children of a process, those that have ended included. Some may be missing while others end;
/// asking again finds them.
[[nodiscard]] std::vector<pid_t> ChildrenOf(pid_t pid);

/// A process that is held by a pidfd, so that no other of the same number is met.
struct HeldProcess {
  OwnedDescriptor handle;
  pid_t pid = 0;
  pid_t group = 0;
};
/// Nothing when there is no such process; `pid` is a child of ours.
[[nodiscard]] std::optional<HeldProcess> Hold(pid_t pid);
/// Everything below `root`, but not `root` itself.
[[nodiscard]] std::vector<HeldProcess> HoldDescendants(pid_t root);
void Signal(const HeldProcess& process, int signal);

/// What commands leave behind. This process adopts the orphans below it; a command does the same
/// for its own tree while it runs (see Spawn). So whoever is a child of ours and was not started by
/// us belongs to a command that has ended.
class Leftovers {
 public:
  /// Children that this process has already are none of ours and stay alone.
  Leftovers();

  /// A child that was started, until it is forgotten: no leftover.
  void Expect(pid_t child) { expected_.insert(child); }
  void Forget(pid_t child) { expected_.erase(child); }

  /// What is left of commands that have ended, without what is below it. What stays in the group of
  /// another command than `own_group` is left to that one's end.
  [[nodiscard]] std::vector<pid_t> Find(pid_t own_group);

 private:
  [[nodiscard]] std::vector<pid_t> FindAll();

  OwnedDescriptor own_children_;  // the list of the thread that gets the orphans, if there is one
  std::unordered_set<pid_t> expected_;
  std::unordered_set<pid_t> strangers_;
};

}  // namespace wfc::host
