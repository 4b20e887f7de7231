// The header: the first 64 bytes of a plan file. It identifies the format and states the lengths, a
// checksum against damage, and the digest that identifies the plan. The writer and the verifier use
// it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ir/base/digest.h"

namespace wfc::plan {

/// Identifies a plan of wfc. The control characters reveal a transfer that converted line breaks or
/// stopped at a NUL, as in PNG's signature.
inline constexpr std::array<char, 8> kMagic = {'W', 'F', 'C', 'P', '\r', '\n', '\x1a', '\0'};

/// Increases with every incompatible change of schemas/plan.fbs, of the bytecode or of validator
/// programs.
inline constexpr uint32_t kFormatVersion = 1;

/// The header as it is in the file, little-endian. The content (a Plan buffer) follows, then the
/// source map (a SourceMap buffer).
struct Header {
  std::array<char, 8> magic = kMagic;
  uint32_t version = kFormatVersion;
  uint32_t content_length = 0;  ///< bytes of the content, a multiple of 8
  uint64_t total_length = 0;    ///< bytes of the file
  uint64_t checksum = 0;        ///< `Checksum` of the file
  Sha256Digest identity{};      ///< SHA-256 of the content
};
inline constexpr size_t kHeaderLength = 64;
static_assert(sizeof(Header) == kHeaderLength);

/// All three functions require a file of at least `kHeaderLength` bytes.
[[nodiscard]] Header ReadHeader(std::span<const std::byte> file);
/// Overwrites the beginning of the file with the header.
void WriteHeader(const Header& header, std::span<std::byte> file);

/// The XXH3 of the whole file except the checksum itself: computed over the header without it,
/// followed by the XXH3 of the rest.
[[nodiscard]] uint64_t Checksum(std::span<const std::byte> file);

}  // namespace wfc::plan
