// Which repository a folder of the workspace belongs to, found by wfc itself: git would follow the
// repository's own words (`.git` files, `commondir`, `core.worktree`, alternates, links) to
// wherever they lead. Blocks; called on a worker.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/tools/git_config.h"
#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {

/// A repository all of whose parts may be read. Paths are relative to `files`, without links.
struct GitRepository {
  host::Files* files = nullptr;               ///< the workspace, or `machine`
  std::unique_ptr<host::Files> machine = {};  ///< for a linked work tree; see `FindRepository`
  std::string top = {};     ///< of the work tree, relative to the workspace: where `.git` stands
  std::string folder = {};  ///< of this work tree: `HEAD`, `index`
  std::string common = {};  ///< of all work trees: `config`, references
  std::string references = {};  ///< `refs`
  std::string objects = {};
  GitSettings settings = {};

  /// As git is told it.
  [[nodiscard]] std::string Absolute(const std::string& path) const;
};

/// The repository of `root`, a folder without links on the way: the nearest `.git` from it up to
/// the workspace. Whatever that leads to lies in the workspace and is granted, or is the repository
/// of a linked work tree whose own folder names this work tree, which only `git worktree add`
/// writes there. Object folders hold no links and no devices, and neither do those that they borrow
/// from.
[[nodiscard]] Result<GitRepository, runtime::Failure> FindRepository(const Workspace& workspace,
                                                                     const std::string& root);

/// `path`, which is relative to the root of `files`, from the root of the machine.
[[nodiscard]] std::string AbsolutePath(const host::Files& files, const std::string& path);

/// `path` joined to `folder` where it is relative, without `.` and `..`; absolute paths stay so. No
/// value when it leads above the root.
[[nodiscard]] std::optional<std::string> JoinGitPath(std::string_view folder,
                                                     std::string_view path);

}  // namespace wfc::tools
