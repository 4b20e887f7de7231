// ProjectFolder: the folder of a project on disk. The compiler and runs read a project's files only
// through it: beneath the folder, from regular files, up to a given size.
#pragma once

#include <memory>

#include "ir/files/project_files.h"

namespace wfc::files {

/// Whether something other than a folder has this name on disk, even a dangling link.
[[nodiscard]] bool IsFileOnDisk(const std::string& path);

/// Whether a link may lead out of the folder (`--allow-outside`).
enum class Outside : uint8_t { Refuse, Allow };

/// The ProjectFiles of a folder on disk.
class ProjectFolder final : public ProjectFiles {
 public:
  /// Opens a folder. The error says why it cannot be opened, as the rest of a sentence that names
  /// it.
  [[nodiscard]] static Result<ProjectFolder> Open(std::string path, Outside outside);

  [[nodiscard]] Result<FileContent> Read(std::string_view path, uint64_t max_bytes) override;
  [[nodiscard]] Result<std::vector<FolderEntry>> List(std::string_view path) override;
  [[nodiscard]] bool HasFile(std::string_view path) const override;
  [[nodiscard]] std::string WhyOutside(std::string_view path) const override;
  [[nodiscard]] Result<void, Error> Rewrite(std::string_view path, std::string_view before,
                                            std::string_view after) override;
  [[nodiscard]] const std::vector<OutsideFile>& outside_files() const override {
    return outside_files_;
  }

 private:
  ProjectFolder(std::string path, std::unique_ptr<Files> files, Outside outside)
      : ProjectFiles(std::move(path)), files_(std::move(files)), outside_(outside) {}

  [[nodiscard]] bool IsAllowedOutside(const FileError& error, std::string_view path) const;
  [[nodiscard]] FileResult<FileContent> ReadOutside(const std::string& path, uint64_t max_bytes);

  std::unique_ptr<Files> files_;
  Outside outside_;
  std::vector<OutsideFile> outside_files_;
};

}  // namespace wfc::files
