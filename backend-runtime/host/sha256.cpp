#include "backend-runtime/host/sha256.h"

#include <openssl/sha.h>

namespace wfc::host {

Sha256Digest Sha256(std::span<const std::byte> bytes) {
  Sha256Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return digest;
}

}  // namespace wfc::host
