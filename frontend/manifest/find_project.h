// Which project a path of the command line means: where its folder lies on disk. What the project
// holds is then read through files::ProjectFiles (load.h).
#pragma once

#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace wfc::manifest {

inline constexpr std::string_view kRootName = "wfc.yaml";

/// Why a project could not be loaded.
struct LoadFailure {
  enum class Reason : uint8_t {
    Unreadable,      ///< no such path, or it cannot be read
    NothingToCheck,  ///< no wfc.yaml, or no workflow in it
  };
  Reason reason = Reason::Unreadable;
  std::string message;
};

struct FoundProject {
  std::string folder;  ///< as given, or as it is reached from there
  std::string named;   ///< the file that the path names; empty: it names a folder
};

/// The folder, its root file or any file below it; empty: the working directory and the folders
/// around it are searched for wfc.yaml.
[[nodiscard]] Result<FoundProject, LoadFailure> FindProject(const std::string& path);

/// Whether two paths lead to one file on disk.
[[nodiscard]] bool IsSameFile(const std::string& left, const std::string& right);

}  // namespace wfc::manifest
