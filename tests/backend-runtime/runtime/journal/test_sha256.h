// A stand-in for SHA-256: no two values of a test collide, and it needs no library.
#pragma once

#include <cstddef>
#include <span>

#include "ir/base/digest.h"

namespace wfc::journal {

inline Sha256Digest TestSha256(std::span<const std::byte> bytes) {
  const uint64_t hash = Xxh3(bytes);
  Sha256Digest digest = {};
  for (size_t i = 0; i < 8; ++i) digest[i] = static_cast<uint8_t>(hash >> (8 * i));
  return digest;
}

}  // namespace wfc::journal
