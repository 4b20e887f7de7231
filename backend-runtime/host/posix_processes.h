// PosixProcesses: children on a PosixReactor. At most one at a time in a process: orphans below it
// are taken for leftovers of its children.
#pragma once

#include <memory>
#include <unordered_map>

#include "backend-runtime/host/posix_reactor.h"
#include "backend-runtime/host/process_tree.h"
#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/spawn.h"

namespace wfc::host {

class ChildProcess;

class PosixProcesses : public Processes {
 public:
  explicit PosixProcesses(PosixReactor& reactor);
  /// Kills and reaps what still runs; nobody is told.
  ~PosixProcesses() override;

  [[nodiscard]] Result<ProcessId, SpawnError> Start(ProcessSpec spec, ProcessDone done) override;
  void Cancel(ProcessId id) override;
  void KillAll() override;

 private:
  PosixReactor& reactor_;
  OwnedDescriptor null_device_;
  SpawnMemory spawn_memory_;
  Leftovers leftovers_;
  ProcessId next_id_ = 1;
  std::unordered_map<ProcessId, std::unique_ptr<ChildProcess>> children_;
};

}  // namespace wfc::host
