#include "driver/wfc_run/runs/manifest_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/host/files.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// What is read of the beginning of the file, and of its end. The end has the list of the calls
/// that are in doubt, and so can be long.
constexpr size_t kBeginning = size_t{32} << 10;
constexpr size_t kEnd = size_t{256} << 10;

/// The list of stages, as manifest.json has it: keys are in order, and a line that begins with two
/// blanks and no more belongs to the manifest itself.
constexpr std::string_view kStagesBegin = "\n  \"stages\": [\n";
constexpr std::string_view kStagesEnd = "\n  ],\n";
constexpr std::string_view kNoStages = "\n  \"stages\": [],\n";

/// Reads `size` bytes, or what there is of them.
std::string ReadAt(int file, size_t size, off_t offset) {
  std::string bytes(size, '\0');
  size_t done = 0;
  while (done < size) {
    const ssize_t count =
        pread(file, bytes.data() + done, size - done, offset + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

/// The text of the file without its stages.
Result<std::string> ReadWithoutStages(int file, size_t size) {
  const bool is_small = size <= kBeginning + kEnd;
  const std::string beginning = ReadAt(file, is_small ? size : kBeginning, 0);
  const std::string end =
      is_small ? beginning : ReadAt(file, kEnd, static_cast<off_t>(size - kEnd));
  const size_t stages = beginning.find(kStagesBegin);
  if (is_small && stages == std::string::npos) return beginning;
  const size_t stages_end = end.find(kStagesEnd, is_small ? stages : 0);
  if (stages == std::string::npos || stages_end == std::string::npos) {
    return Error{"is larger than what is read of it, and its stages are not found"};
  }
  return beginning.substr(0, stages) + std::string(kNoStages) +
         end.substr(stages_end + kStagesEnd.size());
}

}  // namespace

Result<Value> ReadManifestHead(const std::string& folder) {
  const std::string path = folder + "/manifest.json";
  const host::OwnedDescriptor file(
      open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat about = {};
  if (!file.is_open() || fstat(file.get(), &about) != 0) {
    return Error{fmt::format("cannot read {}: {}", path, std::strerror(errno))};
  }
  if (!S_ISREG(about.st_mode)) return Error{fmt::format("{} is no file", path)};
  const Result<std::string> text =
      ReadWithoutStages(file.get(), static_cast<size_t>(about.st_size));
  if (!text) return Error{fmt::format("{} {}", path, text.error().message)};
  Result<Value> manifest = ReadJson(*text);
  if (!manifest) return Error{fmt::format("{}: {}", path, manifest.error().message)};
  if (manifest->kind() != Kind::Map) return Error{fmt::format("{} is no object", path)};
  return manifest;
}

std::string TextAt(const Value& map, std::string_view key) {
  const Value* found = map.kind() == Kind::Map ? map.Find(key) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->AsString()) : std::string();
}

std::optional<Sha256Digest> SealIn(const Value& manifest) {
  const std::string seal = TextAt(manifest, "seal");
  if (seal.empty()) return std::nullopt;
  return ParseHex(seal);
}

}  // namespace wfc::driver
