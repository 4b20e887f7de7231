// Digests: XXH3 detects accidental damage, SHA-256 identifies content. The compiler takes SHA-256
// from LLVM and the runtime takes it from libcrypto, so that neither executable links the other's
// library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

/// The 32 bytes of a SHA-256 digest.
using Sha256Digest = std::array<uint8_t, 32>;

/// The SHA-256 implementation that a caller hands to a library which must not choose one itself.
using Sha256Function = Sha256Digest (*)(std::span<const std::byte> bytes);

/// The 64-bit XXH3 hash. It detects accidental damage; it does not protect against forgery.
[[nodiscard]] uint64_t Xxh3(std::span<const std::byte> bytes);
/// The same for another seed: each seed gives other hashes.
[[nodiscard]] uint64_t Xxh3(std::span<const std::byte> bytes, uint64_t seed);

/// The digest as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string ToHex(const Sha256Digest& digest);
/// The digest that `ToHex` spells so; no value for any other text.
[[nodiscard]] std::optional<Sha256Digest> ParseHex(std::string_view text);

}  // namespace wfc
