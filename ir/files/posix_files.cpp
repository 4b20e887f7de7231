// Files on the real file system. Every path is opened through RootFolder.
#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ir/files/file_error.h"
#include "ir/files/files.h"
#include "ir/files/folder_stream.h"
#include "ir/files/regular_file.h"
#include "ir/files/root_folder.h"

namespace wfc::files {
namespace {

constexpr mode_t kFileMode = 0666;  // the umask is subtracted

/// Repeats a system call while a signal interrupts it.
template <class Call>
auto Retry(const Call& call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

/// A number for the names of temporary files, which nobody else can predict.
uint64_t RandomNumber() {
  uint64_t number = 0;
  // Getentropy fails only for requests of more than 256 bytes.
  static_cast<void>(getentropy(&number, sizeof number));
  return number;
}

/// A file that has a temporary name until `Replace` or `Create` gives it its own. Without either,
/// it is removed.
class TemporaryFile {
 public:
  TemporaryFile(int folder, std::string_view name)
      : folder_(folder),
        name_(fmt::format(".{}.{:016x}.tmp", name.substr(0, 128), RandomNumber())) {
    descriptor_ = OwnedDescriptor(openat(
        folder_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_.is_open() && !is_renamed_) unlinkat(folder_, name_.c_str(), 0);
  }
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] bool Replace(const std::string& name) {
    is_renamed_ = renameat(folder_, name_.c_str(), folder_, name.c_str()) == 0;
    return is_renamed_;
  }
  /// Gives the file its name. Fails when something of that name exists, even if it appeared just
  /// now.
  [[nodiscard]] bool Create(const std::string& name) const {
    return linkat(folder_, name_.c_str(), folder_, name.c_str(), 0) == 0;
  }

 private:
  int folder_;
  std::string name_;
  OwnedDescriptor descriptor_;
  bool is_renamed_ = false;
};

FileResult<void> WriteAll(int descriptor, std::string_view bytes, std::string_view path) {
  while (!bytes.empty()) {
    const ssize_t count = Retry([&] { return write(descriptor, bytes.data(), bytes.size()); });
    if (count < 0) return MakeFileError(errno, path);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

class PosixAppendFile : public AppendFile {
 public:
  PosixAppendFile(OwnedDescriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}
  FileResult<void> Append(std::string_view bytes) override {
    const off_t before = lseek(descriptor_.get(), 0, SEEK_END);
    FileResult<void> written = WriteAll(descriptor_.get(), bytes, path_);
    if (!written) KeepWholeLines(before, bytes);
    return written;
  }

 private:
  /// Cuts a partial line off after a failed write: it would corrupt a log and take space that other
  /// logs need.
  void KeepWholeLines(off_t before, std::string_view bytes) {
    const off_t after = lseek(descriptor_.get(), 0, SEEK_END);
    if (before < 0 || after <= before) return;
    const size_t end = bytes.substr(0, static_cast<size_t>(after - before)).rfind('\n');
    const off_t kept = end == std::string_view::npos ? 0 : static_cast<off_t>(end) + 1;
    static_cast<void>(!ftruncate(descriptor_.get(), before + kept));
  }

  OwnedDescriptor descriptor_;
  std::string path_;
};

EntryKind KindOf(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::File;
  if (S_ISDIR(mode)) return EntryKind::Folder;
  return S_ISLNK(mode) ? EntryKind::Link : EntryKind::Other;
}

class PosixFiles : public Files {
 public:
  PosixFiles(OwnedDescriptor root, std::string path)
      : folder_(std::move(root)), root_(std::move(path)) {}

  FileResult<FileContent> Read(std::string_view path, uint64_t max_bytes) override;
  FileResult<void> Write(std::string_view path, std::string_view bytes, WriteHow how) override;
  FileResult<std::unique_ptr<AppendFile>> OpenAppend(std::string_view path) override;
  FileResult<std::vector<FolderEntry>> List(std::string_view path, size_t max_entries) override;
  FileResult<FileInfo> Inspect(std::string_view path) override;
  FileResult<void> MakeFolder(std::string_view path) override;
  FileResult<void> Remove(std::string_view path) override;
  FileResult<OwnedDescriptor> OpenFolder(std::string_view path) override {
    return folder_.Open(path, O_RDONLY | O_DIRECTORY, RootFolder::Links::Follow);
  }
  const std::string& root() const override { return root_; }

 private:
  FileResult<std::string> RealPath(int file, std::string_view path) const;

  RootFolder folder_;
  std::string root_;
};

FileResult<std::string> PosixFiles::RealPath(int file, std::string_view path) const {
  if (auto beneath = PathBeneath(root_, DescriptorPath(file))) return *std::move(beneath);
  // This is reached without /proc, or after the root was moved. The given path is the real one if
  // no link is on it.
  if (!folder_.Open(path, O_PATH, RootFolder::Links::Refuse)) {
    return MakeFileError(FileError::Kind::Escapes, path);
  }
  return JoinPath(*SplitPath(path));
}

FileResult<FileContent> PosixFiles::Read(std::string_view path, uint64_t max_bytes) {
  auto file = folder_.Open(path, O_RDONLY, RootFolder::Links::Follow);
  if (!file) return file.error();
  auto real_path = RealPath(file->get(), path);
  if (!real_path) return real_path.error();
  auto content = ReadRegularFile(file->get(), path, max_bytes);
  if (content) content->real_path = *std::move(real_path);
  return content;
}

FileResult<void> PosixFiles::Write(std::string_view path, std::string_view bytes, WriteHow how) {
  if (how == WriteHow::Append) {
    auto file = OpenAppend(path);
    return file ? (*file)->Append(bytes) : FileResult<void>(file.error());
  }
  auto place = folder_.Locate(path, RootFolder::Missing::Make);
  if (!place) return place.error();
  struct stat status{};
  const bool exists =
      fstatat(place->folder.get(), place->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (exists && how == WriteHow::Create) return MakeFileError(FileError::Kind::Exists, path);
  if (exists && S_ISLNK(status.st_mode)) return MakeFileError(FileError::Kind::IsLink, path);
  if (exists && !S_ISREG(status.st_mode)) return MakeFileError(FileError::Kind::WrongKind, path);
  TemporaryFile temporary(place->folder.get(), place->name);
  if (temporary.descriptor() < 0) return MakeFileError(errno, path);
  if (auto written = WriteAll(temporary.descriptor(), bytes, path); !written) return written;
  if (exists) fchmod(temporary.descriptor(), status.st_mode & 07777);
  const bool is_there =
      how == WriteHow::Create ? temporary.Create(place->name) : temporary.Replace(place->name);
  if (!is_there) return MakeFileError(errno, path);
  return {};
}

FileResult<std::unique_ptr<AppendFile>> PosixFiles::OpenAppend(std::string_view path) {
  auto place = folder_.Locate(path, RootFolder::Missing::Make);
  if (!place) return place.error();
  constexpr int kFlags =
      O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  OwnedDescriptor file(openat(place->folder.get(), place->name.c_str(), kFlags, kFileMode));
  if (!file.is_open()) return MakeFileError(errno, path);
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return MakeFileError(errno, path);
  if (!S_ISREG(status.st_mode)) return MakeFileError(FileError::Kind::WrongKind, path);
  return std::unique_ptr<AppendFile>(
      std::make_unique<PosixAppendFile>(std::move(file), std::string(path)));
}

FileResult<std::vector<FolderEntry>> PosixFiles::List(std::string_view path, size_t max_entries) {
  auto folder = folder_.Open(path, O_RDONLY | O_DIRECTORY, RootFolder::Links::Refuse);
  if (!folder) return folder.error();
  const int descriptor = folder->get();
  FolderStream stream(*std::move(folder));
  std::vector<FolderEntry> entries;
  while (std::optional<std::string> name = stream.Next()) {
    if (entries.size() == max_entries) return MakeFileError(FileError::Kind::TooLarge, path);
    struct stat status{};
    // A file that was removed in the meantime is not listed.
    if (fstatat(descriptor, name->c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const EntryKind kind = KindOf(status.st_mode);
    entries.push_back(
        {.name = *std::move(name),
         .kind = kind,
         .size = kind == EntryKind::File ? static_cast<uint64_t>(status.st_size) : 0});
  }
  if (stream.error_number() != 0) return MakeFileError(stream.error_number(), path);
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

FileResult<FileInfo> PosixFiles::Inspect(std::string_view path) {
  auto file = folder_.Open(path, O_PATH, RootFolder::Links::Follow);
  if (!file) return file.error();
  struct stat status{};
  if (fstat(file->get(), &status) != 0) return MakeFileError(errno, path);
  auto real_path = RealPath(file->get(), path);
  if (!real_path) return real_path.error();
  return FileInfo{.kind = KindOf(status.st_mode),
                  .size = static_cast<uint64_t>(status.st_size),
                  .is_executable = (status.st_mode & 0111) != 0,
                  .real_path = *std::move(real_path)};
}

FileResult<void> PosixFiles::MakeFolder(std::string_view path) {
  auto folder = folder_.Make(path);
  if (!folder) return folder.error();
  return {};
}

FileResult<void> PosixFiles::Remove(std::string_view path) {
  auto place = folder_.Locate(path, RootFolder::Missing::Fail);
  if (!place) return place.error();
  if (unlinkat(place->folder.get(), place->name.c_str(), 0) != 0) return MakeFileError(errno, path);
  return {};
}

}  // namespace

FileResult<std::unique_ptr<Files>> OpenFiles(const std::string& root) {
  OwnedDescriptor descriptor(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) return MakeFileError(errno, root);
  std::string path = DescriptorPath(descriptor.get());
  if (path.empty()) path = root;
  return std::unique_ptr<Files>(
      std::make_unique<PosixFiles>(std::move(descriptor), std::move(path)));
}

}  // namespace wfc::files
