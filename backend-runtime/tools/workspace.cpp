#include "backend-runtime/tools/workspace.h"

#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/base/workspace_path.h"

namespace wfc::tools {
namespace {

using runtime::Failure;

constexpr size_t kMaxFolderDepth = 64;
constexpr size_t kMaxEntries = 1'000'000;

Failure Cancelled() {
  return MakeFailure(FailureCode::Cancelled, "the call was cancelled");
}

/// A walk in progress. It keeps a stack of folders instead of recursing.
class Walker {
 public:
  Walker(const Workspace& workspace, const VisitFile& visit)
      : workspace_(workspace), visit_(visit) {}

  Result<bool, Failure> Run(const std::string& root) {
    host::FileResult<host::FileInfo> info = workspace_.files.Inspect(root);
    if (!info) return ToFailure(info.error());
    if (info->kind == host::EntryKind::File) {
      Offer(root, info->size);
      return is_complete_;
    }
    host::FileResult<std::vector<host::FolderEntry>> top = workspace_.files.List(root, kMaxEntries);
    if (!top) return ToFailure(top.error());
    Push(root, std::move(*top));
    while (!folders_.empty() && !is_stopped_) {
      if (workspace_.is_cancelled) return Cancelled();
      Step();
    }
    return is_complete_;
  }

 private:
  struct Folder {
    std::string path;
    std::vector<host::FolderEntry> entries;
    size_t next = 0;
  };

  void Push(std::string path, std::vector<host::FolderEntry> entries) {
    entries_seen_ += entries.size();
    folders_.push_back({.path = std::move(path), .entries = std::move(entries)});
  }

  void Step() {
    Folder& folder = folders_.back();
    if (folder.next == folder.entries.size()) {
      folders_.pop_back();
      return;
    }
    const host::FolderEntry& entry = folder.entries[folder.next++];
    if (IsReservedPath(entry.name) || FindInvalidUtf8(entry.name) != std::string_view::npos) return;
    const std::string path = PathIn(folder.path, entry.name);
    if (entry.kind == host::EntryKind::File) Offer(path, entry.size);
    if (entry.kind == host::EntryKind::Folder) Enter(path);
  }

  void Offer(const std::string& path, uint64_t size) {
    if (!workspace_.authority.Allows(Capability::FsRead, path)) return;
    if (visit_({.path = path, .size = size}) == Walk::GoOn) return;
    is_stopped_ = true;
    is_complete_ = false;
  }

  void Enter(const std::string& path) {
    if (folders_.size() < kMaxFolderDepth && entries_seen_ < kMaxEntries) {
      host::FileResult<std::vector<host::FolderEntry>> entries =
          workspace_.files.List(path, kMaxEntries - entries_seen_);
      if (entries) return Push(path, std::move(*entries));
    }
    is_complete_ = false;
  }

  const Workspace& workspace_;
  const VisitFile& visit_;
  std::vector<Folder> folders_;
  size_t entries_seen_ = 0;
  bool is_stopped_ = false;
  bool is_complete_ = true;
};

}  // namespace

Result<std::string, Failure> NormalizePath(std::string_view path) {
  if (const std::string_view problem = FindPathProblem(path); !problem.empty()) {
    return MakeFailure(FailureCode::Denied, fmt::format("the path `{}` {}", path, problem));
  }
  return NormalizeWorkspacePath(path);
}

Result<std::string, Failure> UsePath(const Workspace& workspace, Capability capability,
                                     std::string_view path) {
  Result<std::string, Failure> normal = NormalizePath(path);
  if (!normal) return normal;
  if (!workspace.authority.Check(capability, *normal)) {
    return MakeFailure(FailureCode::Denied,
                       fmt::format("{} of `{}` is not allowed", Spell(capability), *normal));
  }
  return normal;
}

std::string PathIn(const std::string& folder, std::string_view name) {
  return folder == "." ? std::string(name) : fmt::format("{}/{}", folder, name);
}

Failure ToFailure(const host::FileError& error) {
  const bool is_denied =
      error.kind == host::FileError::Kind::Escapes || error.kind == host::FileError::Kind::IsLink;
  return {.code = is_denied ? FailureCode::Denied : FailureCode::Io,
          .message = error.message,
          .details = Value::Record({{"kind", Value::String(GetName(error.kind))}})};
}

Result<host::FileContent, Failure> ReadAllowed(const Workspace& workspace, const std::string& path,
                                               uint64_t max_bytes) {
  host::FileResult<host::FileContent> content = workspace.files.Read(path, max_bytes);
  if (!content) return ToFailure(content.error());
  if (content->real_path != path &&
      !workspace.authority.Check(Capability::FsRead, content->real_path)) {
    return MakeFailure(FailureCode::Denied,
                       fmt::format("`{}` leads to `{}`, and fs.read of that is not allowed", path,
                                   content->real_path));
  }
  return std::move(*content);
}

Result<bool, Failure> WalkFiles(const Workspace& workspace, const std::string& root,
                                const VisitFile& visit) {
  return Walker(workspace, visit).Run(root);
}

}  // namespace wfc::tools
