// Finds the repository to which a folder of the workspace belongs. wfc does it itself, because git
// would follow what the repository says (`.git` files, `commondir`, `core.worktree`, alternates,
// links) wherever it leads. GitTools calls it on a worker, since it blocks.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backend-runtime/tools/git_config.h"
#include "backend-runtime/tools/workspace.h"

namespace wfc::tools {

/// A repository all of whose parts may be read. Paths are relative to `files` and free of links.
struct GitRepository {
  host::Files* files = nullptr;               ///< the workspace, or `machine`
  std::unique_ptr<host::Files> machine = {};  ///< for a linked work tree; see `FindRepository`
  /// The top folder of the work tree, relative to the workspace: the one that contains `.git`.
  std::string top = {};
  std::string folder = {};      ///< the git folder of this work tree: `HEAD`, `index`
  std::string common = {};      ///< the git folder that all work trees share: `config`, references
  std::string references = {};  ///< the folder `refs`
  std::string objects = {};
  GitSettings settings = {};

  /// The absolute path, as git is given it.
  [[nodiscard]] std::string Absolute(const std::string& path) const;
};

/// Finds the repository of `root`, a path without links: the nearest `.git`, from `root` up to the
/// workspace. Everything to which that leads must either be in the workspace and granted, or be the
/// repository of a linked work tree whose own folder names this work tree, which only
/// `git worktree add` writes there. Object folders, including those of alternates, must not contain
/// links or devices. Fails with `exit` if there is no repository, with `denied` if a part is
/// outside or not granted, and with `io` if a part cannot be read.
[[nodiscard]] Result<GitRepository, runtime::Failure> FindRepository(const Workspace& workspace,
                                                                     const std::string& root);

/// The absolute path of `path`, which is relative to the root of `files`.
[[nodiscard]] std::string AbsolutePath(const host::Files& files, const std::string& path);

/// Joins a relative `path` to `folder`, and removes `.` and `..`; an absolute path ignores
/// `folder`. Nothing if the result would be above the root, or if `path` is empty or contains a
/// NUL.
[[nodiscard]] std::optional<std::string> JoinGitPath(std::string_view folder,
                                                     std::string_view path);

}  // namespace wfc::tools
