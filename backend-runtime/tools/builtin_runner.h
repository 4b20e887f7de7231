// Runs built-in tools: those that block on a worker, git's as child processes.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <utility>

#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/tools/command_runner.h"
#include "backend-runtime/tools/git_tools.h"
#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {

class BuiltinRunner {
 public:
  explicit BuiltinRunner(const CommandHost& host)
      : reactor_(host.reactor), workspace_(host.workspace), git_(host) {}

  void Start(runtime::BuiltinRequest request, runtime::Completion& completion);
  /// Whether the attempt was one of ours and still running.
  bool Cancel(runtime::AttemptId id);

 private:
  struct Call;
  using Work = ToolResult (*)(const Value& with, const Workspace& workspace);

  void RunBlocking(runtime::BuiltinRequest request, runtime::Completion& completion, Work work);

  host::Reactor& reactor_;
  host::Files& workspace_;
  GitTools git_;
  std::map<runtime::AttemptId, std::shared_ptr<Call>> calls_;
};

}  // namespace wfc::tools
