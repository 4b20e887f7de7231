// The workspace as a built-in sees it: files beneath one root, less what the node may not use.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "backend-runtime/host/files.h"
#include "backend-runtime/runtime/authority.h"
#include "backend-runtime/tools/arguments.h"

namespace wfc::tools {

/// What a call of a built-in works with. All outlive the call; used on a worker.
struct Workspace {
  host::Files& files;
  const runtime::Authority& authority;
  const std::atomic<bool>& is_cancelled;
};

/// `path` without `.` and repeated slashes, `.` when nothing is left. Absolute paths, `..` and NUL
/// are `denied`, an empty path too.
[[nodiscard]] Result<std::string, runtime::Failure> NormalizePath(std::string_view path);

/// As `NormalizePath`, and the node's authority must allow it; the decision is audited.
[[nodiscard]] Result<std::string, runtime::Failure> UsePath(const Workspace& workspace,
                                                            Capability capability,
                                                            std::string_view path);

[[nodiscard]] runtime::Failure ToFailure(const host::FileError& error);

/// What was read, unless links led to where the node may not read.
[[nodiscard]] Result<host::FileContent, runtime::Failure> ReadAllowed(const Workspace& workspace,
                                                                      const std::string& path,
                                                                      uint64_t max_bytes);

struct WalkedFile {
  const std::string& path;  ///< relative to the workspace
  uint64_t size = 0;
};
enum class Walk : uint8_t { GoOn, Stop };
/// Called for each file; `Stop` ends the walk.
using VisitFile = std::function<Walk(const WalkedFile& file)>;

/// Visits the regular files at or below `root` that the node may read, sorted within each folder;
/// links are not followed and `.git` and `.wfc` left out. Yields whether it saw everything: it did
/// not when it was stopped, met a folder it could not read, or a limit (64 levels, a million
/// entries).
[[nodiscard]] Result<bool, runtime::Failure> WalkFiles(const Workspace& workspace,
                                                       const std::string& root,
                                                       const VisitFile& visit);

}  // namespace wfc::tools
