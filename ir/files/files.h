// Files: everything that is read and written beneath one root that no path leads out of. A
// project's folder is one such root, the workspace and a run's folder are others. Safe to use from
// several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/result.h"

namespace wfc::files {

struct FileError {
  enum class Kind : uint8_t {
    NotFound,
    Exists,      ///< `Create` of something that is there
    Permission,  ///< also a read-only file system
    Escapes,     ///< absolute, `..`, or a link that leads out of the root
    IsLink,      ///< a link on the way to a write
    WrongKind,   ///< a folder where a file is needed, or the other way round; a device
    NoSpace,     ///< also a quota
    TooLarge,    ///< beyond the limit of the caller or of the process
    Io,
  };
  Kind kind = Kind::Io;
  std::string message;  ///< for people, with the path: "`a/b`: no such file or folder"
};
/// "not_found", "exists"…
[[nodiscard]] std::string_view GetName(FileError::Kind kind);

template <class T>
using FileResult = Result<T, FileError>;

struct FileContent {
  std::string bytes;
  bool is_truncated = false;  ///< there is more than was asked for
  std::string real_path;      ///< what was opened, after links, relative to the root
};

enum class EntryKind : uint8_t { File, Folder, Link, Other };

struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::Other;
  uint64_t size = 0;  ///< bytes; File only
};

struct FileInfo {
  EntryKind kind = EntryKind::Other;
  uint64_t size = 0;
  bool is_executable = false;
  std::string real_path = {};  ///< after links, relative to the root
};

enum class WriteHow : uint8_t {
  Replace,  ///< atomically: a reader sees the old or the new content, never half of it
  Create,   ///< fails with Exists when there is one
  Append,
};

/// A descriptor, closed with it.
class OwnedDescriptor {
 public:
  OwnedDescriptor() = default;
  explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
  OwnedDescriptor(OwnedDescriptor&& other) noexcept;
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept;
  ~OwnedDescriptor() { Close(); }

  void Close();
  /// The descriptor, which is the caller's from now on.
  [[nodiscard]] int Release() { return std::exchange(descriptor_, -1); }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// A file that grows; for logs.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// All of `bytes`, or an error and of them the whole lines that could be written.
  [[nodiscard]] virtual FileResult<void> Append(std::string_view bytes) = 0;
};

/// Paths are relative to the root, with `/` between segments; `.` is the root.
class Files {
 public:
  virtual ~Files() = default;

  /// At most `max_bytes` of a regular file.
  [[nodiscard]] virtual FileResult<FileContent> Read(std::string_view path, uint64_t max_bytes) = 0;
  /// Makes the folders on the way. Follows no link.
  [[nodiscard]] virtual FileResult<void> Write(std::string_view path, std::string_view bytes,
                                               WriteHow how) = 0;
  /// Opens for appending, made if missing, with the folders on the way. Follows no link.
  [[nodiscard]] virtual FileResult<std::unique_ptr<AppendFile>> OpenAppend(
      std::string_view path) = 0;
  /// Sorted by name; links are not followed. More than `max_entries` is TooLarge.
  [[nodiscard]] virtual FileResult<std::vector<FolderEntry>> List(std::string_view path,
                                                                  size_t max_entries) = 0;
  /// Of what the path leads to, links followed inside the root.
  [[nodiscard]] virtual FileResult<FileInfo> Inspect(std::string_view path) = 0;
  /// With all folders on the way; it may exist. Follows no link.
  [[nodiscard]] virtual FileResult<void> MakeFolder(std::string_view path) = 0;
  [[nodiscard]] virtual FileResult<void> Remove(std::string_view path) = 0;  ///< a file or a link
  /// A folder as a child's working directory; not open when the files are simulated.
  [[nodiscard]] virtual FileResult<OwnedDescriptor> OpenFolder(std::string_view path) = 0;
  /// The root's absolute path.
  [[nodiscard]] virtual const std::string& root() const = 0;
};

/// The files below `root`, an existing folder.
[[nodiscard]] FileResult<std::unique_ptr<Files>> OpenFiles(const std::string& root);

}  // namespace wfc::files
