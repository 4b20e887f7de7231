#include "backend-runtime/tools/git_tools.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/tools/git_command.h"
#include "backend-runtime/tools/git_output.h"
#include "backend-runtime/tools/workspace.h"
#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

using runtime::Failure;
using runtime::FailureCode;

constexpr uint64_t kMostOutput = 32 << 20;
constexpr uint64_t kMostCommits = 10'000;
/// `git config` finds nothing.
constexpr int kNothingFound = 1;

std::string FirstLine(std::string_view bytes) {
  return ReplaceInvalidUtf8(bytes.substr(0, bytes.find('\n')));
}

bool IsBeneath(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

/// Whether `git_folder`, outside the workspace, is what `git worktree add` made for a work tree in
/// it: then the repository names that work tree's `.git`, which nobody in the workspace could have
/// written there.
bool IsOfLinkedWorkTree(const std::string& git_folder, const std::string& workspace) {
  const host::FileResult<std::unique_ptr<host::Files>> files = host::OpenFiles(git_folder);
  if (!files) return false;
  constexpr uint64_t kLongestPath = 4096;
  const host::FileResult<host::FileContent> named = (*files)->Read("gitdir", kLongestPath);
  return named && IsBeneath(named->bytes.substr(0, named->bytes.find('\n')), workspace);
}

/// `{files: […]}` with paths relative to the workspace, less those that may not be read.
Value ToValue(const std::vector<ChangedFile>& files, const std::string& root,
              const runtime::Authority& authority) {
  const auto in_workspace = [&](const std::string& path) {
    return root == "." ? path : fmt::format("{}/{}", root, path);
  };
  const auto may_read = [&](const std::string& path) {
    return authority.Allows(runtime::Capability::FsRead, path);
  };
  std::vector<Value> shown;
  for (const ChangedFile& file : files) {
    const std::string path = ReplaceInvalidUtf8(in_workspace(file.path));
    if (!may_read(path)) continue;
    std::vector<MapEntry> entries = {{Value::String("path"), Value::String(path)},
                                     {Value::String("status"), Value::String(file.status)},
                                     {Value::String("patch"), Value::String(file.patch)}};
    if (!file.old_path.empty()) {
      const std::string old_path = ReplaceInvalidUtf8(in_workspace(file.old_path));
      if (!may_read(old_path)) continue;
      entries.push_back({Value::String("old_path"), Value::String(old_path)});
    }
    shown.push_back(Value::Map(std::move(entries)));
  }
  return Value::Record({{"files", Value::List(std::move(shown))}});
}

}  // namespace

/// One git.log or git.diff, through its steps.
struct GitTools::Call {
  runtime::BuiltinRequest request;
  runtime::Completion* completion;
  std::string root = {};  ///< relative to the workspace
  std::string path = {};  ///< relative to the workspace; empty: all of root
  bool needs_base = false;
  std::string base = {};
  uint64_t max = 0;
  host::OwnedDescriptor folder = {};
  std::vector<std::pair<std::string, std::string>> settings = SafeGitSettings();
  std::optional<host::ProcessId> process = {};
  bool is_top = false;  ///< root is the repository's top folder
  bool is_cancelled = false;

  [[nodiscard]] Key key() const { return {request.id.node, request.id.attempt}; }
};

GitTools::GitTools(CommandHost host) : host_(std::move(host)) {}
GitTools::~GitTools() = default;

void GitTools::StartLog(runtime::BuiltinRequest request, runtime::Completion& completion) {
  Start(std::move(request), completion, NeedsBase::No,
        [this](Call& call, const std::string&) { Log(call); });
}

void GitTools::StartDiff(runtime::BuiltinRequest request, runtime::Completion& completion) {
  Start(std::move(request), completion, NeedsBase::Yes, [this](Call& call, const std::string&) {
    RunGit(call,
           {"config", "--includes", "-z", "--name-only", "--get-regexp",
            R"(^filter\..*\.(clean|smudge|process|required)$)"},
           [this](Call& found, const std::string& filters) { Diff(found, filters); });
  });
}

