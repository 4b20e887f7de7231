#include "backend-runtime/store/artifact_files.h"

#include <cerrno>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/store/run_files.h"
#include "ir/files/regular_file.h"

namespace wfc::store {
namespace {

using files::OwnedDescriptor;
using files::RootFolder;

Result<void> WriteAll(int file, std::span<const uint8_t> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrorOfSystem("write", path);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

/// The folder that `path` lies in.
std::string FolderOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

Result<OwnedDescriptor> OpenToSync(const RootFolder& root, const std::string& path) {
  auto opened = root.Open(path, O_RDONLY | O_DIRECTORY, RootFolder::Links::Refuse);
  if (!opened) return Error{opened.error().message};
  return *std::move(opened);
}

/// Writes `bytes` to a file of another name and gives it its own when they are on the disk, so that
/// a file of that name always has its content.
Result<void> WriteDurably(int folder, const std::string& path, std::span<const uint8_t> bytes) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string temporary = "." + name;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  const OwnedDescriptor file(openat(folder, temporary.c_str(), kFlags, 0644));
  if (!file.is_open()) return ErrorOfSystem("make", path);
  auto written = WriteAll(file.get(), bytes, path);
  if (written && fsync(file.get()) != 0) written = ErrorOfSystem("sync", path);
  if (written && renameat(folder, temporary.c_str(), folder, name.c_str()) != 0) {
    written = ErrorOfSystem("rename", path);
  }
  if (!written) {
    unlinkat(folder, temporary.c_str(), 0);
    return written;
  }
  if (fsync(folder) != 0) return ErrorOfSystem("sync the folder of", path);
  return {};
}

}  // namespace

Result<ArtifactFiles> ArtifactFiles::Open(const std::string& folder) {
  OwnedDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return ErrorOfSystem("open", folder);
  return ArtifactFiles(std::move(opened));
}

std::string ArtifactFiles::PathOf(const Sha256Digest& digest) {
  const std::string hex = ToHex(digest);
  return fmt::format("artifacts/sha256/{}/{}", hex.substr(0, 2), hex);
}

Result<void> ArtifactFiles::Write(const Sha256Digest& digest, std::span<const uint8_t> bytes) {
  if (durable_files_.contains(digest)) return {};
  const std::string path = PathOf(digest);
  auto folder = OpenFolder(FolderOf(path));
  if (!folder) return folder.error();
  if (Read(digest)) {
    // An earlier driver made it, and may have ended before its name was durable.
    if (fsync(folder->get()) != 0) return ErrorOfSystem("sync the folder of", path);
  } else if (auto written = WriteDurably(folder->get(), path, bytes); !written) {
    return written;
  }
  durable_files_.insert(digest);
  return {};
}

Result<std::vector<uint8_t>> ArtifactFiles::Read(const Sha256Digest& digest) const {
  const std::string path = PathOf(digest);
  auto file = folder_.Open(path, O_RDONLY, RootFolder::Links::Refuse);
  if (!file) return Error{file.error().message};
  auto content = files::ReadRegularFile(file->get(), path, std::numeric_limits<int64_t>::max());
  if (!content) return Error{content.error().message};
  std::vector<uint8_t> bytes(content->bytes.begin(), content->bytes.end());
  if (host::Sha256(std::as_bytes(std::span(bytes))) != digest) {
    return Error{fmt::format("`{}` does not have the content that it is named for", path)};
  }
  return bytes;
}

bool ArtifactFiles::Has(const Sha256Digest& digest) const {
  return folder_.Open(PathOf(digest), O_PATH, RootFolder::Links::Refuse).ok();
}

Result<OwnedDescriptor> ArtifactFiles::OpenFolder(const std::string& path) {
  if (auto made = folder_.Make(path); !made) return Error{made.error().message};
  // A name is durable when the folder that has it is.
  for (std::string name = path; durable_folders_.insert(name).second;) {
    const bool is_top = name.find('/') == std::string::npos;
    const std::string parent = is_top ? "." : FolderOf(name);
    const auto opened = OpenToSync(folder_, parent);
    if (!opened) return opened.error();
    if (fsync(opened->get()) != 0) return ErrorOfSystem("sync", parent);
    if (is_top) break;
    name = parent;
  }
  return OpenToSync(folder_, path);
}

}  // namespace wfc::store
