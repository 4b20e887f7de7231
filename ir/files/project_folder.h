// ProjectFolder: the folder of a project on disk. Whatever is read for a project, by the compiler
// or by a run, is read through it: beneath the folder, from a regular file, up to a size.
#pragma once

#include <memory>

#include "ir/files/project_files.h"

namespace wfc::files {

/// Whether something on disk that is not a folder has this name, be it a link that leads nowhere.
[[nodiscard]] bool IsFileOnDisk(const std::string& path);

/// Whether links may lead out of the folder (`--allow-outside`).
enum class Outside : uint8_t { Refuse, Allow };

class ProjectFolder final : public ProjectFiles {
 public:
  /// The error says why the folder cannot be opened.
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
