// PrivateGitFolder: a temporary folder that git is given as its `.git`. It contains a configuration
// made by wfc and the references; the index is a link to the repository's, and objects are read
// where they are. GitTools makes one for each call.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "backend-runtime/tools/git_references.h"
#include "backend-runtime/tools/git_repository.h"

namespace wfc::tools {

/// Owns the folder.
class PrivateGitFolder {
 public:
  /// Creates the folder in the system's temporary folder. Fails with `io` if that is not possible,
  /// and with `denied` if the index is not a regular file. Blocks.
  [[nodiscard]] static Result<std::unique_ptr<PrivateGitFolder>, runtime::Failure> Make(
      const GitRepository& repository, const GitReferences& references);
  /// Takes ownership of an existing folder.
  explicit PrivateGitFolder(std::string path) : path_(std::move(path)) {}
  PrivateGitFolder(const PrivateGitFolder&) = delete;
  PrivateGitFolder& operator=(const PrivateGitFolder&) = delete;
  /// Removes the folder; errors are ignored.
  ~PrivateGitFolder();

  /// The absolute path of the folder.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace wfc::tools
