// git.log and git.diff: the `git` program, over a repository that wfc has found and whose settings
// it does not believe.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/tools/arguments.h"
#include "backend-runtime/tools/command_runner.h"

namespace wfc::tools {

class GitTools {
 public:
  explicit GitTools(CommandHost host);
  GitTools(const GitTools&) = delete;
  GitTools& operator=(const GitTools&) = delete;
  ~GitTools();

  void StartLog(runtime::BuiltinRequest request, runtime::Completion& completion);
  void StartDiff(runtime::BuiltinRequest request, runtime::Completion& completion);
  /// Whether the attempt was one of ours and still running.
  bool Cancel(runtime::AttemptId id);

 private:
  struct Call;

  enum class What : uint8_t { Log, Diff };
  void Start(runtime::BuiltinRequest request, runtime::Completion& completion, What what);
  void FindGit(runtime::AttemptId id);
  void Launch(runtime::AttemptId id, const Result<Executable>& executable);
  void Finish(runtime::AttemptId id, const host::ProcessResult& process);
  void Complete(runtime::AttemptId id, ToolResult result);

  CommandHost host_;
  /// Shared with a worker while it looks for the repository.
  std::map<runtime::AttemptId, std::shared_ptr<Call>> calls_;
};

}  // namespace wfc::tools
