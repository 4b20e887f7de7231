// PrivateGitFolder: the folder that git is told to be its `.git`. It holds a configuration of ours
// and the references; the index is a link to the repository's, and objects are read where they lie.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "backend-runtime/tools/git_references.h"
#include "backend-runtime/tools/git_repository.h"

namespace wfc::tools {

class PrivateGitFolder {
 public:
  /// Makes it, among the machine's temporary files.
  [[nodiscard]] static Result<std::unique_ptr<PrivateGitFolder>, runtime::Failure> Make(
      const GitRepository& repository, const GitReferences& references);
  /// Takes over a folder that exists.
  explicit PrivateGitFolder(std::string path) : path_(std::move(path)) {}
  PrivateGitFolder(const PrivateGitFolder&) = delete;
  PrivateGitFolder& operator=(const PrivateGitFolder&) = delete;
  /// Removes it.
  ~PrivateGitFolder();

  /// Absolute.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace wfc::tools
