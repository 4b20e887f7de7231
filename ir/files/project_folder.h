// ProjectFolder: the folder of a project. Whatever is read for a project, by the compiler or by a
// run, is read through it: beneath the folder, from a regular file, up to a size.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/files/files.h"

namespace wfc::files {

/// Whether links may lead out of the folder (`--allow-outside`).
enum class Outside : uint8_t { Refuse, Allow };

class ProjectFolder {
 public:
  /// Something that was read although it lies outside.
  struct OutsideFile {
    std::string path;    ///< as it is shown
    std::string target;  ///< where it lies; absolute
  };

  /// `path` is shown to people as it is. The error says why the folder cannot be opened.
  [[nodiscard]] static Result<ProjectFolder> Open(std::string path, Outside outside);

  /// As it was given.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// A path of the project as people see it, from where the folder was given.
  [[nodiscard]] std::string Show(std::string_view path) const;
  /// The path of the project that `Show` made `shown` of.
  [[nodiscard]] std::string_view RelativePath(std::string_view shown) const;

  /// At most `max_bytes` of a file. The error says why not, without the path: "it is not a file".
  [[nodiscard]] Result<FileContent> Read(std::string_view path, uint64_t max_bytes);
  /// What a folder holds, sorted by name; nothing where there is no such folder.
  [[nodiscard]] Result<std::vector<FolderEntry>> List(std::string_view path);
  /// Why `path` cannot be a folder of the project: it is a link that leads out. Empty when it is
  /// not there.
  [[nodiscard]] std::string WhyOutside(std::string_view path) const;
  /// Replaces the content of a file, which must still be `before`. A link to it stays one. What
  /// lies outside is never written.
  [[nodiscard]] Result<void, Error> Rewrite(std::string_view path, std::string_view before,
                                            std::string_view after);

  [[nodiscard]] const std::vector<OutsideFile>& outside_files() const { return outside_files_; }

 private:
  ProjectFolder(std::string path, std::unique_ptr<Files> files, Outside outside)
      : path_(std::move(path)), files_(std::move(files)), outside_(outside) {}

  [[nodiscard]] bool IsAllowedOutside(const FileError& error, std::string_view path) const;
  [[nodiscard]] FileResult<FileContent> ReadOutside(const std::string& path, uint64_t max_bytes);

  std::string path_;
  std::unique_ptr<Files> files_;
  Outside outside_;
  std::vector<OutsideFile> outside_files_;
};

}  // namespace wfc::files