void GitTools::Start(runtime::BuiltinRequest request, runtime::Completion& completion,
                     NeedsBase needs_base, Next first) {
  auto made =
      std::make_unique<Call>(Call{.request = std::move(request), .completion = &completion});
  made->needs_base = needs_base == NeedsBase::Yes;
  const Key key = made->key();
  Call& call = *calls_.emplace(key, std::move(made)).first->second;
  if (std::optional<Failure> failure = Prepare(call)) {
    host_.reactor.Post([this, key, failure = *failure] { Complete(key, failure); });
    return;
  }
  RunGit(call, {"rev-parse", "--show-toplevel", "--absolute-git-dir"},
         [this, first = std::move(first)](Call& found, const std::string& output) {
           CheckRepository(found, output, first);
         });
}

std::optional<Failure> GitTools::Prepare(Call& call) {
  Arguments arguments(call.request.arguments);
  const std::string root = arguments.Text("root", ".");
  const std::optional<std::string> path = arguments.OptionalText("path");
  call.max = arguments.Count("max", 50, kMostCommits);
  if (call.needs_base) call.base = arguments.Text("base");
  if (call.base.starts_with('-') || call.base.find('\0') != std::string::npos) {
    arguments.Refuse("the argument `base` is not a commit");
  }
  if (arguments.failure()) return arguments.failure();

  const std::atomic<bool> never = false;
  const Workspace workspace = {host_.workspace, *call.request.authority, never};
  Result<std::string, Failure> used = UsePath(workspace, runtime::Capability::FsRead, root);
  if (!used) return used.error();
  call.root = *used;
  if (path) {
    used = UsePath(workspace, runtime::Capability::FsRead, *path);
    if (!used) return used.error();
    call.path = *used;
  }
  host::FileResult<host::OwnedDescriptor> folder = host_.workspace.OpenFolder(call.root);
  if (!folder) return ToFailure(folder.error());
  call.folder = std::move(*folder);
  return std::nullopt;
}

void GitTools::RunGit(Call& call, std::vector<std::string> arguments, Next next) {
  host_.executables.Find("git", [this, key = call.key(), arguments = std::move(arguments),
                                 next = std::move(next)](const Result<Executable>& executable) {
    Launch(key, executable, arguments, next);
  });
}

void GitTools::Launch(Key key, const Result<Executable>& executable,
                      std::vector<std::string> arguments, Next next) {
  Call& call = *calls_.at(key);
  std::optional<Failure> failure;
  if (call.is_cancelled) {
    failure = MakeFailure(FailureCode::Cancelled, "the call was cancelled");
  } else if (!executable) {
    failure = MakeFailure(FailureCode::Io, executable.error().message);
  }
  if (failure) {
    host_.reactor.Post([this, key, failure = *failure] { Complete(key, failure); });
    return;
  }
  arguments.insert(arguments.begin(), {"git", "--no-pager", "--no-replace-objects"});
  Result<host::ProcessId, host::SpawnError> process = host_.processes.Start(
      {.executable = executable->path,
       .argv = std::move(arguments),
       .environment = GitEnvironment(host_.workspace.root(), host_.search_path, call.settings),
       .folder = call.folder.get(),
       .stdin_bytes = std::nullopt,
       .stdout_limit = kMostOutput},
      [this, key, next = std::move(next)](const host::ProcessResult& result) {
        FinishStep(key, result, next);
      });
  if (process) {
    call.process = *process;
    return;
  }
  host_.reactor.Post([this, key, message = process.error().message] {
    Complete(key, MakeFailure(FailureCode::Io, message));
  });
}

