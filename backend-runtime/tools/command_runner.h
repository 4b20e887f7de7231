// Runs the programs of `run` stages, `command` tools and `command` agents as child processes, for
// the executor of wfc-run.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/reactor.h"
#include "backend-runtime/runtime/answer.h"
#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/runtime/recorder.h"
#include "backend-runtime/store/redactor.h"
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
  /// Hides secrets in output; null means that there are none.
  const store::Redactor* redactor = nullptr;
};

/// Checks the grant of each command, starts it and records its transcript. Used on the reactor's
/// thread only.
class CommandRunner {
 public:
  CommandRunner(CommandHost host, runtime::Recorder& recorder,
                runtime::ReadAnswerFunction read_answer)
      : host_(std::move(host)), recorder_(recorder), read_answer_(std::move(read_answer)) {}

  /// Starts the command; it completes exactly once, after this function has returned. A command
  /// that is not granted or cannot be started completes with a failure.
  void Start(runtime::CommandRequest request, runtime::Completion& completion);
  /// Asks an attempt to end. Returns false if the attempt is not running here.
  bool Cancel(runtime::AttemptId id);

 private:
  struct Running {
    runtime::CommandRequest request;
    runtime::Completion* completion;
    Executable executable = {};
    std::optional<host::ProcessId> process = {};
    bool is_cancelled = false;
  };

  /// Starts the child; returns a failure if it does not run.
  std::optional<runtime::Failure> Spawn(Running& running);
  void Launch(runtime::AttemptId id, const Result<Executable>& executable);
  void Finish(runtime::AttemptId id, const host::ProcessResult& process);
  void Fail(runtime::AttemptId id, runtime::Failure failure);
  [[nodiscard]] Value ShownInput(const runtime::CommandRequest& request) const;
  void RecordTranscript(const Running& running, const host::ProcessResult& process,
                        const PrintedText& printed);

  CommandHost host_;
  runtime::Recorder& recorder_;
  runtime::ReadAnswerFunction read_answer_;
  std::map<runtime::AttemptId, Running> running_;
};

}  // namespace wfc::tools
