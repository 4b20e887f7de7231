#include "backend-runtime/store/run_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "backend-runtime/host/digest_file.h"
#include "backend-runtime/host/files.h"
#include "backend-runtime/host/random.h"
#include "backend-runtime/host/sha256.h"

namespace wfc::store {
namespace {

using host::OwnedDescriptor;

constexpr size_t kReserveBytes = size_t{64} << 10;
constexpr size_t kTokenDigits = 64;

/// The numbers are those of statfs(2) and of the kernel's magic.h.
constexpr std::pair<uint32_t, const char*> kNetworkFileSystems[] = {
    {0x6969, "NFS"},       {0x517B, "SMB"},        {0xFF534D42, "CIFS"},   {0xFE534D42, "SMB2"},
    {0x01021997, "9P"},    {0x5346414F, "AFS"},    {0x6B414653, "AFS"},    {0x00C36400, "Ceph"},
    {0x73757245, "Coda"},  {0x564C, "NCP"},        {0x0BD00BD0, "Lustre"}, {0x01161970, "GFS2"},
    {0x7461636F, "OCFS2"}, {0x19830326, "BeeGFS"}, {0x47504653, "GPFS"},
};

Result<void> MakeFile(const std::string& path, std::string_view bytes, mode_t mode) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const OwnedDescriptor file(open(path.c_str(), kFlags, mode));
  if (!file.is_open()) return ErrorOfSystem("make", path);
  while (!bytes.empty()) {
    const ssize_t count = write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrorOfSystem("write", path);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  if (fsync(file.get()) != 0) return ErrorOfSystem("sync", path);
  return {};
}

}  // namespace

Error ErrorOfSystem(std::string_view what, const std::string& path) {
  return Error{fmt::format("cannot {} `{}`: {}", what, path, std::strerror(errno))};
}

Result<void> CheckIsLocal(const std::string& folder) {
  struct statfs info = {};
  if (statfs(folder.c_str(), &info) != 0) return ErrorOfSystem("inspect", folder);
  const auto type = static_cast<uint32_t>(info.f_type);
  const auto* found =
      std::ranges::find(kNetworkFileSystems, type, &std::pair<uint32_t, const char*>::first);
  if (found == std::end(kNetworkFileSystems)) return {};
  return Error{
      fmt::format("`{}` is on a network file system ({}), where a run cannot be kept safely",
                  folder, found->second)};
}

Result<void> SyncFolder(const std::string& folder) {
  const OwnedDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return ErrorOfSystem("open", folder);
  if (fsync(opened.get()) != 0) return ErrorOfSystem("sync", folder);
  return {};
}

Result<std::string> MakeToken(const std::string& folder) {
  std::string token;
  while (token.size() < kTokenDigits) token += fmt::format("{:016x}", host::SystemRandom());
  auto made = MakeFile(folder + "/resume.token", token + "\n", 0600);
  if (!made) return made.error();
  return token;
}

std::string ReadToken(const std::string& folder) {
  const std::string path = folder + "/resume.token";
  const OwnedDescriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  std::array<char, kTokenDigits> digits;
  const ssize_t count = file.is_open() ? read(file.get(), digits.data(), digits.size()) : 0;
  return {digits.data(), count > 0 ? static_cast<size_t>(count) : 0};
}

std::string DigestOfToken(std::string_view token) {
  return ToHex(host::Sha256(std::as_bytes(std::span(token))));
}

Result<void> MakeReserve(const std::string& folder) {
  // Bytes that no file system stores as a hole.
  return MakeFile(folder + "/reserve", std::string(kReserveBytes, 'r'), 0644);
}

void RemoveReserve(const std::string& folder) {
  unlink((folder + "/reserve").c_str());
}

Result<Sha256Digest> SealOf(const std::string& folder) {
  return host::DigestFile(folder + "/run.db");
}

}  // namespace wfc::store
