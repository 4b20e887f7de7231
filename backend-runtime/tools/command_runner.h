// Runs the programs of `run` stages, `command` tools and `command` agents as child processes.
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

struct CommandHost {
  host::Reactor& reactor;
  host::Processes& processes;
  host::Files& workspace;
  Executables& executables;
  std::string search_path;                    ///< PATH of a command whose environment has none
  const store::Redactor* redactor = nullptr;  ///< of what commands print; none: nothing to hide
};

class CommandRunner {
 public:
  CommandRunner(CommandHost host, runtime::Recorder& recorder,
                runtime::ReadAnswerFunction read_answer)
      : host_(std::move(host)), recorder_(recorder), read_answer_(std::move(read_answer)) {}

  void Start(runtime::CommandRequest request, runtime::Completion& completion);
  /// Whether the attempt was one of ours and still running.
  bool Cancel(runtime::AttemptId id);

 private:
  struct Running {
    runtime::CommandRequest request;
    runtime::Completion* completion;
    Executable executable = {};
    std::optional<host::ProcessId> process = {};
    bool is_cancelled = false;
  };

  /// Empty when the child runs.
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
