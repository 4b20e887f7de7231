#include "driver/wfc_run/read_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ir/files/regular_file.h"

namespace wfc::driver {
namespace {

constexpr size_t kLongestMiB = 256;

Error Refused(std::string_view path, std::string_view why) {
  return Error{fmt::format("cannot read `{}`: {}", path, why)};
}

Error TooLarge(std::string_view path) {
  return Error{fmt::format("`{}` is larger than {} MiB", path, kLongestMiB)};
}

Result<std::string> ReadStandardInput() {
  std::string text;
  std::array<char, 1 << 16> buffer;
  while (std::feof(stdin) == 0 && std::ferror(stdin) == 0) {
    const size_t count = std::fread(buffer.data(), 1, buffer.size(), stdin);
    text.append(buffer.data(), count);
    if (text.size() > kLongestMiB << 20) return TooLarge("-");
  }
  if (std::ferror(stdin) != 0) return Refused("-", std::strerror(errno));
  return text;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
  if (path == "-") return ReadStandardInput();
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  const files::OwnedDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!file.is_open() || fstat(file.get(), &status) != 0) {
    return Refused(path, std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) return Refused(path, std::strerror(EISDIR));
  if (!S_ISREG(status.st_mode)) {
    return Refused(path, "it is not a regular file; `-` reads standard input");
  }
  files::FileResult<files::FileContent> content =
      files::ReadRegularFile(file.get(), path, kLongestMiB << 20);
  if (!content) return Refused(path, content.error().message);
  if (content->is_truncated) return TooLarge(path);
  return std::move(content->bytes);
}

}  // namespace wfc::driver
