// git.log and git.diff: the `git` program, told to read this repository and to run nothing that the
// repository's own settings name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  using Key = std::pair<uint32_t, uint32_t>;
  struct Call;
  /// What to do with a step's standard output; the step before it has succeeded.
  using Next = std::function<void(Call& call, const std::string& output)>;

  enum class NeedsBase : uint8_t { No, Yes };
  void Start(runtime::BuiltinRequest request, runtime::Completion& completion, NeedsBase needs_base,
             Next first);
  [[nodiscard]] std::optional<runtime::Failure> Prepare(Call& call);
  void RunGit(Call& call, std::vector<std::string> arguments, Next next);
  void Launch(Key key, const Result<Executable>& executable, std::vector<std::string> arguments,
              Next next);
  void FinishStep(Key key, const host::ProcessResult& process, const Next& next);
  void CheckRepository(Call& call, const std::string& output, const Next& next);
  void Log(Call& call);
  void Diff(Call& call, const std::string& filters);
  void Complete(Key key, ToolResult result);

  CommandHost host_;
  std::map<Key, std::unique_ptr<Call>> calls_;
};

}  // namespace wfc::tools