void GitTools::FinishStep(Key key, const host::ProcessResult& process, const Next& next) {
  Call& call = *calls_.at(key);
  call.process.reset();
  if (process.end == host::ProcessEnd::OutputLimit) {
    return Complete(key, MakeFailure(FailureCode::Io,
                                     fmt::format("git printed more than {} bytes", kMostOutput)));
  }
  if (process.end != host::ProcessEnd::Itself || call.is_cancelled) {
    return Complete(key, MakeFailure(FailureCode::Cancelled, "the call was cancelled"));
  }
  const bool found_nothing = process.exit_code == kNothingFound && process.stderr_bytes.empty();
  if (process.signal != 0 || (process.exit_code != 0 && !found_nothing)) {
    return Complete(key,
                    Failure{.code = FailureCode::Exit,
                            .message = fmt::format("git: {}", FirstLine(process.stderr_bytes)),
                            .details = Value::Record({{"exit", Value::Int(process.exit_code)}})});
  }
  next(call, process.stdout_bytes);
}

void GitTools::CheckRepository(Call& call, const std::string& output, const Next& next) {
  // A `.git` file or `core.worktree` may name any repository or folder of the machine.
  std::string_view rest = output;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    if (IsBeneath(folder, host_.workspace.root())) continue;
    if (IsOfLinkedWorkTree(std::string(folder), host_.workspace.root())) continue;
    return Complete(call.key(),
                    MakeFailure(FailureCode::Denied,
                                fmt::format("the repository of `{}` is outside the workspace: {}",
                                            call.root, ReplaceInvalidUtf8(folder))));
  }
  const std::string root = call.root == "."
                               ? host_.workspace.root()
                               : fmt::format("{}/{}", host_.workspace.root(), call.root);
  call.is_top = std::string_view(output).substr(0, output.find('\n')) == root;
  next(call, output);
}

void GitTools::Log(Call& call) {
  std::vector<std::string> arguments = {
      "log", "-z", fmt::format("--format={}", kGitLogFormat), "-n", fmt::format("{}", call.max),
      "--"};
  // Any path, even the top folder's, leaves out commits that change nothing.
  if (!call.path.empty()) {
    arguments.push_back(PathFrom(call.root, call.path));
  } else if (!call.is_top) {
    arguments.push_back(".");
  }
  RunGit(call, std::move(arguments), [this](Call& done, const std::string& output) {
    Result<Value> commits = ParseGitLog(output);
    Complete(done.key(), commits ? ToolResult(*commits)
                                 : MakeFailure(FailureCode::Io, commits.error().message));
  });
}

void GitTools::Diff(Call& call, const std::string& filters) {
  for (auto& setting : DisarmedFilters(filters)) call.settings.push_back(std::move(setting));
  std::vector<std::string> arguments = {"diff",
                                        "--merge-base",
                                        "--raw",
                                        "--patch",
                                        "--no-color",
                                        "-M",
                                        "--no-ext-diff",
                                        "--no-textconv",
                                        "--submodule=short",
                                        "--ignore-submodules=all",
                                        "--src-prefix=a/",
                                        "--dst-prefix=b/",
                                        "--relative",
                                        call.base,
                                        "--"};
  arguments.push_back(call.path.empty() ? "." : PathFrom(call.root, call.path));
  RunGit(call, std::move(arguments), [this](Call& done, const std::string& output) {
    const Result<std::vector<ChangedFile>> files = ParseGitDiff(output);
    if (!files) {
      return Complete(done.key(), MakeFailure(FailureCode::Io, files.error().message));
    }
    Complete(done.key(), ToValue(*files, done.root, *done.request.authority));
  });
}

void GitTools::Complete(Key key, ToolResult result) {
  const auto node = calls_.extract(key);
  const Call& call = *node.mapped();
  runtime::AttemptResult attempt;
  if (result) {
    attempt.output = *result;
  } else {
    attempt.failure = result.error();
  }
  call.completion->Complete(call.request.id, std::move(attempt));
}

bool GitTools::Cancel(runtime::AttemptId id) {
  const auto found = calls_.find({id.node, id.attempt});
  if (found == calls_.end()) return false;
  Call& call = *found->second;
  call.is_cancelled = true;
  if (call.process) host_.processes.Cancel(*call.process);
  return true;
}

}  // namespace wfc::tools
