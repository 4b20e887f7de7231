#include "ir/files/regular_file.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ir/files/file_error.h"

namespace wfc::files {

FileResult<FileContent> ReadRegularFile(int descriptor, std::string_view path, uint64_t max_bytes) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) return MakeFileError(errno, path);
  if (!S_ISREG(status.st_mode)) return MakeFileError(FileError::Kind::WrongKind, path);
  // The buffer is one byte larger than wanted, which tells whether the file has more. It grows
  // because the file may grow while it is read.
  constexpr uint64_t kGrowth = 1 << 16;
  const uint64_t wanted = std::min<uint64_t>(max_bytes, SSIZE_MAX - 1);
  std::string bytes(std::min<uint64_t>(static_cast<uint64_t>(status.st_size), wanted) + 1, 0);
  size_t length = 0;
  while (length <= wanted) {
    if (length == bytes.size()) bytes.resize(std::min(length + kGrowth, wanted + 1));
    const ssize_t count = read(descriptor, bytes.data() + length, bytes.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return MakeFileError(errno, path);
    if (count == 0) break;
    length += static_cast<size_t>(count);
  }
  bytes.resize(std::min<uint64_t>(length, wanted));
  return FileContent{.bytes = std::move(bytes), .is_truncated = length > wanted, .real_path = {}};
}

std::string DescriptorPath(int descriptor) {
  char buffer[PATH_MAX];
  const std::string link = fmt::format("/proc/self/fd/{}", descriptor);
  const ssize_t length = readlink(link.c_str(), buffer, sizeof buffer);
  return length < 0 ? std::string() : std::string(buffer, static_cast<size_t>(length));
}

std::optional<std::string> PathBeneath(std::string_view root, std::string_view path) {
  if (root.empty() || !path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  if (path.empty()) return std::string(".");
  if (root.ends_with('/')) return std::string(path);
  if (!path.starts_with('/')) return std::nullopt;
  return std::string(path.substr(1));
}

}  // namespace wfc::files
