// PosixProcesses: children on a PosixReactor.
#pragma once

#include <memory>
#include <unordered_map>

#include "backend-runtime/host/posix_reactor.h"
#include "backend-runtime/host/processes.h"

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
  ProcessId next_id_ = 1;
  std::unordered_map<ProcessId, std::unique_ptr<ChildProcess>> children_;
};

}  // namespace wfc::host
