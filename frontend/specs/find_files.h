// Finds the files of a project that match globs. Called by the check of freshness.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/files/project_files.h"

namespace wfc::specs {

/// The files that match at least one glob.
struct FoundFiles {
  std::vector<std::string> paths;  ///< relative to the project's folder, with `/`, sorted
  std::vector<bool> glob_matched;  ///< for each glob, whether it matches a file
};

/// Finds the files that match one of `globs`, which are relative to the project's folder. The
/// search does not enter `.git`, `.wfc` or links to folders, treats a folder that cannot be listed
/// as empty, and examines at most 200,000 entries.
[[nodiscard]] FoundFiles FindFiles(files::ProjectFiles& files,
                                   const std::vector<std::string_view>& globs);

}  // namespace wfc::specs
