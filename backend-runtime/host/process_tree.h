// The tree of processes, as /proc shows it. PosixProcesses uses it to end every process that a
// command started, whatever process group or session that process has moved to.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include <sys/types.h>

#include "backend-runtime/host/files.h"

namespace wfc::host {

/// What /proc/PID/stat says of a process.
struct ProcessStatus {
  pid_t parent = 0;
  pid_t group = 0;
  bool is_dead = false;  ///< a zombie: it has ended and has not been reaped
  /// When it started, in clock ticks since boot. No later process has the same number and the same
  /// start.
  uint64_t start_ticks = 0;
};

/// Nothing when the process does not exist any more.
[[nodiscard]] std::optional<ProcessStatus> FindProcess(pid_t pid);

/// The children of a process, zombies included. The list can be incomplete while other children
/// end; a second call finds those that were missing.
[[nodiscard]] std::vector<pid_t> ChildrenOf(pid_t pid);

/// A process that is referred to by a pidfd, so that a signal never reaches a later process with
/// the same number.
struct HeldProcess {
  OwnedDescriptor handle;
  pid_t pid = 0;
  pid_t group = 0;
};
/// Opens a pidfd for `pid`, which must be a child of this process: its number cannot be reused
/// before this process reaps it. Nothing when there is no such process.
[[nodiscard]] std::optional<HeldProcess> Hold(pid_t pid);
/// All descendants of `root`, without `root` itself.
[[nodiscard]] std::vector<HeldProcess> HoldDescendants(pid_t root);
/// Does nothing if the process has ended.
void Signal(const HeldProcess& process, int signal);

/// Finds the processes that commands leave behind. This process is a subreaper, so orphans below it
/// become its children; a command is the subreaper of its own tree while it runs (see Spawn). A
/// child of this process that it did not start therefore belongs to a command that has ended.
class Leftovers {
 public:
  /// Makes this process a subreaper. Children that it has already are never reported.
  Leftovers();

  /// Excludes a child that this process started, until `Forget`.
  void Expect(pid_t child) { expected_.insert(child); }
  void Forget(pid_t child) { expected_.erase(child); }

  /// The orphans of commands that have ended, without their descendants. An orphan in the process
  /// group of a running command other than `own_group` is left for the end of that command. Reaps
  /// the orphans that are zombies.
  [[nodiscard]] std::vector<pid_t> Find(pid_t own_group);

 private:
  [[nodiscard]] std::vector<pid_t> FindAll();

  // The file in /proc that lists the children of the main thread, which adopts the orphans; not
  // open on kernels that have no such file.
  OwnedDescriptor own_children_;
  std::unordered_set<pid_t> expected_;
  std::unordered_set<pid_t> strangers_;
};

}  // namespace wfc::host
