// SHA-256 by libcrypto, for functions that take a `Sha256Function`. The compiler uses
// ir/support/sha256.h instead.
#pragma once

#include <span>

#include "ir/base/digest.h"

namespace wfc::host {

/// Cannot fail; an empty input is valid.
[[nodiscard]] Sha256Digest Sha256(std::span<const std::byte> bytes);

}  // namespace wfc::host
