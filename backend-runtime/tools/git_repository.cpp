#include "backend-runtime/tools/git_repository.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

using host::FileError;
using runtime::Failure;

constexpr uint64_t kLongestPath = 4096;
constexpr uint64_t kMostConfigBytes = 1 << 20;
constexpr uint64_t kMostAlternatesBytes = 1 << 16;
constexpr size_t kMostObjectFolders = 16;
constexpr size_t kMostObjectFiles = 2'000'000;
/// The deepest file is objects/info/commit-graphs/FILE.
constexpr int kObjectDepth = 3;
/// The exit code of git when it finds no repository.
constexpr int kNoRepositoryExit = 128;

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string_view FirstLine(std::string_view bytes) {
  std::string_view line = bytes.substr(0, bytes.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Failure Denied(std::string message) {
  return MakeFailure(FailureCode::Denied, std::move(message));
}

bool IsMissing(const FileError& error) {
  return error.kind == FileError::Kind::NotFound || error.kind == FileError::Kind::WrongKind;
}

/// Finds one repository. Each step stores its part in `repository_`, or returns false and stores
/// the failure in `failure_`.
class Finder {
 public:
  Finder(const Workspace& workspace, const std::string& root) : workspace_(workspace), root_(root) {
    repository_.files = &workspace.files;
  }

  Result<GitRepository, Failure> Run() {
    const bool is_found = FindTop() && FindCommon() && ReadSettings() && FindParts();
    if (!is_found) return *failure_;
    return std::move(repository_);
  }

 private:
  bool FindTop();
  [[nodiscard]] bool IsRepository(const host::FileInfo& info) const;
  bool TakeFolder(const host::FileInfo& info);
  bool FollowFile();
  bool EnterLinkedWorkTree(const std::string& folder);
  bool FindCommon();
  bool ReadSettings();
  bool FindParts();
  bool CheckObjects(const std::string& folder, int depth);
  bool CheckAlternates(const std::string& folder, std::vector<std::string>& folders);

  /// Sets `real` to the folder at `path`, with links resolved. `natural` is where the folder is
  /// without any redirection; another place must be granted.
  bool UseFolder(const std::string& path, const std::string& natural, std::string& real);
  /// Resolves `path`, which a file in `folder` contains, relative to `files`; empty if it is
  /// outside.
  [[nodiscard]] std::optional<std::string> Resolve(const std::string& folder,
                                                   std::string_view path) const;
  [[nodiscard]] bool IsOnMachine() const { return repository_.machine != nullptr; }

  bool Fail(Failure failure) {
    failure_ = std::move(failure);
    return false;
  }
  bool FailOutside(std::string_view path) {
    return Fail(Denied(fmt::format("the repository of `{}` is outside the workspace: {}", root_,
                                   ReplaceInvalidUtf8(path))));
  }

  const Workspace& workspace_;
  const std::string& root_;
  GitRepository repository_;
  std::optional<Failure> failure_;
  size_t object_files_ = 0;
};

bool Finder::FindTop() {
  for (std::string folder = root_;; folder = ParentOf(folder)) {
    const host::FileResult<host::FileInfo> info = workspace_.files.Inspect(PathIn(folder, ".git"));
    repository_.top = folder;
    if (info && info->kind == host::EntryKind::File) return FollowFile();
    if (info && IsRepository(*info)) return TakeFolder(*info);
    if (!info && !IsMissing(info.error())) return Fail(ToFailure(info.error()));
    if (folder == ".") break;
  }
  return Fail(
      {.code = FailureCode::Exit,
       .message = fmt::format("git: `{}` is not a git repository, nor is a folder around it "
                              "in the workspace",
                              root_),
       .details = Value::Record({{"exit", Value::Int(kNoRepositoryExit)}})});
}

/// Git ignores a `.git` that lacks these, too.
bool Finder::IsRepository(const host::FileInfo& info) const {
  if (info.kind != host::EntryKind::Folder) return false;
  const auto has = [&](std::string_view name) {
    const host::FileResult<host::FileInfo> part =
        workspace_.files.Inspect(PathIn(info.real_path, name));
    return part || !IsMissing(part.error());
  };
  return has("HEAD") && (has("objects") || has("commondir"));
}

bool Finder::TakeFolder(const host::FileInfo& info) {
  return UseFolder(info.real_path, PathIn(repository_.top, ".git"), repository_.folder);
}

bool Finder::FollowFile() {
  constexpr std::string_view kKey = "gitdir:";
  const std::string name = PathIn(repository_.top, ".git");
  const host::FileResult<host::FileContent> content = workspace_.files.Read(name, kLongestPath);
  if (!content) return Fail(ToFailure(content.error()));
  std::string_view line = FirstLine(content->bytes);
  if (!line.starts_with(kKey)) {
    return Fail(MakeFailure(FailureCode::Io, fmt::format("`{}` names no repository", name)));
  }
  line.remove_prefix(kKey.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  if (const std::optional<std::string> inside = Resolve(repository_.top, line)) {
    return UseFolder(*inside, "", repository_.folder);
  }
  const std::optional<std::string> outside =
      JoinGitPath(AbsolutePath(workspace_.files, repository_.top), line);
  if (!outside) return FailOutside(line);
  return EnterLinkedWorkTree(*outside);
}

bool Finder::EnterLinkedWorkTree(const std::string& folder) {
  host::FileResult<std::unique_ptr<host::Files>> machine = host::OpenFiles("/");
  if (!machine) return Fail(ToFailure(machine.error()));
  const std::string path = folder.substr(1);
  const host::FileResult<host::FileContent> named =
      (*machine)->Read(PathIn(path, "gitdir"), kLongestPath);
  if (!named) return FailOutside(folder);
  const std::string work_tree = AbsolutePath(workspace_.files, PathIn(repository_.top, ".git"));
  // The path may lead through links, such as a home folder that is one, so it is resolved before
  // the comparison.
  const std::optional<std::string> claimed = JoinGitPath(folder, FirstLine(named->bytes));
  if (!claimed) return FailOutside(folder);
  const host::FileResult<host::FileInfo> info = (*machine)->Inspect(claimed->substr(1));
  if (!info || "/" + info->real_path != work_tree) return FailOutside(folder);
  repository_.machine = std::move(*machine);
  repository_.files = repository_.machine.get();
  return UseFolder(path, path, repository_.folder);
}

std::optional<std::string> Finder::Resolve(const std::string& folder, std::string_view path) const {
  const std::string& root = repository_.files->root();
  const std::string prefix = root == "/" ? root : root + "/";
  const std::optional<std::string> joined =
      JoinGitPath(AbsolutePath(*repository_.files, folder), path);
  if (!joined || !joined->starts_with(prefix)) return std::nullopt;
  return joined->substr(prefix.size());
}

bool Finder::UseFolder(const std::string& path, const std::string& natural, std::string& real) {
  const host::FileResult<host::FileInfo> info = repository_.files->Inspect(path);
  if (!info) return Fail(ToFailure(info.error()));
  if (info->kind != host::EntryKind::Folder) {
    return Fail(MakeFailure(FailureCode::Io, fmt::format("`{}` is not a folder", path)));
  }
  real = info->real_path;
  const bool is_free = IsOnMachine() || real == natural;
  if (is_free || workspace_.authority.Check(Capability::FsRead, real)) return true;
  return Fail(
      Denied(fmt::format("the repository of `{}` keeps a part in `{}`, and fs.read of that is "
                         "not allowed",
                         root_, real)));
}

bool Finder::FindCommon() {
  repository_.common = repository_.folder;
  const host::FileResult<host::FileContent> named =
      repository_.files->Read(PathIn(repository_.folder, "commondir"), kLongestPath);
  if (!named && named.error().kind == FileError::Kind::NotFound) return true;
  if (!named) return Fail(ToFailure(named.error()));
  const std::string_view line = FirstLine(named->bytes);
  const std::optional<std::string> common = Resolve(repository_.folder, line);
  if (!common) return FailOutside(line);
  return UseFolder(*common, "", repository_.common);
}

bool Finder::ReadSettings() {
  const host::FileResult<host::FileContent> config =
      repository_.files->Read(PathIn(repository_.common, "config"), kMostConfigBytes);
  if (!config && config.error().kind == FileError::Kind::NotFound) return true;
  if (!config) return Fail(ToFailure(config.error()));
  Result<GitSettings> settings = ReadGitConfig(config->bytes);
  if (!settings) return Fail(MakeFailure(FailureCode::Io, settings.error().message));
  repository_.settings = std::move(*settings);
  const std::optional<std::string>& work_tree = repository_.settings.work_tree;
  // Git ignores `core.worktree` in a linked work tree, too.
  if (!work_tree || repository_.folder != repository_.common) return true;
  const std::optional<std::string> named =
      JoinGitPath(repository_.Absolute(repository_.folder), *work_tree);
  if (named == AbsolutePath(workspace_.files, repository_.top)) return true;
  return Fail(
      Denied(fmt::format("`core.worktree` of the repository of `{}` names another folder: {}",
                         root_, ReplaceInvalidUtf8(*work_tree))));
}

bool Finder::FindParts() {
  const auto use = [&](std::string_view name, std::string& real) {
    const std::string natural = PathIn(repository_.common, name);
    return UseFolder(natural, natural, real);
  };
  if (!use("refs", repository_.references) || !use("objects", repository_.objects)) return false;
  std::vector<std::string> folders = {repository_.objects};
  for (size_t next = 0; next < folders.size(); ++next) {
    const std::string folder = folders[next];
    if (!CheckObjects(folder, 0) || !CheckAlternates(folder, folders)) return false;
    if (folders.size() > kMostObjectFolders) {
      return Fail(MakeFailure(FailureCode::Io,
                              fmt::format("the repository of `{}` borrows from more than {} others",
                                          root_, kMostObjectFolders)));
    }
  }
  return true;
}

bool Finder::CheckObjects(const std::string& folder, int depth) {
  if (workspace_.is_cancelled)
    return Fail(MakeFailure(FailureCode::Cancelled, "the call was cancelled"));
  const host::FileResult<std::vector<host::FolderEntry>> entries =
      repository_.files->List(folder, kMostObjectFiles - object_files_);
  if (!entries) return Fail(ToFailure(entries.error()));
  object_files_ += entries->size();
  for (const host::FolderEntry& entry : *entries) {
    if (entry.kind == host::EntryKind::File) continue;
    const std::string path = PathIn(folder, entry.name);
    if (entry.kind != host::EntryKind::Folder || depth == kObjectDepth) {
      return Fail(Denied(fmt::format("`{}` is neither a file nor a folder, and git would follow it",
                                     ReplaceInvalidUtf8(path))));
    }
    if (!CheckObjects(path, depth + 1)) return false;
  }
  return true;
}

bool Finder::CheckAlternates(const std::string& folder, std::vector<std::string>& folders) {
  const std::string name = PathIn(folder, "info/alternates");
  const host::FileResult<host::FileContent> content =
      repository_.files->Read(name, kMostAlternatesBytes);
  if (!content && content.error().kind == FileError::Kind::NotFound) return true;
  if (!content) return Fail(ToFailure(content.error()));
  // Git permits quoted paths in these lines. They are not supported here, and what is not
  // understood must not be passed on to git.
  if (content->is_truncated || content->bytes.find('"') != std::string::npos) {
    return Fail(Denied(fmt::format("`{}` is not a list of plain paths", name)));
  }
  std::string_view rest = content->bytes;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty() || line[0] == '#') continue;
    const std::optional<std::string> path = Resolve(folder, line);
    if (!path) return FailOutside(line);
    std::string real;
    if (!UseFolder(*path, "", real)) return false;
    if (real != *path) return Fail(Denied(fmt::format("`{}` leads through links", name)));
    if (std::ranges::find(folders, real) == folders.end()) folders.push_back(std::move(real));
  }
  return true;
}

}  // namespace

std::string AbsolutePath(const host::Files& files, const std::string& path) {
  if (path == ".") return files.root();
  return files.root() == "/" ? "/" + path : fmt::format("{}/{}", files.root(), path);
}

std::string GitRepository::Absolute(const std::string& path) const {
  return AbsolutePath(*files, path);
}

std::optional<std::string> JoinGitPath(std::string_view folder, std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string joined =
      path.starts_with('/') ? std::string(path) : fmt::format("{}/{}", folder, path);
  std::vector<std::string_view> segments;
  for (size_t begin = 0; begin <= joined.size();) {
    const size_t end = std::min(joined.find('/', begin), joined.size());
    const std::string_view segment = std::string_view(joined).substr(begin, end - begin);
    begin = end + 1;
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (segments.empty()) {
      return std::nullopt;
    } else {
      segments.pop_back();
    }
  }
  return fmt::format("/{}", fmt::join(segments, "/"));
}

Result<GitRepository, Failure> FindRepository(const Workspace& workspace, const std::string& root) {
  return Finder(workspace, root).Run();
}

}  // namespace wfc::tools
