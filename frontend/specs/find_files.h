// The files of a project that globs describe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/files/project_files.h"

namespace wfc::specs {

struct FoundFiles {
  std::vector<std::string> paths;  ///< relative to the project's folder, with `/`, sorted
  std::vector<bool> glob_matched;  ///< by glob
};

/// `.git` and `.wfc` are not entered, nor are links to folders; at most 200,000 entries are looked
/// at.
[[nodiscard]] FoundFiles FindFiles(files::ProjectFiles& files,
                                   const std::vector<std::string_view>& globs);

}  // namespace wfc::specs
