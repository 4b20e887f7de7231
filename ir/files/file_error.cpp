#include "ir/files/file_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace wfc::files {
namespace {

std::string_view Describe(FileError::Kind kind) {
  switch (kind) {
    case FileError::Kind::NotFound:
      return "no such file or folder";
    case FileError::Kind::Exists:
      return "exists already";
    case FileError::Kind::Permission:
      return "permission denied";
    case FileError::Kind::Escapes:
      return "leads out of its folder";
    case FileError::Kind::IsLink:
      return "a symbolic link is not followed here";
    case FileError::Kind::WrongKind:
      return "not the kind of file that is needed here";
    case FileError::Kind::NoSpace:
      return "no space left on the device";
    case FileError::Kind::TooLarge:
      return "larger than allowed";
    case FileError::Kind::Io:
      return "input or output failed";
  }
  return "";
}

FileError::Kind KindOf(int error_number) {
  switch (error_number) {
    case ENOENT:
      return FileError::Kind::NotFound;
    case EEXIST:
      return FileError::Kind::Exists;
    case EACCES:
    case EPERM:
    case EROFS:
      return FileError::Kind::Permission;
    case EXDEV:
      return FileError::Kind::Escapes;
    case ELOOP:
      return FileError::Kind::IsLink;
    case EISDIR:
    case ENOTDIR:
    case ENXIO:
      return FileError::Kind::WrongKind;
    case ENOSPC:
    case EDQUOT:
      return FileError::Kind::NoSpace;
    case EFBIG:
      return FileError::Kind::TooLarge;
    default:
      return FileError::Kind::Io;
  }
}

}  // namespace

std::string_view GetName(FileError::Kind kind) {
  switch (kind) {
    case FileError::Kind::NotFound:
      return "not_found";
    case FileError::Kind::Exists:
      return "exists";
    case FileError::Kind::Permission:
      return "permission";
    case FileError::Kind::Escapes:
      return "escapes";
    case FileError::Kind::IsLink:
      return "is_link";
    case FileError::Kind::WrongKind:
      return "wrong_kind";
    case FileError::Kind::NoSpace:
      return "no_space";
    case FileError::Kind::TooLarge:
      return "too_large";
    case FileError::Kind::Io:
      return "io";
  }
  return "";
}

FileError MakeFileError(FileError::Kind kind, std::string_view path) {
  return {.kind = kind, .message = fmt::format("`{}`: {}", path, Describe(kind))};
}

FileError MakeFileError(int error_number, std::string_view path) {
  const FileError::Kind kind = KindOf(error_number);
  if (kind != FileError::Kind::Io) return MakeFileError(kind, path);
  return {.kind = kind,
          .message = fmt::format("`{}`: {}", path, std::generic_category().message(error_number))};
}

FileResult<std::vector<std::string>> SplitPath(std::string_view path) {
  if (path.starts_with('/') || path.find('\0') != std::string_view::npos) {
    return MakeFileError(FileError::Kind::Escapes, path);
  }
  std::vector<std::string> segments;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "..") return MakeFileError(FileError::Kind::Escapes, path);
    if (!segment.empty() && segment != ".") segments.emplace_back(segment);
    begin = end + 1;
  }
  return segments;
}

std::string JoinPath(const std::vector<std::string>& segments) {
  return segments.empty() ? "." : fmt::format("{}", fmt::join(segments, "/"));
}

}  // namespace wfc::files
