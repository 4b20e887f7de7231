#include "ir/files/project_folder.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <fmt/core.h>

#include "ir/base/path_below.h"
#include "ir/files/file_error.h"
#include "ir/files/regular_file.h"

namespace wfc::files {
namespace {

constexpr size_t kMostEntries = 1'000'000;

/// Why a file of the project could not be used, as the rest of a sentence that names the file.
std::string Describe(const FileError& error, std::string_view path) {
  switch (error.kind) {
    case FileError::Kind::Escapes:
      return "it is a link that leads out of the project's folder; put a copy there, or allow such "
             "links with `--allow-outside`";
    case FileError::Kind::WrongKind:
      return "it is not a file";
    case FileError::Kind::IsLink:
      return "its links form a cycle";
    default:
      break;
  }
  const std::string prefix = fmt::format("`{}`: ", path);
  return error.message.starts_with(prefix) ? error.message.substr(prefix.size()) : error.message;
}

}  // namespace

bool IsFileOnDisk(const std::string& path) {
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
  return is_there && !std::filesystem::is_directory(path, ignored);
}

Result<ProjectFolder> ProjectFolder::Open(std::string path, Outside outside) {
  FileResult<std::unique_ptr<Files>> files = OpenFiles(path);
  if (!files) return Error{Describe(files.error(), path)};
  return ProjectFolder(std::move(path), std::move(*files), outside);
}

std::string ProjectFiles::Show(std::string_view path) const {
  if (folder_ == ".") return std::string(path);
  return folder_.ends_with('/') ? folder_ + std::string(path) : fmt::format("{}/{}", folder_, path);
}

std::string_view ProjectFiles::RelativePath(std::string_view shown) const {
  return shown.substr(Show("").size());
}

bool ProjectFolder::IsAllowedOutside(const FileError& error, std::string_view path) const {
  return error.kind == FileError::Kind::Escapes && outside_ == Outside::Allow && IsPathBelow(path);
}

FileResult<FileContent> ProjectFolder::ReadOutside(const std::string& path, uint64_t max_bytes) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  const OwnedDescriptor file(open(path.c_str(), kFlags));
  if (!file.is_open()) return MakeFileError(errno, path);
  FileResult<FileContent> content = ReadRegularFile(file.get(), path, max_bytes);
  if (content) outside_files_.push_back({.path = path, .target = DescriptorPath(file.get())});
  return content;
}

Result<FileContent> ProjectFolder::Read(std::string_view path, uint64_t max_bytes) {
  FileResult<FileContent> content = files_->Read(path, max_bytes);
  if (!content && IsAllowedOutside(content.error(), path)) {
    content = ReadOutside(Show(path), max_bytes);
  }
  if (!content) return Error{Describe(content.error(), path)};
  return std::move(*content);
}

Result<std::vector<FolderEntry>> ProjectFolder::List(std::string_view path) {
  const FileResult<FileInfo> info = files_->Inspect(path);
  FileResult<std::vector<FolderEntry>> entries = std::vector<FolderEntry>();
  if (info && info->kind == EntryKind::Folder) {
    entries = files_->List(info->real_path, kMostEntries);
  } else if (!info && IsAllowedOutside(info.error(), path)) {
    const FileResult<std::unique_ptr<Files>> outside = OpenFiles(Show(path));
    if (outside) entries = (*outside)->List(".", kMostEntries);
  } else if (!info && info.error().kind != FileError::Kind::NotFound) {
    entries = info.error();
  }
  if (!entries) return Error{Describe(entries.error(), path)};
  return std::move(*entries);
}

bool ProjectFolder::HasFile(std::string_view path) const {
  return IsFileOnDisk(Show(path));
}

std::string ProjectFolder::WhyOutside(std::string_view path) const {
  const FileResult<FileInfo> info = files_->Inspect(path);
  const bool is_outside = !info && info.error().kind == FileError::Kind::Escapes;
  return is_outside ? "it is a link that leads out of the project's folder" : "";
}

Result<void, Error> ProjectFolder::Rewrite(std::string_view path, std::string_view before,
                                           std::string_view after) {
  const FileResult<FileContent> content = files_->Read(path, before.size());
  if (!content && content.error().kind == FileError::Kind::Escapes) {
    return Error{"it lies outside the project's folder, where nothing is written"};
  }
  if (!content) return Error{Describe(content.error(), path)};
  if (content->is_truncated || content->bytes != before) {
    return Error{"it has changed since it was read"};
  }
  FileResult<void> written = files_->Write(content->real_path, after, WriteHow::Replace);
  if (!written) return Error{Describe(written.error(), content->real_path)};
  return {};
}

}  // namespace wfc::files
