#include "backend-runtime/tools/builtin_runner.h"

#include <optional>

#include <fmt/format.h>

#include "backend-runtime/tools/file_tools.h"

namespace wfc::tools {
namespace {

ToolResult Echo(const Value& with, const Workspace&) {
  return with;
}

}  // namespace

/// A call on a worker. It is shared with the worker, which writes `result` before the reactor reads
/// it.
struct BuiltinRunner::Call {
  runtime::BuiltinRequest request = {};
  runtime::Completion* completion = nullptr;
  std::atomic<bool> is_cancelled = false;
  std::optional<ToolResult> result = {};
};

void BuiltinRunner::Start(runtime::BuiltinRequest request, runtime::Completion& completion) {
  switch (request.builtin) {
    case BuiltinTool::Echo:
      return RunBlocking(std::move(request), completion, Echo);
    case BuiltinTool::FsList:
      return RunBlocking(std::move(request), completion, ListFiles);
    case BuiltinTool::FsRead:
      return RunBlocking(std::move(request), completion, ReadTextFile);
    case BuiltinTool::FsWrite:
      return RunBlocking(std::move(request), completion, WriteTextFile);
    case BuiltinTool::TextSearch:
      return RunBlocking(std::move(request), completion, SearchFiles);
    case BuiltinTool::GitDiff:
      return git_.StartDiff(std::move(request), completion);
    case BuiltinTool::GitLog:
      return git_.StartLog(std::move(request), completion);
  }
  WFC_CHECK(false);  // the plan's verifier rejects other numbers
}

void BuiltinRunner::RunBlocking(runtime::BuiltinRequest request, runtime::Completion& completion,
                                Work work) {
  const runtime::AttemptId id = request.id;
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->completion = &completion;
  calls_.emplace(id, call);
  reactor_.RunOnWorker(
      [this, call, work] {
        const Workspace workspace = {workspace_, *call->request.authority, call->is_cancelled};
        call->result = work(call->request.arguments, workspace);
      },
      [this, call, id] {
        calls_.erase(id);
        runtime::AttemptResult attempt;
        if (*call->result) {
          attempt.output = **call->result;
        } else {
          attempt.failure = call->result->error();
        }
        call->completion->Complete(call->request.id, std::move(attempt));
      });
}

bool BuiltinRunner::Cancel(runtime::AttemptId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return git_.Cancel(id);
  found->second->is_cancelled = true;
  return true;
}

}  // namespace wfc::tools
