// Digests: XXH3 against accidents, SHA-256 as identity. The SHA-256 itself comes from LLVM in the
// compiler and from libcrypto in the runtime, so that neither executable carries the other's
// library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace wfc {

using Sha256Digest = std::array<uint8_t, 32>;

/// How a library that must not choose an implementation is handed one.
using Sha256Function = Sha256Digest (*)(std::span<const std::byte> bytes);

/// XXH3, 64 bits: finds damage, proves nothing.
[[nodiscard]] uint64_t Xxh3(std::span<const std::byte> bytes);

/// Lower-case hexadecimal, 64 characters.
[[nodiscard]] std::string ToHex(const Sha256Digest& digest);

}  // namespace wfc
