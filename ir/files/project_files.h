// ProjectFiles: what the compiler reads of a project, all of it beneath one folder. Two forms: the
// folder on disk (project_folder.h), and texts laid over another form (project_overlay.h), such as
// what a fix would write or what an editor has not saved.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/files/files.h"

namespace wfc::files {

/// Paths are relative to the project's folder, with `/` between segments.
class ProjectFiles {
 public:
  /// Something that was read although it lies outside.
  struct OutsideFile {
    std::string path;    ///< as it is shown
    std::string target;  ///< where it lies; absolute
  };

  /// `folder` is shown to people as it is.
  explicit ProjectFiles(std::string folder) : folder_(std::move(folder)) {}
  ProjectFiles(ProjectFiles&&) = default;
  ProjectFiles& operator=(ProjectFiles&&) = default;
  virtual ~ProjectFiles() = default;

  /// The folder, as it was given.
  [[nodiscard]] const std::string& path() const { return folder_; }
  /// A path of the project as people see it, from where the folder was given.
  [[nodiscard]] std::string Show(std::string_view path) const;
  /// The path of the project that `Show` made `shown` of.
  [[nodiscard]] std::string_view RelativePath(std::string_view shown) const;

  /// At most `max_bytes` of a file. The error says why not, without the path: "it is not a file".
  [[nodiscard]] virtual Result<FileContent> Read(std::string_view path, uint64_t max_bytes) = 0;
  /// What a folder holds, sorted by name; nothing where there is no such folder.
  [[nodiscard]] virtual Result<std::vector<FolderEntry>> List(std::string_view path) = 0;
  /// Whether something that is not a folder has this name, be it a link that leads nowhere: whether
  /// it can be read shows when it is read, so that nothing is passed over in silence.
  [[nodiscard]] virtual bool HasFile(std::string_view path) const = 0;
  /// Why `path` cannot be a folder of the project: it is a link that leads out. Empty when it is
  /// not there.
  [[nodiscard]] virtual std::string WhyOutside(std::string_view path) const = 0;
  /// Replaces the content of a file, which must still be `before`. A link to it stays one. What
  /// lies outside is never written.
  [[nodiscard]] virtual Result<void, Error> Rewrite(std::string_view path, std::string_view before,
                                                    std::string_view after) = 0;
  [[nodiscard]] virtual const std::vector<OutsideFile>& outside_files() const = 0;

 private:
  std::string folder_;
};

}  // namespace wfc::files
