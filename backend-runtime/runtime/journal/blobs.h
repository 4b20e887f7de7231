// Blobs: values that are too large for a row, by their content.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/base/digest.h"
#include "ir/base/result.h"

namespace wfc::journal {

/// Values larger than this are kept as blobs rather than in the payload of a row.
inline constexpr size_t kMaxInlineBytes = size_t{4} << 10;

/// Used on the reactor's thread only.
class Blobs {
 public:
  virtual ~Blobs() = default;
  /// Keeps a copy of `bytes` and returns its SHA-256. It is durable at the latest with the row that
  /// is appended next. Equal values are kept once. Never blocks and never fails, as
  /// `Journal::Append`.
  virtual Sha256Digest Put(std::span<const uint8_t> bytes) = 0;
  /// The bytes that have this digest, which they have been checked against. An error names what is
  /// missing or damaged.
  [[nodiscard]] virtual Result<std::vector<uint8_t>> Get(const Sha256Digest& digest) = 0;
};

}  // namespace wfc::journal
