#include "driver/wfc/files.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wfc::driver {
namespace {

Error ErrorOf(std::string_view verb, const std::string& path) {
  return {fmt::format("cannot {} {}: {}", verb, path, std::strerror(errno))};
}

/// A file descriptor that is closed when it goes out of scope.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

mode_t ModeFor(const std::string& target) {
  struct stat status = {};
  if (lstat(target.c_str(), &status) == 0 && S_ISREG(status.st_mode)) return status.st_mode & 07777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

std::string ResolveLinks(const std::string& path) {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

bool IsWrittenInPlace(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode);
}

/// Writes to a device or a pipe, which cannot be replaced by a rename.
Result<void, Error> WriteInPlace(const std::string& path, std::string_view content) {
  const OpenFile file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || !WriteAll(file.get(), content)) return ErrorOf("write", path);
  return {};
}

}  // namespace

Result<void, Error> WriteFileAtomically(const std::string& path, std::string_view content,
                                        Links links) {
  const std::string target = links == Links::Follow ? ResolveLinks(path) : path;
  if (IsWrittenInPlace(target)) return WriteInPlace(target, content);
  std::string temporary = target + ".XXXXXX";
  const OpenFile file(mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return ErrorOf("write", path);
  const bool is_written = WriteAll(file.get(), content) &&
                          fchmod(file.get(), ModeFor(target)) == 0 && fsync(file.get()) == 0 &&
                          rename(temporary.c_str(), target.c_str()) == 0;
  if (is_written) return {};
  Error error = ErrorOf("write", path);
  unlink(temporary.c_str());
  return error;
}

}  // namespace wfc::driver
