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

/// Sends `signal` to everything below `root`, but not to `root` itself, nor to the members of the
/// group `spared_group`. Each process is held by a pidfd while it is judged, so that no other of
/// the same number is met.
void SignalDescendants(pid_t root, int signal, pid_t spared_group);

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

  enum class Urge : uint8_t { None, Kill };
  /// Whether nothing is left of commands that have ended; what is left is killed with its children
  /// if that is the urge. What stays in the group of another command is left to that one's end.
  [[nodiscard]] bool AreGone(pid_t own_group, Urge urge);

 private:
  [[nodiscard]] std::vector<pid_t> FindAll();

  std::unordered_set<pid_t> expected_;
  std::unordered_set<pid_t> strangers_;
};

}  // namespace wfc::host
