// The compiler's `Sha256Function`, which calls LLVM.
#pragma once

#include "ir/base/digest.h"

namespace wfc {

/// The SHA-256 digest of `bytes`.
[[nodiscard]] Sha256Digest Sha256(std::span<const std::byte> bytes);

}  // namespace wfc
