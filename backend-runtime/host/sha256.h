// SHA-256 by libcrypto, for whoever takes a `Sha256Function`.
#pragma once

#include <span>

#include "ir/base/digest.h"

namespace wfc::host {

[[nodiscard]] Sha256Digest Sha256(std::span<const std::byte> bytes);

}  // namespace wfc::host
