// Finds the project that a path on the command line refers to, that is, the folder on disk that
// holds wfc.yaml. Called by the driver; the project's contents are then read through
// files::ProjectFiles (load.h).
#pragma once

#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace wfc::manifest {

/// The name of a project's root file; a folder is a project if it holds a file of this name.
inline constexpr std::string_view kRootName = "wfc.yaml";

/// Why a project could not be loaded.
struct LoadFailure {
  enum class Reason : uint8_t {
    Unreadable,      ///< the path or a file does not exist or cannot be read
    NothingToCheck,  ///< there is no wfc.yaml, or the project has no workflow
  };
  Reason reason = Reason::Unreadable;
  std::string message;  ///< one clause for the user, without a final stop
};

/// A project that a path refers to.
struct FoundProject {
  std::string folder;  ///< path of the project's folder, relative if the given path was
  std::string named;   ///< the given path if it is a file's; empty if it is a folder's or empty
};

/// Finds the project of `path`. A folder must itself hold wfc.yaml. From a file's folder, and from
/// the working directory if `path` is empty, the search goes upwards to the nearest folder that
/// holds wfc.yaml.
[[nodiscard]] Result<FoundProject, LoadFailure> FindProject(const std::string& path);

/// Whether both paths lead to the same existing file on disk, through links if need be; false when
/// either cannot be examined.
[[nodiscard]] bool IsSameFile(const std::string& left, const std::string& right);

}  // namespace wfc::manifest
