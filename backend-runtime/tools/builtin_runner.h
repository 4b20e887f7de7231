// Runs built-in tools for the executor of wfc-run: git's tools as child processes, the others on a
// worker thread.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <utility>

#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/tools/command_runner.h"
#include "backend-runtime/tools/git_tools.h"
#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {

/// Used on the reactor's thread only. What `host` refers to must outlive the runner.
class BuiltinRunner {
 public:
  explicit BuiltinRunner(const CommandHost& host)
      : reactor_(host.reactor), workspace_(host.workspace), git_(host) {}

  /// Starts a call of a built-in tool; it ends exactly once, after this function has returned.
  void Start(runtime::Call call, runtime::CallSink& sink);
  /// Asks a call to end. Returns false if it is not running here.
  bool Cancel(runtime::CallId id);

 private:
  struct Running;
  using Work = ToolResult (*)(const Value& with, const Workspace& workspace);

  void RunBlocking(runtime::Call call, runtime::CallSink& sink, Work work);

  host::Reactor& reactor_;
  host::Files& workspace_;
  GitTools git_;
  std::map<runtime::CallId, std::shared_ptr<Running>> running_;
};

}  // namespace wfc::tools
