#include "ir/files/root_folder.h"

#include <cerrno>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ir/files/file_error.h"
#include "ir/files/regular_file.h"

namespace wfc::files {
namespace {

constexpr mode_t kFolderMode = 0777;  // the umask is subtracted

/// Flags with which opening never blocks and no child process inherits the descriptor. openat2
/// refuses O_NONBLOCK and O_NOCTTY together with O_PATH.
int WithSafeFlags(int flags) {
  const bool is_path_only = (flags & O_PATH) != 0;
  return flags | O_CLOEXEC | (is_path_only ? 0 : O_NONBLOCK | O_NOCTTY);
}

constexpr int kFolderFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// Opens the folder `name` of `folder`, which is made if it may be; -1 and errno on failure.
int OpenSegment(int folder, const char* name, RootFolder::Missing missing) {
  const int opened = openat(folder, name, kFolderFlags);
  if (opened >= 0 || errno != ENOENT || missing != RootFolder::Missing::Make) return opened;
  if (mkdirat(folder, name, kFolderMode) != 0 && errno != EEXIST) return -1;
  return openat(folder, name, kFolderFlags);
}

bool IsLink(int folder, const char* name) {
  struct stat status{};
  return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

/// Opens a folder one segment at a time, so that no link is followed.
FileResult<OwnedDescriptor> Descend(int root, std::span<const std::string> segments,
                                    RootFolder::Missing missing, std::string_view path) {
  OwnedDescriptor folder(openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (const std::string& segment : segments) {
    if (!folder.is_open()) break;
    const int next = OpenSegment(folder.get(), segment.c_str(), missing);
    if (next < 0) {
      const int error_number = errno;
      const bool is_link = IsLink(folder.get(), segment.c_str());
      return MakeFileError(is_link ? ELOOP : error_number, path);
    }
    folder = OwnedDescriptor(next);
  }
  if (!folder.is_open()) return MakeFileError(errno, path);
  return OwnedDescriptor(std::move(folder));
}

}  // namespace

OwnedDescriptor::OwnedDescriptor(OwnedDescriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

OwnedDescriptor& OwnedDescriptor::operator=(OwnedDescriptor&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void OwnedDescriptor::Close() {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

FileResult<OwnedDescriptor> RootFolder::Open(std::string_view path, int flags, Links links) const {
  auto segments = SplitPath(path);
  if (!segments) return segments.error();
  open_how how{};
  how.flags = static_cast<uint64_t>(WithSafeFlags(flags));
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  if (links == Links::Refuse) how.resolve |= RESOLVE_NO_SYMLINKS;
  const std::string joined = JoinPath(*segments);
  // EAGAIN means that something was renamed while the kernel resolved the path.
  long result = -1;
  for (int tries = 0; tries < 32; ++tries) {
    result = syscall(SYS_openat2, descriptor_.get(), joined.c_str(), &how, sizeof how);
    if (result >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  if (result >= 0) return OwnedDescriptor(static_cast<int>(result));
  // Sandboxes that do not know openat2 refuse it with EPERM, which openat2 itself never returns.
  if (errno == ENOSYS || errno == EPERM) {
    const bool may_be_link = (flags & O_PATH) != 0;
    if (may_be_link && links == Links::Follow) return OpenByRealPath(joined, flags, path);
    auto opened = OpenWithoutOpenat2(*segments, flags, path);
    const bool has_links = !opened && opened.error().kind == FileError::Kind::IsLink;
    if (has_links && links == Links::Follow) return OpenByRealPath(joined, flags, path);
    return opened;
  }
  const int error_number = errno;
  if (error_number == EXDEV && links == Links::Follow) {
    // The error does not tell whether the file outside exists.
    auto opened = OpenByRealPath(joined, flags, path);
    return opened ? std::move(opened) : MakeFileError(FileError::Kind::Escapes, path);
  }
  return MakeFileError(error_number, path);
}

FileResult<OwnedDescriptor> RootFolder::OpenByRealPath(const std::string& joined, int flags,
                                                       std::string_view path) const {
  // O_PATH identifies the file without opening it. The file is then opened again without following
  // any link.
  const OwnedDescriptor found(openat(descriptor_.get(), joined.c_str(), O_PATH | O_CLOEXEC));
  if (!found.is_open()) return MakeFileError(errno, path);
  const std::optional<std::string> beneath =
      PathBeneath(DescriptorPath(descriptor_.get()), DescriptorPath(found.get()));
  if (!beneath) return MakeFileError(FileError::Kind::Escapes, path);
  return Open(*beneath, flags, Links::Refuse);
}

FileResult<OwnedDescriptor> RootFolder::OpenWithoutOpenat2(std::span<const std::string> segments,
                                                           int flags, std::string_view path) const {
  const size_t parent_count = segments.empty() ? 0 : segments.size() - 1;
  auto folder = Descend(descriptor_.get(), segments.first(parent_count), Missing::Fail, path);
  if (!folder) return folder.error();
  const char* name = segments.empty() ? "." : segments.back().c_str();
  OwnedDescriptor opened(openat(folder->get(), name, WithSafeFlags(flags) | O_NOFOLLOW));
  if (!opened.is_open()) return MakeFileError(errno, path);
  return OwnedDescriptor(std::move(opened));
}

FileResult<RootFolder::Place> RootFolder::Locate(std::string_view path, Missing missing) const {
  auto segments = SplitPath(path);
  if (!segments) return segments.error();
  if (segments->empty()) return MakeFileError(FileError::Kind::WrongKind, path);
  std::string name = std::move(segments->back());
  segments->pop_back();
  auto folder = Descend(descriptor_.get(), *segments, missing, path);
  if (!folder) return folder.error();
  return Place{.folder = *std::move(folder), .name = std::move(name)};
}

FileResult<OwnedDescriptor> RootFolder::Make(std::string_view path) const {
  auto segments = SplitPath(path);
  if (!segments) return segments.error();
  return Descend(descriptor_.get(), *segments, Missing::Make, path);
}

}  // namespace wfc::files
