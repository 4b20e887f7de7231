#include "backend-runtime/tools/git_tools.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "backend-runtime/tools/git_command.h"
#include "backend-runtime/tools/git_output.h"
#include "backend-runtime/tools/git_references.h"
#include "backend-runtime/tools/git_repository.h"
#include "backend-runtime/tools/private_git_folder.h"
#include "backend-runtime/tools/workspace.h"
#include "ir/base/utf8.h"
#include "ir/base/workspace_path.h"

namespace wfc::tools {
namespace {

using runtime::Failure;

constexpr uint64_t kMostOutput = 32 << 20;
constexpr uint64_t kMostCommits = 10'000;

std::string ShownFirstLine(std::string_view bytes) {
  return ReplaceInvalidUtf8(bytes.substr(0, bytes.find('\n')));
}

/// The path of a changed file, relative to the workspace. An index may contain any name, such as
/// one that leads out of the work tree or into `.git`, and git would show what it finds there; such
/// a name is denied.
Result<std::string, Failure> ToWorkspacePath(const std::string& root, const std::string& path) {
  const std::string shown = ReplaceInvalidUtf8(path);
  Result<std::string, Failure> normal = NormalizePath(shown);
  if (!normal || *normal != shown || IsReservedPath(shown)) {
    return MakeFailure(
        FailureCode::Denied,
        fmt::format("the repository names a file that no work tree has: `{}`", shown));
  }
  return root == "." ? shown : fmt::format("{}/{}", root, shown);
}

/// The output of git.diff, `{files: […]}`, with paths relative to the workspace and without files
/// that may not be read.
ToolResult ToValue(const std::vector<ChangedFile>& files, const std::string& root,
                   const runtime::Authority& authority) {
  const auto may_read = [&](const std::string& path) {
    return authority.Allows(Capability::FsRead, path);
  };
  std::vector<Value> shown;
  for (const ChangedFile& file : files) {
    const Result<std::string, Failure> path = ToWorkspacePath(root, file.path);
    if (!path) return path.error();
    std::vector<MapEntry> entries = {{Value::String("path"), Value::String(*path)},
                                     {Value::String("status"), Value::String(file.status)},
                                     {Value::String("patch"), Value::String(file.patch)}};
    bool is_shown = may_read(*path);
    if (!file.old_path.empty()) {
      const Result<std::string, Failure> old_path = ToWorkspacePath(root, file.old_path);
      if (!old_path) return old_path.error();
      is_shown = is_shown && may_read(*old_path);
      entries.push_back({Value::String("old_path"), Value::String(*old_path)});
    }
    if (is_shown) shown.push_back(Value::Map(std::move(entries)));
  }
  return Value::Record({{"files", Value::List(std::move(shown))}});
}

}  // namespace

/// One call of git.log or git.diff. The worker fills in what concerns the repository, the reactor's
/// thread the rest.
struct GitTools::Running {
  runtime::Call call;
  runtime::CallSink* sink;
  What what;
  std::string root = {};  ///< relative to the workspace
  std::string path = {};  ///< relative to the workspace; empty means all of `root`
  std::string base = {};
  uint64_t max = 0;
  std::optional<Failure> failure = {};
  host::OwnedDescriptor folder = {};
  std::unique_ptr<PrivateGitFolder> git_folder = {};
  GitFolders folders = {};
  bool is_top = false;  ///< `root` is the top folder of the work tree
  std::optional<host::ProcessId> process = {};
  std::atomic<bool> is_cancelled = false;

  /// Finds the repository and makes the private git folder for it; runs on a worker.
  [[nodiscard]] std::optional<Failure> Prepare(host::Files& files);

