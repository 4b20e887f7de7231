// FolderStream: the names in an open folder, one after the other.
#pragma once

#include <optional>
#include <string>

#include "ir/files/files.h"

namespace wfc::files {

class FolderStream {
 public:
  /// Takes the descriptor over; it stays open (and usable) until the stream ends.
  explicit FolderStream(OwnedDescriptor folder);
  FolderStream(const FolderStream&) = delete;
  FolderStream& operator=(const FolderStream&) = delete;
  ~FolderStream();

  /// Without `.` and `..`; nothing at the end or after an error.
  [[nodiscard]] std::optional<std::string> Next();
  /// Of `errno`; 0: no error so far.
  [[nodiscard]] int error_number() const { return error_number_; }

 private:
  void* stream_ = nullptr;  // DIR
  int error_number_ = 0;
};

}  // namespace wfc::files
