// The compiler's SHA-256 (LLVM's), as a `Sha256Function`.
#pragma once

#include "ir/base/digest.h"

namespace wfc {

[[nodiscard]] Sha256Digest Sha256(std::span<const std::byte> bytes);

}  // namespace wfc
