// Leaves a run to a process in the background, for `wfc run --detach`.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "backend-runtime/host/files.h"
#include "driver/wfc_run/exit_code.h"
#include "driver/wfc_run/options.h"

namespace wfc::driver {

/// The process in the background, as it sees itself. Until it has announced the run it writes to
/// the streams of the process that it was started by, which waits for it.
class Detached {
 public:
  /// Starts the process in the background, in a session of its own, and returns there with what
  /// it is. The process that calls this waits, and then gets the exit code with which to end.
  /// Called before any thread is started.
  [[nodiscard]] static std::variant<Detached, ExitCode> Split(RunForm form);

  /// The run has begun: the process that waits prints its id and ends, and from now on this one
  /// writes to `detached.log` in the run's folder.
  void Announce(const std::string& run_id, const std::string& folder);

 private:
  explicit Detached(host::OwnedDescriptor pipe) : pipe_(std::move(pipe)) {}

  host::OwnedDescriptor pipe_;
};

}  // namespace wfc::driver
