// The workspace as built-in tools see it: the files beneath one root, without those that the node
// may not use.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "backend-runtime/host/files.h"
#include "backend-runtime/runtime/evaluate/authority.h"
#include "backend-runtime/tools/arguments.h"

namespace wfc::tools {

/// What one call of a built-in tool works with. All members outlive the call; they are used on a
/// worker.
struct Workspace {
  host::Files& files;
  const runtime::Authority& authority;
  const std::atomic<bool>& is_cancelled;
};

/// Normalizes `path`: removes `.` and repeated slashes, and yields `.` if nothing is left. Fails
/// with `denied` for absolute paths, `..`, NUL and an empty path.
[[nodiscard]] Result<std::string, runtime::Failure> NormalizePath(std::string_view path);
/// The path of `name` in `folder`, which is normalized.
[[nodiscard]] std::string PathIn(const std::string& folder, std::string_view name);

/// Normalizes `path` and checks that the node's authority allows it; fails with `denied` otherwise.
/// The decision is audited.
[[nodiscard]] Result<std::string, runtime::Failure> UsePath(const Workspace& workspace,
                                                            Capability capability,
                                                            std::string_view path);

/// `denied` if a link led out of the workspace or was not followed, otherwise `io`; the details
/// have the `kind` of the error.
[[nodiscard]] runtime::Failure ToFailure(const host::FileError& error);

/// Reads a file. Fails with `denied` if links led to a file that the node may not read.
[[nodiscard]] Result<host::FileContent, runtime::Failure> ReadAllowed(const Workspace& workspace,
                                                                      const std::string& path,
                                                                      uint64_t max_bytes);

/// A file that a walk has found.
struct WalkedFile {
  const std::string& path;  ///< relative to the workspace; valid during the call
  uint64_t size = 0;
};
/// Whether a walk continues.
enum class Walk : uint8_t { GoOn, Stop };
/// Called for each file of a walk.
using VisitFile = std::function<Walk(const WalkedFile& file)>;

/// Visits the regular files at or below `root` that the node may read, sorted within each folder.
/// Links are not followed, and `.git` and `.wfc` are omitted. Returns whether the walk was
/// complete: it is not if the visitor stopped it, a folder could not be read, or a limit was
/// reached (64 levels, a million entries). Fails if `root` cannot be read or the call is cancelled.
[[nodiscard]] Result<bool, runtime::Failure> WalkFiles(const Workspace& workspace,
                                                       const std::string& root,
                                                       const VisitFile& visit);

}  // namespace wfc::tools
