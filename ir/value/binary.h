// The binary form of values, used for the constants of a plan. It is canonical (two values have
// equal bytes exactly when they are `Identical`, except that all NaNs are written alike) and
// complete (it keeps every kind, where JSON loses some).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc {

/// The deepest nesting of lists, maps and optionals that the form can hold.
inline constexpr uint32_t kMaxBinaryDepth = 1024;

/// Appends the bytes of `value`. Precondition: its depth is at most `kMaxBinaryDepth`. The form is
/// one byte for the kind, followed by:
/// - Bool: one byte, 0 or 1
/// - Int: a zigzag varint; Uint: a varint
/// - Double: 8 bytes, little-endian; every NaN is written as the same one
/// - String, Bytes, BigInt (its digits): the length as a varint, then the bytes
/// - List: the count as a varint, then the items
/// - Map: the count as a varint, then each key and its value, in order of the keys
/// - Timestamp, Duration: the seconds as a zigzag varint, then the nanoseconds as a varint
/// - Type: one byte for the kind it names
/// - Optional: one byte, 0 or 1, then the value it holds if any
/// - Error: one byte for its code, then its message as a String
void AppendBinary(std::vector<uint8_t>& out, const Value& value);

/// Reads the value whose form is exactly `bytes`. Every input that `AppendBinary` cannot have
/// written is an error, which is the rest of a sentence. Memory use is proportional to the size of
/// `bytes`.
[[nodiscard]] Result<Value> ReadBinary(std::span<const uint8_t> bytes);

}  // namespace wfc
