// ArtifactFiles: values that are too large for the database, as files of a run's folder that are
// named by their content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ir/base/digest.h"
#include "ir/base/result.h"
#include "ir/files/root_folder.h"

namespace wfc::store {

/// Larger values than this are files; smaller ones are rows of the table `blobs`.
inline constexpr size_t kMaxBlobBytes = size_t{64} << 10;

/// The files `artifacts/sha256/ab/abcd…` of a run. Used by one thread at a time.
class ArtifactFiles {
 public:
  /// The run's folder, by its absolute path.
  [[nodiscard]] static Result<ArtifactFiles> Open(const std::string& folder);

  /// Makes the file with these bytes durable: content, name and the folders on the way. A file that
  /// is there already is kept if it has this content, and replaced if it is damaged.
  [[nodiscard]] Result<void> Write(const Sha256Digest& digest, std::span<const uint8_t> bytes);
  /// The content of a file, checked against its digest. An error names the file.
  [[nodiscard]] Result<std::vector<uint8_t>> Read(const Sha256Digest& digest) const;
  [[nodiscard]] bool Has(const Sha256Digest& digest) const;

  /// The path of the file in the run's folder.
  [[nodiscard]] static std::string PathOf(const Sha256Digest& digest);

 private:
  explicit ArtifactFiles(files::OwnedDescriptor folder) : folder_(std::move(folder)) {}

  /// Opens a folder, made if missing, whose name is durable.
  [[nodiscard]] Result<files::OwnedDescriptor> OpenFolder(const std::string& path);

  files::RootFolder folder_;
  std::set<std::string> durable_folders_;
  std::set<Sha256Digest> durable_files_;  // written by this process
};

}  // namespace wfc::store
