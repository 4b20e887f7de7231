// The files below a folder that globs describe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wfc::specs {

struct FoundFiles {
  std::vector<std::string> paths;  ///< relative to the folder, with `/`, sorted
  std::vector<bool> glob_matched;  ///< by glob
};

/// `.git` and `.wfc` are not entered, nor are links to folders; at most 200,000 entries are looked
/// at.
[[nodiscard]] FoundFiles FindFiles(const std::string& folder,
                                   const std::vector<std::string_view>& globs);

}  // namespace wfc::specs
