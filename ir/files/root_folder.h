// RootFolder: opens paths beneath a folder. openat2 refuses, in the kernel, whatever leads out;
// where the kernel has no openat2, links are resolved first, and what they lead to is opened
// without any. A link that leads out and in again is followed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ir/files/files.h"

namespace wfc::files {

class RootFolder {
 public:
  enum class Links : uint8_t { Follow, Refuse };
  /// The folder that a path's last segment stands in.
  struct Place {
    OwnedDescriptor folder;
    std::string name;
  };

  explicit RootFolder(OwnedDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// `flags` of open(2), which may not make anything. Never blocks on a FIFO.
  [[nodiscard]] FileResult<OwnedDescriptor> Open(std::string_view path, int flags,
                                                 Links links) const;
  /// Reached without a link; folders on the way are made if `Missing::Make`.
  enum class Missing : uint8_t { Fail, Make };
  [[nodiscard]] FileResult<Place> Locate(std::string_view path, Missing missing) const;
  /// The folder itself, made if missing.
  [[nodiscard]] FileResult<OwnedDescriptor> Make(std::string_view path) const;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  /// What the path leads to by way of the outside, such as through an absolute link.
  [[nodiscard]] FileResult<OwnedDescriptor> OpenByRealPath(const std::string& joined, int flags,
                                                           std::string_view path) const;
  [[nodiscard]] FileResult<OwnedDescriptor> OpenWithoutOpenat2(
      std::span<const std::string> segments, int flags, std::string_view path) const;

  OwnedDescriptor descriptor_;
};

}  // namespace wfc::files
