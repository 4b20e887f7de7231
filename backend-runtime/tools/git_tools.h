// The built-in tools git.log and git.diff. They run the `git` program on a repository that wfc
// itself has found, and do not trust the repository's settings.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/tools/arguments.h"
#include "backend-runtime/tools/command_runner.h"

namespace wfc::tools {

/// Used on the reactor's thread by BuiltinRunner.
class GitTools {
 public:
  explicit GitTools(CommandHost host);
  GitTools(const GitTools&) = delete;
  GitTools& operator=(const GitTools&) = delete;
  ~GitTools();

  /// Starts a call; it completes exactly once, after the function has returned.
  void StartLog(runtime::BuiltinRequest request, runtime::Completion& completion);
  void StartDiff(runtime::BuiltinRequest request, runtime::Completion& completion);
  /// Asks an attempt to end. Returns false if the attempt is not running here.
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
  /// Each call is shared with a worker while the worker finds the repository.
  std::map<runtime::AttemptId, std::shared_ptr<Call>> calls_;
};

}  // namespace wfc::tools
