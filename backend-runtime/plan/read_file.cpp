// Reading a plan file into private memory.
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/plan/verifier.h"

namespace wfc::plan {
namespace {

constexpr size_t kMaxFileLength = size_t{1} << 32;
constexpr size_t kChunk = size_t{1} << 20;

VerifyError Unreadable(std::string_view why) {
  return {.kind = VerifyError::Kind::Unreadable,
          .message = fmt::format("cannot read the plan: {}", why)};
}

/// How much to read at once: for a regular file its length and a byte, to see its end.
size_t FirstRead(int descriptor) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0)
    return kChunk;
  return std::min<size_t>(static_cast<size_t>(status.st_size), kMaxFileLength) + 1;
}

Result<std::vector<std::byte>, VerifyError> ReadAll(int descriptor) {
  std::vector<std::byte> bytes(FirstRead(descriptor));
  size_t length = 0;
  while (true) {
    if (length == bytes.size()) bytes.resize(bytes.size() + std::max(kChunk, bytes.size() / 2));
    const ssize_t count = read(descriptor, bytes.data() + length, bytes.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Unreadable(std::strerror(errno));
    if (count == 0) break;
    length += static_cast<size_t>(count);
    if (length > kMaxFileLength) return Unreadable("larger than any plan");
    if (length >= kMagic.size() && std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
      break;
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
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Unreadable(std::strerror(errno));
  Result<PlanView, VerifyError> plan = ReadPlanFile(descriptor);
  close(descriptor);
  return plan;
}

}  // namespace wfc::plan
