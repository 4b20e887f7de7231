// The built-in tools git.log and git.diff. They run the `git` program on a repository that wfc
// itself has found, and do not trust the repository's settings.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "backend-runtime/runtime/drive/executor.h"
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

  /// Starts a call; it ends exactly once, after the function has returned.
  void StartLog(runtime::Call call, runtime::CallSink& sink);
  void StartDiff(runtime::Call call, runtime::CallSink& sink);
  /// Asks a call to end. Returns false if it is not running here.
  bool Cancel(runtime::CallId id);

 private:
  struct Running;

  enum class What : uint8_t { Log, Diff };
  void Start(runtime::Call call, runtime::CallSink& sink, What what);
  void FindGit(runtime::CallId id);
  void Launch(runtime::CallId id, const Result<Executable>& executable);
  void Finish(runtime::CallId id, const host::ProcessResult& process);
  void End(runtime::CallId id, const ToolResult& result);

  CommandHost host_;
  /// Each call is shared with a worker while the worker finds the repository.
  std::map<runtime::CallId, std::shared_ptr<Running>> running_;
};

}  // namespace wfc::tools
