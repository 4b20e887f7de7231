// Files: reads and writes everything beneath one root, which no path can lead out of. A project's
// folder, the workspace and a run's folder are each such a root. All functions can be called
// concurrently.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/result.h"

namespace wfc::files {

/// Why a file operation failed.
struct FileError {
  enum class Kind : uint8_t {
    NotFound,
    Exists,      ///< `Create` found something of that name
    Permission,  ///< access is denied, or the file system is read-only
    Escapes,     ///< the path is absolute, has `..`, or follows a link out of the root
    IsLink,      ///< a link where none is followed, or a cycle of links
    /// A folder where a file is needed, a file where a folder is needed, or a device.
    WrongKind,
    NoSpace,   ///< the device is full or a quota is used up
    TooLarge,  ///< over the caller's limit or the process's limit
    Io,
  };
  Kind kind = Kind::Io;
  std::string message;  ///< for people, with the path: "`a/b`: no such file or folder"
};
/// The kind as a word: "not_found", "exists".
[[nodiscard]] std::string_view GetName(FileError::Kind kind);

/// A `T`, or why the file operation failed.
template <class T>
using FileResult = Result<T, FileError>;

/// What was read of a file.
struct FileContent {
  std::string bytes;
  bool is_truncated = false;  ///< the file is longer than the limit of the read
  /// The file that was opened, relative to the root, with all links resolved.
  std::string real_path;
};

/// What a name in a folder refers to. A link is not followed.
enum class EntryKind : uint8_t { File, Folder, Link, Other };

/// One name in a folder.
struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::Other;
  uint64_t size = 0;  ///< in bytes; 0 unless `kind` is File
};

/// What `Inspect` finds out.
struct FileInfo {
  EntryKind kind = EntryKind::Other;
  /// In bytes, as the system reports it.
  uint64_t size = 0;
  bool is_executable = false;
  std::string real_path = {};  ///< relative to the root, with all links resolved
};

/// What a write does to existing content.
enum class WriteHow : uint8_t {
  Replace,  ///< atomic: a reader sees the old content or the new, never a mixture
  Create,   ///< fails with Exists when something of that name exists
  Append,   ///< adds to the end of the file, which is made if missing
};

/// Owns a file descriptor and closes it.
class OwnedDescriptor {
 public:
  OwnedDescriptor() = default;
  explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
  OwnedDescriptor(OwnedDescriptor&& other) noexcept;
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept;
  ~OwnedDescriptor() { Close(); }

  /// Closes the descriptor if it is open.
  void Close();
  /// Gives the descriptor to the caller, who closes it.
  [[nodiscard]] int Release() { return std::exchange(descriptor_, -1); }
  /// The descriptor; -1 when none is open.
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// A file that only grows, such as a log.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// Appends all of `bytes`. On an error, only whole lines of `bytes` are kept.
  [[nodiscard]] virtual FileResult<void> Append(std::string_view bytes) = 0;
};

/// The file operations beneath one root. Paths are relative to the root, with `/` between segments;
/// `.` is the root. Every operation refuses a path that leads out of the root with Escapes.
class Files {
 public:
  virtual ~Files() = default;

  /// Reads at most `max_bytes` bytes of a regular file. Links inside the root are followed.
  [[nodiscard]] virtual FileResult<FileContent> Read(std::string_view path, uint64_t max_bytes) = 0;
  /// Writes a file and makes the folders on the way to it. No link is followed.
  [[nodiscard]] virtual FileResult<void> Write(std::string_view path, std::string_view bytes,
                                               WriteHow how) = 0;
  /// Opens a file for appending; the file and the folders on the way to it are made if missing. No
  /// link is followed.
  [[nodiscard]] virtual FileResult<std::unique_ptr<AppendFile>> OpenAppend(
      std::string_view path) = 0;
  /// The entries of a folder, sorted by name. No link is followed. More than `max_entries` entries
  /// are an error of kind TooLarge.
  [[nodiscard]] virtual FileResult<std::vector<FolderEntry>> List(std::string_view path,
                                                                  size_t max_entries) = 0;
  /// Describes the file or folder that `path` leads to. Links inside the root are followed.
  [[nodiscard]] virtual FileResult<FileInfo> Inspect(std::string_view path) = 0;
  /// Makes a folder and the folders on the way to it. It is not an error if the folder exists.
  /// No link is followed.
  [[nodiscard]] virtual FileResult<void> MakeFolder(std::string_view path) = 0;
  /// Removes a file or a link.
  [[nodiscard]] virtual FileResult<void> Remove(std::string_view path) = 0;
  /// Opens a folder for use as a child process's working directory. Simulated files return a
  /// descriptor that is not open.
  [[nodiscard]] virtual FileResult<OwnedDescriptor> OpenFolder(std::string_view path) = 0;
  /// The root's absolute path.
  [[nodiscard]] virtual const std::string& root() const = 0;
};

/// The files beneath `root`, which must be an existing folder.
[[nodiscard]] FileResult<std::unique_ptr<Files>> OpenFiles(const std::string& root);

}  // namespace wfc::files
