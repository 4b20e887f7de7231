#include "backend-runtime/tools/builtin_runner.h"

#include <optional>

#include <fmt/core.h>

#include "backend-runtime/tools/file_tools.h"

namespace wfc::tools {
namespace {

ToolResult Echo(const Value& with, const Workspace&) {
  return with;
}

}  // namespace

/// A call on a worker. It is shared with the worker, which writes `result` before the reactor reads
/// it.
struct BuiltinRunner::Running {
  runtime::Call call = {};
  runtime::CallSink* sink = nullptr;
  std::atomic<bool> is_cancelled = false;
  std::optional<ToolResult> result = {};
};

void BuiltinRunner::Start(runtime::Call call, runtime::CallSink& sink) {
  switch (std::get<runtime::BuiltinCall>(call.target).builtin) {
    case BuiltinTool::Echo:
      return RunBlocking(std::move(call), sink, Echo);
    case BuiltinTool::FsList:
      return RunBlocking(std::move(call), sink, ListFiles);
    case BuiltinTool::FsRead:
      return RunBlocking(std::move(call), sink, ReadTextFile);
    case BuiltinTool::FsWrite:
      return RunBlocking(std::move(call), sink, WriteTextFile);
    case BuiltinTool::TextSearch:
      return RunBlocking(std::move(call), sink, SearchFiles);
    case BuiltinTool::GitDiff:
      return git_.StartDiff(std::move(call), sink);
    case BuiltinTool::GitLog:
      return git_.StartLog(std::move(call), sink);
  }
  WFC_CHECK(false);  // the plan's verifier rejects other numbers
}

void BuiltinRunner::RunBlocking(runtime::Call call, runtime::CallSink& sink, Work work) {
  const runtime::CallId id = call.id;
  auto running = std::make_shared<Running>();
  running->call = std::move(call);
  running->sink = &sink;
  running_.emplace(id, running);
  reactor_.RunOnWorker(
      [this, running, work] {
        const runtime::Call& made = running->call;
        const Workspace workspace = {workspace_, *made.authority, running->is_cancelled};
        running->result = work(std::get<runtime::BuiltinCall>(made.target).arguments, workspace);
      },
      [this, running, id] {
        running_.erase(id);
        running->sink->Ended(id, ToCallResult(*running->result));
      });
}

bool BuiltinRunner::Cancel(runtime::CallId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return git_.Cancel(id);
  found->second->is_cancelled = true;
  return true;
}

}  // namespace wfc::tools
