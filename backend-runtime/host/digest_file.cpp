#include "backend-runtime/host/digest_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/host/files.h"

namespace wfc::host {
namespace {

Error Refused(const std::string& path) {
  return Error{fmt::format("cannot read `{}`: {}", path, std::strerror(errno))};
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Result<Sha256Digest> DigestFile(const std::string& path) {
  const OwnedDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open()) return Refused(path);
  struct stat info = {};
  if (fstat(file.get(), &info) != 0) return Refused(path);
  if (!S_ISREG(info.st_mode)) return Error{fmt::format("`{}` is not a file", path)};

  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  WFC_CHECK(context != nullptr);
  WFC_CHECK(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Refused(path);
    if (count == 0) break;
    WFC_CHECK(EVP_DigestUpdate(context.get(), buffer.data(), static_cast<size_t>(count)) == 1);
  }
  Sha256Digest digest = {};
  WFC_CHECK(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace wfc::host
