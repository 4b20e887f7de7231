// Values as bytes, for the constants of a plan: canonical (equal bytes exactly for `Identical`
// values) and complete (every kind, where JSON would lose some).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc {

/// Lists, maps and optionals inside each other that the form can hold.
inline constexpr uint32_t kMaxBinaryDepth = 1024;

/// Appends the bytes of `value`, which is at most `kMaxBinaryDepth` deep. A byte for the kind,
/// then: Bool a byte; Int and seconds a zigzag varint; Uint, lengths, counts and nanos a varint;
/// Double 8 bytes, little-endian; text and the digits of a BigInt their length and bytes; a Map its
/// keys and values in order; Type and the code of an Error a byte; Optional a byte and what it
/// holds.
void AppendBinary(std::vector<uint8_t>& out, const Value& value);

/// The value whose bytes are exactly `bytes`; refuses anything that `AppendBinary` does not write.
/// Uses memory in proportion to `bytes`.
[[nodiscard]] Result<Value> ReadBinary(std::span<const uint8_t> bytes);

}  // namespace wfc
