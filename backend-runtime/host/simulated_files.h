// SimulatedFiles: files in memory, for tests and the simulated host. Writes can be made to fail.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backend-runtime/host/files.h"

namespace wfc::host {

/// A file system as a map from paths to contents. A folder exists when it was made, or when a file
/// is below it. Symbolic links do not exist, and `OpenFolder` yields a descriptor that is not open.
class SimulatedFiles : public Files {
 public:
  [[nodiscard]] FileResult<FileContent> Read(std::string_view path, uint64_t max_bytes) override;
  [[nodiscard]] FileResult<void> Write(std::string_view path, std::string_view bytes,
                                       WriteHow how) override;
  [[nodiscard]] FileResult<std::unique_ptr<AppendFile>> OpenAppend(std::string_view path) override;
  [[nodiscard]] FileResult<std::vector<FolderEntry>> List(std::string_view path,
                                                          size_t max_entries) override;
  [[nodiscard]] FileResult<FileInfo> Inspect(std::string_view path) override;
  [[nodiscard]] FileResult<void> MakeFolder(std::string_view path) override;
  [[nodiscard]] FileResult<void> Remove(std::string_view path) override;
  [[nodiscard]] FileResult<OwnedDescriptor> OpenFolder(std::string_view path) override;
  [[nodiscard]] const std::string& root() const override { return root_; }

  /// After `write_count` more successful writes, every write fails with `kind`.
  void FailWritesAfter(size_t write_count, FileError::Kind kind);
  /// All files by path.
  [[nodiscard]] const std::map<std::string, std::string>& files() const { return files_; }

 private:
  [[nodiscard]] FileResult<std::string> Normalize(std::string_view path) const;
  [[nodiscard]] bool IsFolder(const std::string& path) const;
  [[nodiscard]] FileResult<void> ChargeWrite(const std::string& path);

  std::string root_ = "/simulated";
  std::map<std::string, std::string> files_;
  std::set<std::string> folders_;
  std::optional<size_t> writes_left_;
  FileError::Kind write_failure_ = FileError::Kind::NoSpace;
};

}  // namespace wfc::host
