// FolderStream: iterates over the names in an open folder.
#pragma once

#include <optional>
#include <string>

#include "ir/files/files.h"

namespace wfc::files {

/// The names in a folder, in the order in which the system returns them.
class FolderStream {
 public:
  /// Takes ownership of the descriptor, which stays open and usable as long as the stream lives.
  explicit FolderStream(OwnedDescriptor folder);
  FolderStream(const FolderStream&) = delete;
  FolderStream& operator=(const FolderStream&) = delete;
  ~FolderStream();

  /// The next name, skipping `.` and `..`; no value at the end or after an error.
  [[nodiscard]] std::optional<std::string> Next();
  /// The `errno` value of the first error; 0 means that there was none.
  [[nodiscard]] int error_number() const { return error_number_; }

 private:
  void* stream_ = nullptr;  // a DIR*
  int error_number_ = 0;
};

}  // namespace wfc::files
