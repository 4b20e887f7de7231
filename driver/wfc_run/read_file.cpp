#include "driver/wfc_run/read_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>

namespace wfc::driver {
namespace {

constexpr size_t kLongestMiB = 256;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

Error Refused(const std::string& path) {
  return Error{fmt::format("cannot read `{}`: {}", path, std::strerror(errno))};
}

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? stdin
                                                               : std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return Refused(path);
  std::string text;
  std::array<char, 1 << 16> buffer;
  while (std::feof(file.get()) == 0 && std::ferror(file.get()) == 0) {
    const size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get());
    text.append(buffer.data(), count);
    if (text.size() > kLongestMiB << 20) {
      return Error{fmt::format("`{}` is larger than {} MiB", path, kLongestMiB)};
    }
  }
  if (std::ferror(file.get()) != 0) return Refused(path);
  return text;
}

}  // namespace wfc::driver
