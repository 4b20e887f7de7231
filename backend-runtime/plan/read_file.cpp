// Reads a plan file into private memory, for the verifier.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/plan/header.h"
#include "backend-runtime/plan/verifier.h"

namespace wfc::plan {
namespace {

constexpr size_t kMaxFileLength = size_t{1} << 32;
constexpr size_t kChunk = size_t{1} << 20;

VerifyError Unreadable(std::string_view why) {
  return {.kind = VerifyError::Kind::Unreadable,
          .message = fmt::format("cannot read the plan: {}", why)};
}

/// How many bytes of a file to read, judged by its first bytes. A file that is not a plan is not
/// read further; of a plan, everything that its header states is read and one byte more, to see
/// whether it ends there.
size_t WantedLength(std::span<const std::byte> first) {
  if (first.size() < kHeaderLength) return first.size();
  const Header header = ReadHeader(first);
  if (header.magic != kMagic || header.version != kFormatVersion) return first.size();
  return static_cast<size_t>(std::min<uint64_t>(header.total_length, kMaxFileLength)) + 1;
}

/// Whether the descriptor is a regular file, not a pipe or a device. A folder is let through,
/// because the error of reading it says more.
bool MayHoldPlan(int descriptor) {
  struct stat status = {};
  return fstat(descriptor, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

size_t RegularFileLength(int descriptor) {
  struct stat status = {};
  const bool is_regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  return is_regular && status.st_size > 0 ? static_cast<size_t>(status.st_size) : 0;
}

Result<std::vector<std::byte>, VerifyError> ReadAll(int descriptor) {
  const size_t expected = RegularFileLength(descriptor);
  std::vector<std::byte> bytes(kHeaderLength);
  size_t length = 0;
  size_t wanted = kHeaderLength;
  while (length < wanted) {
    if (length == bytes.size()) {
      const size_t more = bytes.size() + std::max(kChunk, bytes.size() / 2);
      bytes.resize(std::min(wanted, std::max(expected + 1, more)));
    }
    const ssize_t count = read(descriptor, bytes.data() + length, bytes.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Unreadable(std::strerror(errno));
    if (count == 0) break;
    length += static_cast<size_t>(count);
    if (length == kHeaderLength) wanted = WantedLength(std::span(bytes).first(length));
    if (length > kMaxFileLength) return Unreadable("larger than any plan");
  }
  bytes.resize(length);
  return bytes;
}

}  // namespace

Result<PlanView, VerifyError> ReadPlanFile(int descriptor) {
  Result<std::vector<std::byte>, VerifyError> bytes = ReadAll(descriptor);
  if (!bytes.ok()) return bytes.error();
  return Verify(std::move(*bytes));
}

Result<PlanView, VerifyError> ReadPlanFile(const std::string& path) {
  // O_NONBLOCK, because opening a pipe would wait for a writer.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return Unreadable(std::strerror(errno));
  Result<PlanView, VerifyError> plan =
      MayHoldPlan(descriptor) ? ReadPlanFile(descriptor)
                              : Unreadable(fmt::format("`{}` is not a regular file", path));
  close(descriptor);
  return plan;
}

}  // namespace wfc::plan
