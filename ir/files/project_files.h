// ProjectFiles: everything that the compiler reads of a project, all of it beneath one folder.
// There are two implementations: the folder on disk (project_folder.h), and an overlay of texts on
// another ProjectFiles (project_overlay.h), for what a fix would write or an editor has not saved.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/files/files.h"

namespace wfc::files {

/// The readable files of a project. Paths are relative to the project's folder, with `/` between
/// segments.
class ProjectFiles {
 public:
  /// A file that was read although it lies outside the project's folder.
  struct OutsideFile {
    std::string path;    ///< the path as shown to people
    std::string target;  ///< the absolute path of the file itself
  };

  /// `folder` is shown to people exactly as given.
  explicit ProjectFiles(std::string folder) : folder_(std::move(folder)) {}
  ProjectFiles(ProjectFiles&&) = default;
  ProjectFiles& operator=(ProjectFiles&&) = default;
  virtual ~ProjectFiles() = default;

  /// The project's folder, as given to the constructor.
  [[nodiscard]] const std::string& path() const { return folder_; }
  /// A path of the project as shown to people: relative to where `path()` is relative to.
  [[nodiscard]] std::string Show(std::string_view path) const;
  /// The inverse of `Show`: the path of the project that is shown as `shown`.
  [[nodiscard]] std::string_view RelativePath(std::string_view shown) const;

  /// Reads at most `max_bytes` bytes of a file. The error is the rest of a sentence that names the
  /// path: "it is not a file".
  [[nodiscard]] virtual Result<FileContent> Read(std::string_view path, uint64_t max_bytes) = 0;
  /// The entries of a folder, sorted by name; empty when there is no such folder.
  [[nodiscard]] virtual Result<std::vector<FolderEntry>> List(std::string_view path) = 0;
  /// Whether something other than a folder has this name, even a dangling link. Whether it can be
  /// read is decided by `Read`, so that an unreadable file is reported and not passed over.
  [[nodiscard]] virtual bool HasFile(std::string_view path) const = 0;
  /// Why `path` cannot be a folder of the project: "it is a link that leads out of the project's
  /// folder". Empty when it can be one, or does not exist.
  [[nodiscard]] virtual std::string WhyOutside(std::string_view path) const = 0;
  /// Replaces the content of a file, which must still be `before`. If `path` is a link, its target
  /// is rewritten and the link stays. A file outside the project's folder is never written.
  [[nodiscard]] virtual Result<void, Error> Rewrite(std::string_view path, std::string_view before,
                                                    std::string_view after) = 0;
  /// The files outside the project's folder that `Read` has read, in order.
  [[nodiscard]] virtual const std::vector<OutsideFile>& outside_files() const = 0;

 private:
  std::string folder_;
};

}  // namespace wfc::files
