// PosixProcesses: the children of the real machine, on a PosixReactor. PosixHost makes it.
#pragma once

#include <memory>
#include <unordered_map>

#include "backend-runtime/host/posix_reactor.h"
#include "backend-runtime/host/process_tree.h"
#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/spawn.h"

namespace wfc::host {

class ChildProcess;

/// At most one instance may exist in a process at a time, because it takes every orphan that is
/// reparented to the process for a leftover of one of its own children.
class PosixProcesses : public Processes {
 public:
  /// Makes this process a subreaper. `reactor` must outlive the object.
  explicit PosixProcesses(PosixReactor& reactor);
  /// Kills and reaps the children that still run; their callbacks are not called.
  ~PosixProcesses() override;

  [[nodiscard]] Result<ProcessId, SpawnError> Start(ProcessSpec spec, ProcessDone done) override;
  void Cancel(ProcessId id) override;
  void KillAll() override;

 private:
  PosixReactor& reactor_;
  OwnedDescriptor null_device_;
  SpawnMemory spawn_memory_;
  Leftovers leftovers_;
  uint64_t started_count_ = 0;
  std::unordered_map<ProcessId, std::unique_ptr<ChildProcess>> children_;
};

}  // namespace wfc::host
