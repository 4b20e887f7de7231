// The first 64 bytes of a plan file: what it is, how long it is, and the digests that tell damage
// and identity.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ir/base/digest.h"

namespace wfc::plan {

/// Says "a plan of wfc"; the control characters show a transfer that changed line breaks or stopped
/// at a NUL.
inline constexpr std::array<char, 8> kMagic = {'W', 'F', 'C', 'P', '\r', '\n', '\x1a', '\0'};

/// Changes with every change of schemas/plan.fbs, of bytecode or of validator programs.
inline constexpr uint32_t kFormatVersion = 1;

/// Little-endian, as it stands in the file; followed by the content (a Plan buffer), then the
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

/// Precondition: at least `kHeaderLength` bytes.
[[nodiscard]] Header ReadHeader(std::span<const std::byte> file);
void WriteHeader(const Header& header, std::span<std::byte> file);

/// XXH3 of everything but the checksum itself: of the header without it, then the XXH3 of the rest.
[[nodiscard]] uint64_t Checksum(std::span<const std::byte> file);

}  // namespace wfc::plan
