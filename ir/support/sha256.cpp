#include "ir/support/sha256.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/SHA256.h"

namespace wfc {

Sha256Digest Sha256(std::span<const std::byte> bytes) {
  return llvm::SHA256::hash(
      llvm::ArrayRef<uint8_t>(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

}  // namespace wfc