 private:
  [[nodiscard]] std::optional<Failure> ReadArguments(const Workspace& workspace);
};

std::optional<Failure> GitTools::Running::ReadArguments(const Workspace& workspace) {
  Arguments arguments(std::get<runtime::BuiltinCall>(call.target).arguments);
  const std::string wanted_root = arguments.Text("root", ".");
  const std::optional<std::string> wanted_path = arguments.OptionalText("path");
  max = arguments.Count("max", 50, kMostCommits);
  if (what == What::Diff) {
    base = arguments.Text("base");
    const bool is_blank = base.find_first_not_of(" \t\r\n") == std::string::npos;
    if (is_blank) arguments.Refuse("the argument `base` is empty; name a commit, such as `HEAD`");
  }
  if (base.starts_with('-') || base.find('\0') != std::string::npos) {
    arguments.Refuse("the argument `base` is not a commit");
  }
  if (arguments.failure()) return arguments.failure();
  Result<std::string, Failure> used = UsePath(workspace, Capability::FsRead, wanted_root);
  if (!used) return used.error();
  root = *used;
  if (!wanted_path) return std::nullopt;
  used = UsePath(workspace, Capability::FsRead, *wanted_path);
  if (!used) return used.error();
  path = *used;
  return std::nullopt;
}

std::optional<Failure> GitTools::Running::Prepare(host::Files& files) {
  const Workspace workspace = {files, *call.authority, is_cancelled};
  if (std::optional<Failure> wrong = ReadArguments(workspace)) return wrong;
  const host::FileResult<host::FileInfo> info = files.Inspect(root);
  if (!info) return ToFailure(info.error());
  if (info->real_path != root) {
    return MakeFailure(
        FailureCode::Denied,
        fmt::format("`{}` leads through a link to `{}`; name that folder", root, info->real_path));
  }
  host::FileResult<host::OwnedDescriptor> opened = files.OpenFolder(root);
  if (!opened) return ToFailure(opened.error());
  folder = std::move(*opened);

  const Result<GitRepository, Failure> repository = FindRepository(workspace, root);
  if (!repository) return repository.error();
  const Result<GitReferences, Failure> references = ReadReferences(
      *repository, what == What::Log ? WantedReferences::OfHead : WantedReferences::All);
  if (!references) return references.error();
  Result<std::unique_ptr<PrivateGitFolder>, Failure> made =
      PrivateGitFolder::Make(*repository, *references);
  if (!made) return made.error();
  git_folder = std::move(*made);
  is_top = repository->top == root;
  folders = {.git = git_folder->path(),
             .objects = repository->Absolute(repository->objects),
             .work_tree = AbsolutePath(files, repository->top)};
  return std::nullopt;
}

GitTools::GitTools(CommandHost host) : host_(std::move(host)) {}
GitTools::~GitTools() = default;

void GitTools::StartLog(runtime::Call call, runtime::CallSink& sink) {
  Start(std::move(call), sink, What::Log);
}

void GitTools::StartDiff(runtime::Call call, runtime::CallSink& sink) {
  Start(std::move(call), sink, What::Diff);
}

void GitTools::Start(runtime::Call call, runtime::CallSink& sink, What what) {
  const runtime::CallId id = call.id;
  auto running = std::make_shared<Running>(std::move(call), &sink, what);
  running_.emplace(id, running);
  host_.reactor.RunOnWorker(
      [this, running] { running->failure = running->Prepare(host_.workspace); },
      [this, id, running] {
        if (running->failure) return End(id, *running->failure);
        FindGit(id);
      });
}

void GitTools::FindGit(runtime::CallId id) {
  host_.executables.Find(
      "git", [this, id](const Result<Executable>& executable) { Launch(id, executable); });
}

void GitTools::Launch(runtime::CallId id, const Result<Executable>& executable) {
  Running& running = *running_.at(id);
  if (running.is_cancelled) {
    return End(id, MakeFailure(FailureCode::Cancelled, "the call was cancelled"));
  }
  if (!executable) return End(id, MakeFailure(FailureCode::Io, executable.error().message));
  std::string path = running.path.empty() ? "" : PathFrom(running.root, running.path);
  // With any path, even the top folder's, a log omits commits that change nothing.
  if (path.empty() && !(running.what == What::Log && running.is_top)) path = ".";
  Result<host::ProcessId, host::SpawnError> process =
      host_.processes.Start({.executable = executable->path,
                             .argv = running.what == What::Log ? LogArguments(running.max, path)
                                                               : DiffArguments(running.base, path),
                             .environment = GitEnvironment(running.folders, host_.search_path),
                             .folder = running.folder.get(),
                             .stdin_bytes = std::nullopt,
                             .stdout_limit = kMostOutput,
                             .deadline = host_.reactor.clock().Now() + GitDeadline(),
                             .limits = GitLimits()},
                            [this, id](const host::ProcessResult& result) { Finish(id, result); });
  if (!process) return End(id, MakeFailure(FailureCode::Io, process.error().message));
  running.process = *process;
}

namespace {

/// Why git failed; none if it succeeded.
std::optional<Failure> FailureOf(const host::ProcessResult& process) {
  switch (process.end) {
    case host::ProcessEnd::OutputLimit:
      return MakeFailure(FailureCode::Io,
                         fmt::format("git printed more than {} bytes", kMostOutput));
    case host::ProcessEnd::Deadline:
      return MakeFailure(FailureCode::Timeout, fmt::format("git took longer than {} seconds",
                                                           GitDeadline() / kNsPerSecond));
    case host::ProcessEnd::Cancelled:
      return MakeFailure(FailureCode::Cancelled, "the call was cancelled");
    case host::ProcessEnd::Itself:
      break;
  }
  if (process.signal != 0) {
    return MakeFailure(FailureCode::Io, fmt::format("git was ended by signal {}", process.signal));
  }
  if (process.exit_code == 0) return std::nullopt;
  return Failure{.code = FailureCode::Exit,
                 .message = fmt::format("git: {}", ShownFirstLine(process.stderr_bytes)),
                 .details = Value::Record({{"exit", Value::Int(process.exit_code)}})};
}

}  // namespace

void GitTools::Finish(runtime::CallId id, const host::ProcessResult& process) {
  Running& running = *running_.at(id);
  running.process.reset();
  if (running.is_cancelled) {
    return End(id, MakeFailure(FailureCode::Cancelled, "the call was cancelled"));
  }
  if (const std::optional<Failure> failure = FailureOf(process)) return End(id, *failure);
  if (running.what == What::Log) {
    Result<Value> commits = ParseGitLog(process.stdout_bytes);
    return End(
        id, commits ? ToolResult(*commits) : MakeFailure(FailureCode::Io, commits.error().message));
  }
  const Result<std::vector<ChangedFile>> files = ParseGitDiff(process.stdout_bytes);
  if (!files) return End(id, MakeFailure(FailureCode::Io, files.error().message));
  End(id, ToValue(*files, running.root, *running.call.authority));
}

void GitTools::End(runtime::CallId id, const ToolResult& result) {
  const auto node = running_.extract(id);
  node.mapped()->sink->Ended(id, ToCallResult(result));
}

bool GitTools::Cancel(runtime::CallId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  Running& running = *found->second;
  running.is_cancelled = true;
  if (running.process) host_.processes.Cancel(*running.process);
  return true;
}

}  // namespace wfc::tools
