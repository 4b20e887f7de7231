// Runs the programs of `run` stages, `command` tools and `command` agents as child processes, for
// the executor of wfc-run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/reactor.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/runtime/redact/redactor.h"
#include "backend-runtime/tools/command_result.h"
#include "backend-runtime/tools/executables.h"

namespace wfc::tools {

/// What commands run on; everything referred to must outlive the runners.
struct CommandHost {
  host::Reactor& reactor;
  host::Processes& processes;
  host::Files& workspace;
  Executables& executables;
  std::string search_path;  ///< the PATH of commands whose environment sets none
  std::string run_id;       ///< of the run that the calls belong to
  /// Hides secrets in output; null means that there are none.
  const redact::Redactor* redactor = nullptr;
};

/// Checks the grant of each command, starts it and tells its transcript. Used on the reactor's
/// thread only.
class CommandRunner {
 public:
  explicit CommandRunner(CommandHost host) : host_(std::move(host)) {}

  /// Starts a call of a command; it ends exactly once, after this function has returned. A command
  /// that is not granted or cannot be started ends with a failure.
  void Start(runtime::Call call, runtime::CallSink& sink);
  /// Asks a call to end. Returns false if it is not running here.
  bool Cancel(runtime::CallId id);

 private:
  struct Running {
    runtime::Call call;
    runtime::CallSink* sink;
    Executable executable = {};
    std::optional<host::ProcessId> process = {};
    bool is_cancelled = false;

    [[nodiscard]] const runtime::CommandCall& command() const {
      return std::get<runtime::CommandCall>(call.target);
    }
  };

  /// Starts the child; returns a failure if it does not run.
  std::optional<runtime::Failure> Spawn(Running& running);
  void Launch(runtime::CallId id, const Result<Executable>& executable);
  void Finish(runtime::CallId id, const host::ProcessResult& process);
  void Fail(runtime::CallId id, runtime::Failure failure);
  [[nodiscard]] Value ShownInput(const runtime::CommandCall& command) const;
  [[nodiscard]] Value Describe(const Running& running, const host::ProcessResult& process,
                               const PrintedText& printed) const;

  CommandHost host_;
  std::map<runtime::CallId, Running> running_;
};

}  // namespace wfc::tools
