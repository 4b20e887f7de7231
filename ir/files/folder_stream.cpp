#include "ir/files/folder_stream.h"

#include <cerrno>
#include <string_view>

#include <dirent.h>
#include <unistd.h>

namespace wfc::files {

FolderStream::FolderStream(OwnedDescriptor folder) {
  stream_ = fdopendir(folder.get());
  if (stream_ == nullptr) {
    error_number_ = errno;
    return;
  }
  static_cast<void>(folder.Release());
}

FolderStream::~FolderStream() {
  if (stream_ != nullptr) closedir(static_cast<DIR*>(stream_));
}

std::optional<std::string> FolderStream::Next() {
  if (stream_ == nullptr) return std::nullopt;
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(static_cast<DIR*>(stream_));
    if (entry == nullptr) {
      error_number_ = errno;
      return std::nullopt;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") return std::string(name);
  }
}

}  // namespace wfc::files
