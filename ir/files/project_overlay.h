// ProjectOverlay: a project as it would be if some of its files had other texts.
#pragma once

#include <map>
#include <memory>

#include "ir/files/project_files.h"

namespace wfc::files {

/// Texts by the path of the file that they replace; the files need not exist.
using Texts = std::map<std::string, std::string, std::less<>>;

/// The files of `below`, with `texts` in place of the files of the same path.
class ProjectOverlay final : public ProjectFiles {
 public:
  ProjectOverlay(std::unique_ptr<ProjectFiles> below, Texts texts);

  [[nodiscard]] Result<FileContent> Read(std::string_view path, uint64_t max_bytes) override;
  [[nodiscard]] Result<std::vector<FolderEntry>> List(std::string_view path) override;
  [[nodiscard]] bool HasFile(std::string_view path) const override;
  [[nodiscard]] std::string WhyOutside(std::string_view path) const override;
  /// Rewrites a file of `below`. A file that has another text in this overlay is an error.
  [[nodiscard]] Result<void, Error> Rewrite(std::string_view path, std::string_view before,
                                            std::string_view after) override;
  [[nodiscard]] const std::vector<OutsideFile>& outside_files() const override {
    return below_->outside_files();
  }

 private:
  std::unique_ptr<ProjectFiles> below_;
  Texts texts_;
};

}  // namespace wfc::files
