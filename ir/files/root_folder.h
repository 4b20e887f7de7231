// RootFolder: opens paths beneath a folder. The system call openat2 makes the kernel refuse paths
// that lead out. Where the kernel has no openat2, links are resolved first, and the resolved path
// is opened without following any link. A link that leads out of the folder and back in is
// followed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ir/files/files.h"

namespace wfc::files {

/// An open folder that no path can lead out of.
class RootFolder {
 public:
  /// Whether links on the path are followed.
  enum class Links : uint8_t { Follow, Refuse };
  /// The folder that holds a path's last segment, and that segment.
  struct Place {
    OwnedDescriptor folder;
    std::string name;
  };

  explicit RootFolder(OwnedDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// Opens a path with `flags` of open(2), which must not create anything. Opening a FIFO does not
  /// block.
  [[nodiscard]] FileResult<OwnedDescriptor> Open(std::string_view path, int flags,
                                                 Links links) const;
  /// What `Locate` does about a missing folder on the way.
  enum class Missing : uint8_t { Fail, Make };
  /// The place of a path's last segment, which need not exist. No link on the way is followed.
  [[nodiscard]] FileResult<Place> Locate(std::string_view path, Missing missing) const;
  /// Opens the folder at `path`. It and the folders on the way are made if missing.
  [[nodiscard]] FileResult<OwnedDescriptor> Make(std::string_view path) const;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  /// Opens a path that leaves the folder and comes back, such as through an absolute link.
  [[nodiscard]] FileResult<OwnedDescriptor> OpenByRealPath(const std::string& joined, int flags,
                                                           std::string_view path) const;
  [[nodiscard]] FileResult<OwnedDescriptor> OpenWithoutOpenat2(
      std::span<const std::string> segments, int flags, std::string_view path) const;

  OwnedDescriptor descriptor_;
};

}  // namespace wfc::files
